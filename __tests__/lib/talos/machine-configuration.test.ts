import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type HostnameConfig, renderPatch } from "../../../lib/talos/machine-configuration.ts";

const named = (hostname: string): HostnameConfig => ({
  apiVersion: "v1alpha1",
  kind: "HostnameConfig",
  auto: "off",
  hostname,
});

test("keys are sorted, so the order in the code does not matter", () => {
  const { apiVersion, kind, auto, hostname } = named("daphne");
  expect(renderPatch({ hostname, auto, kind, apiVersion })).toBe(renderPatch(named("daphne")));
  expect(renderPatch(named("daphne"))).toBe(
    'apiVersion: v1alpha1\nauto: "off"\nhostname: daphne\nkind: HostnameConfig\n',
  );
});

test.each(["1.1", "1.2"] as const)("a name stays a text for a reader of YAML %s", (version) => {
  const name = fc.oneof(
    fc.stringMatching(/^[a-z0-9]{1,6}$/),
    fc.constantFrom("n", "off", "null", "1e3", "0x10"),
  );
  fc.assert(
    fc.property(name, (hostname) => {
      expect(parse(renderPatch(named(hostname)), { version }).hostname).toBe(hostname);
    }),
  );
});

test("equal parts are written out, not referred to", () => {
  const shared = { cpu: "1", memory: "1Gi" };
  const text = renderPatch({ ...named("a"), a: shared, b: shared } as HostnameConfig);
  expect(text).not.toMatch(/[&*]/);
});
