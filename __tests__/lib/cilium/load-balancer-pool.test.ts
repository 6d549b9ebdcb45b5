import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { LoadBalancerPool, type LoadBalancerPoolProps } from "../../../lib/cilium/load-balancer-pool.ts";
import { Ipv4Range } from "../../../lib/core/values/ipv4-range.ts";
import { synthPlatform } from "../../platform.ts";
import { onlyResource } from "../../synth.ts";

const PROPS: LoadBalancerPoolProps = {
  environment: "dev",
  static: Ipv4Range.parse("192.168.208.70-192.168.208.79"),
  automatic: Ipv4Range.parse("192.168.208.80-192.168.208.89"),
};

const build = (props: Partial<LoadBalancerPoolProps> = {}) => {
  const [pool, stack] = synthPlatform((s) => new LoadBalancerPool(s, "pool", { ...PROPS, ...props }));
  return { pool, manifest: onlyResource(stack, "kubectl_manifest") };
};

test("is one v2 pool, whose automatic block comes before the static one", () => {
  expect(parse(build().manifest.yaml_body as string)).toEqual({
    apiVersion: "cilium.io/v2",
    kind: "CiliumLoadBalancerIPPool",
    metadata: { name: "homelab-dev-pool" },
    spec: {
      blocks: [
        { start: "192.168.208.80", stop: "192.168.208.89" },
        { start: "192.168.208.70", stop: "192.168.208.79" },
      ],
    },
  });
});

test("tells its name", () => {
  expect(build({ environment: "prod" }).pool.outputs).toEqual({ name: "homelab-prod-pool" });
});

test("accepts a block of one address", () => {
  const one = { start: "192.168.208.70", stop: "192.168.208.70" };
  expect(
    parse(build({ static: Ipv4Range.parse(`${one.start}-${one.stop}`) }).manifest.yaml_body as string).spec
      .blocks[1],
  ).toEqual(one);
});

describe("refuses", () => {
  test.each([
    ["192.168.208.79", "192.168.208.85"],
    ["192.168.208.60", "192.168.208.70"],
    ["192.168.208.74", "192.168.208.75"],
    ["192.168.208.1", "192.168.208.200"],
  ])("an automatic range %s-%s that overlaps the static one", (start, stop) => {
    expect(() => build({ automatic: Ipv4Range.parse(`${start}-${stop}`) })).toThrow(
      `LoadBalancerPool: static and automatic: must not overlap: got 192.168.208.70-192.168.208.79 and ${start}-${stop}`,
    );
  });

  test.each(["", "Dev", "a.b", "-dev"])("the environment %j", (environment) => {
    expect(() => build({ environment })).toThrow(
      `LoadBalancerPool: environment: must be a DNS label: got ${JSON.stringify(environment)}`,
    );
  });
});
