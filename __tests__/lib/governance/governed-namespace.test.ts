import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  GovernedNamespace,
  type GovernedNamespaceProps,
} from "../../../lib/governance/governed-namespace.ts";
import { onlyResource, resources, type SynthesizedStack } from "../../synth.ts";
import { synthInCluster } from "./cluster.ts";

const build = (...all: GovernedNamespaceProps[]) =>
  synthInCluster((stack) => {
    for (const props of all) new GovernedNamespace(stack, props.name, props);
  });

const media = { name: "media", size: "s", podSecurity: "baseline" } as const;

test("makes a namespace with its Pod Security Standard, that no plan destroys", () => {
  expect(onlyResource(build(media), "kubernetes_namespace_v1")).toEqual({
    metadata: {
      name: "media",
      labels: {
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/audit": "baseline",
        "pod-security.kubernetes.io/warn": "baseline",
      },
    },
    lifecycle: { prevent_destroy: true },
  });
});

test("quota and limit range live in it, and the quota lands after the limit range", () => {
  const stack = build(media);
  const reference = expect.stringMatching(/^\$\{kubernetes_namespace_v1\..*name\}$/);
  expect(onlyResource(stack, "kubernetes_limit_range_v1")).toMatchObject({
    metadata: { namespace: reference },
  });
  for (const quota of resources(stack, "kubernetes_resource_quota_v1")) {
    expect(quota).toMatchObject({
      metadata: { namespace: reference },
      depends_on: [expect.stringMatching(/^kubernetes_limit_range_v1\./)],
    });
  }
});

describe("refuses", () => {
  test.each([
    ["Media", "must be a DNS label"],
    ["media_files", "must be a DNS label"],
    ["", "must be a DNS label"],
    [`m${"e".repeat(63)}`, "must be a DNS label"],
    ["default", "must not be one of Kubernetes' own"],
    ["kube-system", "must not be one of Kubernetes' own"],
  ])("the name %j", (name, rule) => {
    expect(() => synthInCluster((s) => new GovernedNamespace(s, "x", { ...media, name }))).toThrow(
      `namespace: ${rule}`,
    );
  });
});

const blocks = (stack: SynthesizedStack) =>
  new Map(
    Object.entries(stack.resource ?? {}).flatMap(([type, found]) =>
      Object.entries(found).map(([id, block]) => [`${type}.${id}`, JSON.stringify(block)] as const),
    ),
  );

test("adding or removing a namespace touches no other", () => {
  const names = fc.uniqueArray(fc.constantFrom("auth", "databases", "media", "security", "tools"), {
    minLength: 2,
  });
  fc.assert(
    fc.property(names, ([gone = "", ...kept]) => {
      const all = blocks(build(...[gone, ...kept].map((name) => ({ ...media, name }))));
      const fewer = blocks(build(...kept.map((name) => ({ ...media, name }))));
      for (const [address, block] of fewer) expect(all.get(address)).toBe(block);
      expect(all.size - fewer.size).toBe(4);
    }),
    { numRuns: 10 },
  );
});
