/** The bindings against the schema that the provider itself prints. */
import { TerraformOutput, type TerraformStack } from "cdktf";
import { expect, test } from "vitest";
import { judgeStack } from "../../../../../labs/contract/schema-check.ts";
import { ClusterKubeconfig } from "../../../../../lib/core/providers/talos/cluster-kubeconfig.ts";
import { DataTalosClientConfiguration } from "../../../../../lib/core/providers/talos/data-talos-client-configuration.ts";
import { DataTalosMachineConfiguration } from "../../../../../lib/core/providers/talos/data-talos-machine-configuration.ts";
import { ImageFactorySchematic } from "../../../../../lib/core/providers/talos/image-factory-schematic.ts";
import { MachineBootstrap } from "../../../../../lib/core/providers/talos/machine-bootstrap.ts";
import { MachineConfigurationApply } from "../../../../../lib/core/providers/talos/machine-configuration-apply.ts";
import { MachineSecrets } from "../../../../../lib/core/providers/talos/machine-secrets.ts";
import { TalosProvider } from "../../../../../lib/core/providers/talos/provider.ts";
import type { TerraformJson } from "../../../../../lib/core/synthesis/terraform-json.ts";
import { schemas } from "../../../../schemas.ts";
import { synth } from "../../../../synth.ts";

/** Every binding with every argument that it has. */
const everything = (stack: TerraformStack): void => {
  new TalosProvider(stack, "talos");
  const secrets = new MachineSecrets(stack, "secrets", { talosVersion: "v1.12" });
  const { clientConfiguration, machineSecrets } = secrets;
  const reached = { clientConfiguration, node: "192.0.2.1", endpoint: "192.0.2.2" };
  const configuration = new DataTalosMachineConfiguration(stack, "configuration", {
    clusterName: "test",
    clusterEndpoint: "https://192.0.2.9:6443",
    machineType: "worker",
    machineSecrets,
    talosVersion: "v1.12.4",
    kubernetesVersion: "v1.34.0",
    configPatches: ["machine: {}"],
    docs: true,
    examples: true,
  });
  new MachineConfigurationApply(stack, "apply", {
    ...reached,
    machineConfigurationInput: configuration.machineConfiguration,
    applyMode: "staged",
  });
  new MachineBootstrap(stack, "bootstrap", { ...reached, timeouts: { create: "20m" } });
  const kubeconfig = new ClusterKubeconfig(stack, "kubeconfig", {
    ...reached,
  });
  new ImageFactorySchematic(stack, "schematic", { schematic: "customization: {}\n" });
  const client = new DataTalosClientConfiguration(stack, "client", {
    clusterName: "test",
    clientConfiguration,
    endpoints: ["192.0.2.1"],
    nodes: ["192.0.2.1"],
  });
  const { host, caCertificate, clientCertificate, clientKey } = kubeconfig.kubernetesClientConfiguration;
  new TerraformOutput(stack, "computed", {
    staticId: true,
    value: [
      kubeconfig.kubeconfigRaw,
      host,
      caCertificate,
      clientCertificate,
      clientKey,
      client.talosConfig,
      configuration.machineConfiguration,
      machineSecrets,
      clientConfiguration,
    ],
  });
};

const stack = synth(everything) as TerraformJson;

test("every argument and every computed value of the bindings is one of the provider's", () => {
  expect(judgeStack(stack, schemas).problems).toEqual([]);
  expect(judgeStack(stack, schemas).judged).toBe(8);
  expect(stack.output?.computed?.value).toHaveLength(9);
});

test("all resources and data sources that are bound are in it", () => {
  expect(Object.keys(stack.resource ?? {}).sort()).toEqual([
    "talos_cluster_kubeconfig",
    "talos_image_factory_schematic",
    "talos_machine_bootstrap",
    "talos_machine_configuration_apply",
    "talos_machine_secrets",
  ]);
  expect(Object.keys(stack.data ?? {}).sort()).toEqual([
    "talos_client_configuration",
    "talos_machine_configuration",
  ]);
});

test("a computed value that the provider does not have is found", () => {
  const text = JSON.stringify(stack).replaceAll("kubeconfig_raw}", "kubeconfig_row}");
  expect(judgeStack(JSON.parse(text), schemas).problems).toEqual([
    expect.stringMatching(/^output\.computed\.value\[0\]: reads .*: no attribute kubeconfig_row$/),
  ]);
});

test("what is not given is not written", () => {
  const bare = synth((scope) => {
    new TalosProvider(scope, "talos");
    new MachineSecrets(scope, "secrets");
    new ImageFactorySchematic(scope, "schematic");
  });
  expect(bare.provider?.talos).toEqual([{}]);
  expect(Object.values(bare.resource?.talos_machine_secrets ?? {})).toEqual([{}]);
  expect(Object.values(bare.resource?.talos_image_factory_schematic ?? {})).toEqual([{}]);
});
