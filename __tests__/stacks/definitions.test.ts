/** No custom resource is sent before whoever brings its definition: read from the JSON that Terraform gets. */
import { describe, expect, test } from "vitest";
import { definersOf, isCustomKind, kindOf } from "../../environments/recorded/definers.ts";
import { homelab, stackOf } from "./homelab.ts";

interface Sent {
  readonly address: string;
  readonly after: readonly string[];
  readonly kind: string;
  readonly name: string;
}

const resourcesOf = (stack: string): Map<string, Record<string, unknown>> =>
  new Map(
    Object.entries(stackOf(homelab(), stack).resource ?? {}).flatMap(([type, byName]) =>
      Object.entries(byName as Record<string, Record<string, unknown>>).map(
        ([name, body]) => [`${type}.${name}`, body] as const,
      ),
    ),
  );

/** Everything that a resource waits for, at whatever distance. */
const before = (address: string, all: Map<string, Record<string, unknown>>, seen = new Set<string>()) => {
  for (const each of (all.get(address)?.depends_on as string[] | undefined) ?? []) {
    if (seen.has(each)) continue;
    seen.add(each);
    before(each, all, seen);
  }
  return seen;
};

const sent = (stack: string): Sent[] => {
  const all = resourcesOf(stack);
  return [...all].flatMap(([address, body]) => {
    if (typeof body.yaml_body !== "string") return [];
    const object = JSON.parse(body.yaml_body);
    return [{ address, kind: kindOf(object), name: object.metadata.name, after: [...before(address, all)] }];
  });
};

/** Addresses by the release that they install: an Application of the apps, or a release of Helm. */
const installed = (stack: string): Map<string, string> =>
  new Map([
    ...sent(stack)
      .filter(({ kind }) => kind === "argoproj.io/Application")
      .map(({ name, address }) => [name, address] as const),
    ...[...resourcesOf(stack)]
      .filter(([address]) => address.startsWith("helm_release."))
      .map(([address, { name }]) => [String(name), address] as const),
  ]);

describe.each(["dev", "prod"])("%s", (environment) => {
  const below = ["talos", ...installed(`${environment}-platform`).keys()];

  test.each(["platform", "apps"])("%s: custom resources come after their definitions", (layer) => {
    const stack = `${environment}-${layer}`;
    const here = installed(stack);
    const custom = sent(stack).filter(({ kind }) => isCustomKind(kind));
    expect(custom.length).toBeGreaterThan(0);
    const early = custom.filter(({ kind, after }) => {
      const definers = definersOf(environment, kind);
      const isBelow = definers.some((each) => below.includes(each) && !here.has(each));
      return !isBelow && !definers.some((each) => after.includes(here.get(each) ?? "nowhere"));
    });
    expect(early.map(({ address, kind }) => `${address}: ${kind}`)).toEqual([]);
  });

  test("nothing says an order that nobody reads", () => {
    expect(JSON.stringify(stackOf(homelab(), `${environment}-apps`))).not.toContain("sync-wave");
  });
});
