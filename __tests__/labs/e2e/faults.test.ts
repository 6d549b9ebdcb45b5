import { expect, test } from "vitest";
import { faults } from "../../../labs/e2e/faults.ts";
import { talosServiceAccountDefinition } from "../../../labs/e2e/talos-service-account-definition.ts";

test("a field goes from a definition, wherever it stands", () => {
  const [version] = talosServiceAccountDefinition.spec.versions;
  if (version === undefined) throw new Error("the definition has no version");
  const definition = {
    ...talosServiceAccountDefinition,
    spec: {
      ...talosServiceAccountDefinition.spec,
      versions: [{ ...version, schema: { properties: { toPorts: {}, egress: [{ toPorts: {}, kept: 1 }] } } }],
    },
  };
  const [broken] = faults["definition-field"]?.definitions?.([definition]) ?? [];
  expect(broken?.spec.versions[0]?.schema).toEqual({ properties: { egress: [{ kept: 1 }] } });
});

test("outputs of the stacks above are called otherwise", () => {
  const stack = { name: "dev-cluster", json: { output: { ca: { value: "x" } } } };
  expect(faults["cross-stack-reference"]?.upstream?.([stack])).toEqual([
    { name: "dev-cluster", json: { output: { ca_renamed: { value: "x" } } } },
  ]);
});

test.each(Object.entries(faults))("%s breaks something", (_, fault) => {
  const { switches = [], definitions, upstream } = fault;
  expect([...switches, definitions, upstream].filter((change) => change !== undefined)).not.toEqual([]);
});
