/** The bindings against the schema that the provider itself prints. */
import { expect, test } from "vitest";
import { judgeStack } from "../../../../../labs/contract/schema-check.ts";
import { KubectlManifest } from "../../../../../lib/core/providers/kubectl/manifest.ts";
import { KubectlProvider } from "../../../../../lib/core/providers/kubectl/provider.ts";
import type { TerraformJson } from "../../../../../lib/core/synthesis/terraform-json.ts";
import { schemas } from "../../../../schemas.ts";
import { synth } from "../../../../synth.ts";

const provider = {
  host: "https://192.0.2.1:6443",
  clusterCaCertificate: "ca",
  clientCertificate: "certificate",
  clientKey: "${var.key}",
};

test("every argument of the bindings is one of the provider's", () => {
  const stack = synth((scope) => {
    new KubectlProvider(scope, "kubectl", {
      ...provider,
      applyRetryCount: 3,
      loadConfigFile: false,
      lazyLoad: true,
    });
    new KubectlManifest(scope, "manifest", {
      yamlBody: "kind: ConfigMap",
      serverSideApply: true,
      forceConflicts: true,
      fieldManager: "terraform",
    });
  });
  const [manifest] = Object.values(stack.resource?.kubectl_manifest ?? {});
  expect(Object.keys(manifest ?? {})).toEqual([
    "field_manager",
    "force_conflicts",
    "server_side_apply",
    "yaml_body",
  ]);
  expect(Object.keys(stack.provider?.kubectl?.[0] ?? {})).toHaveLength(7);
  const judged = { ...stack, variable: { key: { type: "string" } } } as TerraformJson;
  expect(judgeStack(judged, schemas)).toMatchObject({ problems: [], judged: 2 });
});

test("what is not given is not written", () => {
  const stack = synth((scope) => {
    new KubectlProvider(scope, "kubectl", provider);
    new KubectlManifest(scope, "manifest", { yamlBody: "kind: ConfigMap" });
  });
  const [manifest] = Object.values(stack.resource?.kubectl_manifest ?? {});
  expect(manifest).toEqual({ yaml_body: "kind: ConfigMap" });
  expect(Object.keys(stack.provider?.kubectl?.[0] ?? {})).toHaveLength(4);
});
