import { expect, test } from "vitest";
import type { AppProps } from "../../../lib/app/declaration.ts";
import { group } from "../../../lib/app/group.ts";
import { egressTo, uses } from "../../../lib/app/links.ts";
import { nfs, scratch } from "../../../lib/app/mounts.ts";
import { imageApp, problems } from "./lab.ts";

type Image = Extract<AppProps, { image: string }>;
const image: Image = { image: "example/a:v1.0.0", port: 80, host: { prod: "a.example.org" }, size: "xs" };
const share = nfs("192.0.2.69", "/volume3/Content");
const media = group({
  namespace: "media",
  priority: "low",
  env: { TZ: "Europe/Paris", A: "group" },
  mounts: { "/content": share },
  network: [uses("web")],
  override: { prod: { hibernate: true } },
});

test("an app of a group has what is common, with its own laid over", () => {
  const { name, props } = media("sonarr", {
    ...image,
    priority: "high",
    env: { A: "own" },
    mounts: { "/run": scratch("1Gi") },
    network: [egressTo("api.example.org")],
    override: { prod: { size: "s" } },
  });
  expect(name).toBe("sonarr");
  expect(props).toMatchObject({
    namespace: "media",
    priority: "high",
    env: { TZ: "Europe/Paris", A: "own" },
    mounts: { "/content": share, "/run": { kind: "scratch" } },
    override: { prod: { hibernate: true, size: "s" } },
  });
  expect(props.network?.map(({ kind }) => kind)).toEqual(["uses", "egress"]);
});

test("it is judged as any app", () => {
  expect(problems([media("a", image), imageApp()])).toEqual([]);
});

test("a namespace that two apps would own names where it belongs", () => {
  const own = group({ namespace: "films" });
  expect(problems([own("a", image), own("b", { ...image, host: { prod: "b.example.org" } })])).toEqual([
    'apps.a.namespace: must be of one app; b has it too, and apps that share one have it in namespaces of the environment: got "films"',
  ]);
});
