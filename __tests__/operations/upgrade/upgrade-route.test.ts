import { expect, test } from "vitest";
import { upgradeRoute } from "../../../operations/upgrade/upgrade-route.ts";
import { parsed } from "../../stacks/homelab.ts";

const DAY = "2026-11-28";
const dev = parsed("dev");
const at = (versions: Partial<typeof dev.versions>) => ({
  ...dev,
  versions: { ...dev.versions, ...versions },
});
const text = (subject: typeof dev, to: string): string => {
  const route = upgradeRoute(subject, to, DAY);
  return "lines" in route ? route.lines.join("\n") : route.refused;
};

test("from 1.12 to 1.14 stops at 1.13, and says what each stop asks for", () => {
  const said = text(dev, "v1.14.1");
  expect(said.match(/^\d\. .*$/gm)).toEqual([
    "1. Talos v1.13.9, or a later patch of 1.13",
    "2. Talos v1.14.1, or a later patch of 1.14",
  ]);
  expect(said).toContain("Kubernetes 1.31 to 1.36: v1.34.0 may stay");
  expect(said).toContain("Kubernetes 1.32 to 1.37: v1.34.0 may stay");
  expect(said).toContain("Cilium 1.19 waits for this stop: https://github.com/cilium/cilium/issues/46010");
  expect(said).toContain("become the documents LinkConfig, VLANConfig");
  expect(said).toContain("accept the risk support-talos-1.13");
});

test("a Kubernetes that the stop does not support goes first, and so does a Cilium with a fault", () => {
  expect(text(at({ kubernetes: "v1.31.4" }), "v1.14.1")).toContain(
    "upgrade Kubernetes into it before this stop, v1.31.4 runs",
  );
  expect(text(at({ talos: "v1.11.6", cilium: "1.19.6" }), "v1.12.4")).toContain(
    "Cilium 1.19 must not run on it: https://github.com/cilium/cilium/issues/46010; 1.19.6 runs, so Cilium goes first",
  );
});

test.each([
  ["v1.11.6", "Talos must not go down: got v1.12.4, asked for v1.11.6"],
  ["v2.0.0", "Talos must stay in its major version: got v1.12.4, asked for v2.0.0"],
  ["v1.15.0", "Talos 1.15 must be known, in environments/versions.ts"],
  ["1.14", 'must be an exact version: got "1.14"'],
  ["v1.12.9", "dev: from Talos v1.12.4 to v1.12.9: no minor lies between"],
])("%s", (to, said) => {
  expect(text(dev, to)).toBe(said);
});
