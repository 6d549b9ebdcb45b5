import { expect, test } from "vitest";
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import { parseEnvironment, unknowns } from "../../environments/schema.ts";
import { type Changes, changed, lab, TODAY } from "./lab.ts";

const NOTE = { why: "Nobody has looked yet.", verify: "Look at the machine." };

const found = (paths: string[], changes: Changes = {}) => {
  const assumptions = paths.map((path) => ({ path, ...NOTE }));
  return unknowns(parseEnvironment(changed(lab(), { ...changes, assumptions }), { today: TODAY }));
};

test("an environment that assumes nothing has no unknowns", () => {
  expect(found([])).toEqual([]);
});

test("a field, with the value taken for it", () => {
  expect(found(["nodes.ada.cpu"])).toEqual([{ path: "nodes.ada.cpu", value: "4", ...NOTE }]);
});

test("a field without a value", () => {
  expect(found(["nodes.ada.mac"], { "nodes.0.mac": null })).toEqual([
    { path: "nodes.ada.mac", value: "unknown", ...NOTE },
  ]);
});

test("a wildcard names the elements, and parts them by value", () => {
  expect(found(["nodes.*.memory"], { "nodes.1.memory": "16Gi" })).toEqual([
    { path: "nodes.{ada,cleo,dora}.memory", value: "8Gi", ...NOTE },
    { path: "nodes.bea.memory", value: "16Gi", ...NOTE },
  ]);
});

test("two wildcards list each place", () => {
  expect(found(["nodes.*.vlans.*.gateway"])[0]?.path).toBe(
    "nodes.ada.vlans.20.gateway, nodes.bea.vlans.20.gateway, nodes.cleo.vlans.20.gateway, nodes.dora.vlans.20.gateway",
  );
});

test("a list is shown whole", () => {
  expect(found(["nodes.ada.nameservers"])[0]?.value).toBe('["10.1.20.2","10.1.20.1"]');
});

test.each([
  ["dev", dev, ["nodes.{daphne,diva,dulce,daisy}.cpu", "nodes.daisy.installDisk", "backup.ageRecipients"]],
  ["prod", prod, ["nodes.peach.memory", "nodes.peach.mac", "nodes.peach.interface"]],
])("%s lists what nobody knows", (_, input, expected) => {
  const paths = unknowns(parseEnvironment(input, { today: TODAY })).map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(expected));
});
