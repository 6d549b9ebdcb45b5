import { describe, expect, test } from "vitest";
import { stackChecks } from "../../../../lib/core/synthesis/checks.ts";
import type { TerraformJson } from "../../../../lib/core/synthesis/terraform-json.ts";

const violations = (name: string, stack: TerraformJson): string[] => {
  const found = stackChecks.find((check) => check.name === name);
  if (!found) throw new Error(`no check ${name}`);
  return found.check(stack);
};

const resource = (type: string, id: string, block: Record<string, unknown>): TerraformJson => ({
  resource: { [type]: { [id]: block } },
});

describe("no kubernetes_manifest", () => {
  test.each([
    ["kubernetes_manifest", 1],
    ["kubectl_manifest", 0],
  ])("%s: %i", (type, count) => {
    expect(violations("no kubernetes_manifest", resource(type, "x", {}))).toHaveLength(count);
  });
});

describe("no provider fed by its own stack", () => {
  const check = (host: string) =>
    violations("no provider fed by its own stack", {
      resource: { talos_cluster_kubeconfig: { this: {} } },
      provider: { kubernetes: [{ host }] },
    });
  test("refuses a resource of the same stack", () => {
    expect(check("${talos_cluster_kubeconfig.this.host}")).toEqual([
      "provider.kubernetes[0].host: must not read a resource of its own stack: got talos_cluster_kubeconfig.this",
    ]);
    expect(check("${base64decode(talos_cluster_kubeconfig.this.host)}")).toHaveLength(1);
  });
  test("accepts another stack's output, and names that only begin alike", () => {
    expect(check("${data.terraform_remote_state.cluster.outputs.host}")).toEqual([]);
    expect(check("${talos_cluster_kubeconfig.this_other.host}")).toEqual([]);
    expect(check("${data.talos_cluster_kubeconfig.this.host}")).toEqual([]);
  });
});

describe("no provisioner", () => {
  test.each([
    ["a provisioner", resource("aws_s3_bucket", "b", { provisioner: [{ "local-exec": {} }] }), 1],
    ["a null_resource", resource("null_resource", "b", {}), 1],
    ["a terraform_data", resource("terraform_data", "b", {}), 1],
    ["a plain resource", resource("aws_s3_bucket", "b", {}), 0],
  ])("%s", (_, stack, count) => {
    expect(violations("no provisioner", stack)).toHaveLength(count);
  });
});

describe("prevent_destroy on what cannot be rebuilt", () => {
  const name = "prevent_destroy on what cannot be rebuilt";
  test.each(["talos_machine_secrets", "talos_machine_bootstrap", "aws_s3_bucket", "kubernetes_namespace_v1"])(
    "%s",
    (type) => {
      expect(violations(name, resource(type, "x", { lifecycle: { prevent_destroy: true } }))).toEqual([]);
      expect(violations(name, resource(type, "x", { lifecycle: { prevent_destroy: false } }))).toHaveLength(
        1,
      );
      expect(violations(name, resource(type, "x", {}))).toHaveLength(1);
    },
  );
  test("anything else may go", () => {
    expect(violations(name, resource("kubectl_manifest", "x", {}))).toEqual([]);
  });
});

test("no reset on destroy", () => {
  const type = "talos_machine_configuration_apply";
  expect(
    violations("no reset on destroy", resource(type, "x", { on_destroy: { reset: true } })),
  ).toHaveLength(1);
  expect(violations("no reset on destroy", resource(type, "x", { on_destroy: { reset: false } }))).toEqual(
    [],
  );
});

test.each([
  ["2.38.0", 0],
  ["~> 2.38", 1],
  [">= 2.0.0", 1],
  [undefined, 1],
])("providers pinned to exact versions: %s", (version, count) => {
  const stack = { terraform: { required_providers: { kubernetes: { source: "kubernetes", version } } } };
  expect(violations("providers pinned to exact versions", stack)).toHaveLength(count);
});

describe("values of other stacks stay sensitive", () => {
  const name = "values of other stacks stay sensitive";
  const read = "data.terraform_remote_state.cluster.outputs.key";
  test.each([
    ["bare in a resource", resource("thing", "x", { value: `\${${read}}` }), 1],
    ["bare inside a function", resource("thing", "x", { value: `\${base64decode(${read})}` }), 1],
    ["wrapped", resource("thing", "x", { value: `\${base64decode(sensitive(${read}))}` }), 0],
    [
      "wrapped around a function",
      resource("thing", "x", { value: `\${sensitive(base64decode(${read}))}` }),
      0,
    ],
    ["beside a call", resource("thing", "x", { value: `\${join("", [sensitive(f(1)), ${read}])}` }), 1],
    ["in a call that only ends alike", resource("thing", "x", { value: `\${nonsensitive(${read})}` }), 1],
    ["one wrapped, one bare", resource("thing", "x", { value: `\${sensitive(${read})}\${${read}}` }), 1],
    ["in a data source", { data: { http: { x: { key: `\${${read}}` } } } }, 1],
    ["in a provider, which is never printed", { provider: { helm: [{ key: `\${${read}}` }] } }, 0],
    ["in an open output", { output: { x: { value: `\${${read}}` } } }, 1],
    ["in a sensitive output", { output: { x: { value: `\${${read}}`, sensitive: true } } }, 0],
  ])("%s", (_, stack: TerraformJson, count) => {
    expect(violations(name, stack)).toHaveLength(count);
  });
});
