/** The bindings against the provider's own schema: `terraform providers schema -json`, siderolabs/talos 0.11.0, reduced. */
import { readFileSync } from "node:fs";
import { TerraformOutput, type TerraformStack } from "cdktf";
import { describe, expect, test } from "vitest";
import { ClusterKubeconfig } from "../../../../lib/providers/talos/cluster-kubeconfig.ts";
import { DataTalosClientConfiguration } from "../../../../lib/providers/talos/data-talos-client-configuration.ts";
import { DataTalosMachineConfiguration } from "../../../../lib/providers/talos/data-talos-machine-configuration.ts";
import { ImageFactorySchematic } from "../../../../lib/providers/talos/image-factory-schematic.ts";
import { MachineBootstrap } from "../../../../lib/providers/talos/machine-bootstrap.ts";
import { MachineConfigurationApply } from "../../../../lib/providers/talos/machine-configuration-apply.ts";
import { MachineSecrets } from "../../../../lib/providers/talos/machine-secrets.ts";
import { TalosProvider } from "../../../../lib/providers/talos/provider.ts";
import { synth } from "../../../synth.ts";

interface Attribute {
  readonly use: "required" | "optional" | "computed";
  /** Names inside a nested object. */
  readonly attributes?: readonly string[];
}
type Blocks = Record<string, Record<string, Attribute>>;

const schema: Record<"provider" | "resource" | "data", Blocks> = JSON.parse(
  readFileSync(new URL("./schema-0.11.0.json", import.meta.url), "utf8"),
);

/** Every binding with every argument that it has. */
const everything = (stack: TerraformStack): void => {
  new TalosProvider(stack, "talos", { imageFactoryUrl: "https://factory.example.com" });
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
    certificateRenewalDuration: "1h",
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

const stack = synth(everything);

describe.each(["resource", "data"] as const)("%s", (kind) => {
  test.each(Object.keys(schema[kind]))("%s writes what the schema has, and all that it requires", (type) => {
    const attributes = schema[kind][type] ?? {};
    const [block = {}] = Object.values(stack[kind]?.[type] ?? {});
    const settable = Object.keys(attributes).filter((name) => attributes[name]?.use !== "computed");
    const required = Object.keys(attributes).filter((name) => attributes[name]?.use === "required");
    expect(settable).toEqual(expect.arrayContaining(Object.keys(block)));
    expect(Object.keys(block)).toEqual(expect.arrayContaining(required));
    for (const [name, value] of Object.entries(block)) {
      if (typeof value !== "object" || Array.isArray(value)) continue;
      expect(attributes[name]?.attributes).toEqual(expect.arrayContaining(Object.keys(value ?? {})));
    }
  });
});

test("the provider writes what its schema has", () => {
  expect(stack.provider?.talos).toEqual([{ image_factory_url: "https://factory.example.com" }]);
  expect(Object.keys(schema.provider.talos ?? {})).toEqual(["image_factory_url"]);
});

test("computed values are attributes of the schema, and objects have no index", () => {
  const values = stack.output?.computed?.value as unknown as string[];
  expect(values).toHaveLength(9);
  for (const reference of values) {
    const match = /^\$\{(?:(data)\.)?(\w+)\.\w+\.(\w+)(?:\.(\w+))?\}$/.exec(reference);
    if (!match) throw new Error(`no plain reference: ${reference}`);
    const [, data, type = "", name = "", nested] = match;
    const attribute = schema[data ? "data" : "resource"][type]?.[name];
    expect(attribute?.use, reference).toBe("computed");
    if (nested) expect(attribute?.attributes, reference).toContain(nested);
  }
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
