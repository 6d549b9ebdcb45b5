import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { TalosProvider } from "../../../lib/core/providers/talos/provider.ts";
import { TalosCluster } from "../../../lib/talos/talos-cluster.ts";
import { onlyResource, synth } from "../../synth.ts";
import { build, cluster, node, synthCluster } from "./clusters.ts";

const stack = synthCluster(cluster());
const ref = (expression: string): string => `\${${expression}}`;
const CLIENT = ref("talos_machine_secrets.cluster.client_configuration");

describe("machine secrets", () => {
  test("are protected from destruction and deaf to versions", () => {
    expect(onlyResource(stack, "talos_machine_secrets")).toEqual({
      lifecycle: { prevent_destroy: true, ignore_changes: ["talos_version"] },
    });
  });

  test("do not change with any version", () => {
    const upgraded = synthCluster(cluster({ talosVersion: "v1.13.2", kubernetesVersion: "v1.35.1" }));
    expect(upgraded.resource?.talos_machine_secrets).toEqual(stack.resource?.talos_machine_secrets);
  });
});

describe("machine configuration", () => {
  test("each machine has its own, of its type, with both versions, the endpoint and the secrets", () => {
    const configurations = stack.data?.talos_machine_configuration ?? {};
    expect(Object.keys(configurations)).toEqual(["node_daisy", "node_daphne", "node_diva", "node_dulce"]);
    expect(configurations.node_daphne).toMatchObject({
      cluster_name: "vixens-dev",
      cluster_endpoint: "https://192.168.111.160:6443",
      machine_type: "controlplane",
      machine_secrets: ref("talos_machine_secrets.cluster.machine_secrets"),
      talos_version: "v1.12.4",
      kubernetes_version: "v1.34.0",
      docs: false,
      examples: false,
    });
    expect(configurations.node_daisy).toMatchObject({ machine_type: "worker" });
  });

  test("both versions reach every machine, the Talos version its image too", () => {
    const upgraded = synthCluster(cluster({ talosVersion: "v1.13.2", kubernetesVersion: "v1.35.1" }));
    for (const configuration of Object.values(upgraded.data?.talos_machine_configuration ?? {})) {
      expect(configuration).toMatchObject({ talos_version: "v1.13.2", kubernetes_version: "v1.35.1" });
      expect(JSON.stringify(configuration.config_patches)).toMatch(/metal-installer\/[0-9a-f]{64}:v1\.13\.2/);
    }
  });
});

describe("apply", () => {
  test("each machine takes its own configuration, once its image exists, without a restart", () => {
    expect(stack.resource?.talos_machine_configuration_apply?.node_daphne).toEqual({
      apply_mode: "no_reboot",
      client_configuration: CLIENT,
      depends_on: ["talos_image_factory_schematic.schematic_virtual"],
      endpoint: "192.168.111.162",
      machine_configuration_input: ref("data.talos_machine_configuration.node_daphne.machine_configuration"),
      node: "192.168.111.162",
    });
  });

  test("nothing can reset a machine", () => {
    expect(JSON.stringify(stack)).not.toContain("on_destroy");
  });
});

describe("bootstrap", () => {
  test("happens once, on the named control plane, after its configuration alone", () => {
    expect(onlyResource(stack, "talos_machine_bootstrap")).toEqual({
      client_configuration: CLIENT,
      depends_on: ["talos_machine_configuration_apply.node_daphne"],
      endpoint: "192.168.111.162",
      lifecycle: { prevent_destroy: true },
      node: "192.168.111.162",
      timeouts: { create: "20m" },
    });
  });

  test("reaches the machine on the cluster VLAN, even one that was configured in maintenance mode", () => {
    const fresh = synthCluster(cluster({ maintenanceNodes: ["daphne"] }));
    expect(fresh.resource?.talos_machine_bootstrap).toEqual(stack.resource?.talos_machine_bootstrap);
    expect(fresh.resource?.talos_cluster_kubeconfig).toEqual(stack.resource?.talos_cluster_kubeconfig);
  });

  test("the kubeconfig comes after it", () => {
    expect(onlyResource(stack, "talos_cluster_kubeconfig")).toEqual({
      client_configuration: CLIENT,
      depends_on: ["talos_machine_bootstrap.cluster"],
      endpoint: "192.168.111.162",
      node: "192.168.111.162",
    });
  });
});

test("a schematic is registered under its name, and must get the id that the machines install", () => {
  const id = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";
  const schematics = { ...cluster().schematics, vanilla: { extensions: [] } };
  const two = synthCluster(cluster({ schematics })).resource?.talos_image_factory_schematic;
  expect(Object.keys(two ?? {})).toEqual(["schematic_vanilla", "schematic_virtual"]);
  expect(two?.schematic_vanilla).toMatchObject({
    schematic: "customization: {}\n",
    lifecycle: { postcondition: [{ condition: ref(`self.id == "${id}"`) }] },
  });
});

describe("outputs", () => {
  test("kubeconfig and talosconfig are sensitive", () => {
    expect(stack.output).toMatchObject({
      kubeconfig: { sensitive: true, value: ref("talos_cluster_kubeconfig.cluster.kubeconfig_raw") },
      talosconfig: { sensitive: true, value: ref("data.talos_client_configuration.cluster.talos_config") },
    });
  });

  test("talosctl talks through every control plane, and to none by default", () => {
    expect(stack.data?.talos_client_configuration?.cluster).toEqual({
      client_configuration: CLIENT,
      cluster_name: "vixens-dev",
      endpoints: ["192.168.111.162", "192.168.111.163", "192.168.111.164"],
    });
  });

  test("the machines are listed, without what is not known of them", () => {
    const unknown = node("daphne", 162, { mac: null, maintenanceAddress: null });
    const { output } = synthCluster(cluster({ nodes: [unknown, node("daisy", 165, { role: "worker" })] }));
    expect(output?.nodes).not.toHaveProperty("sensitive");
    expect(output?.nodes?.value).toEqual({
      daphne: {
        role: "controlplane",
        cluster_address: "192.168.111.162",
        image: expect.stringMatching(/:v1\.12\.4$/),
      },
      daisy: {
        role: "worker",
        mac: "00:15:5d:00:cb:a5",
        maintenance_address: "192.168.0.165",
        cluster_address: "192.168.111.165",
        image: expect.stringMatching(/:v1\.12\.4$/),
      },
    });
  });

  test("credentials come decoded, from the kubeconfig", () => {
    const { output } = synth((scope) => {
      new TalosProvider(scope, "talos");
      const talos = new TalosCluster(scope, "cluster", cluster());
      const credentials = {
        host: talos.kubernetesHost,
        ca: talos.clusterCaCertificate,
        certificate: talos.clientCertificate,
        key: talos.clientKey,
      };
      new TerraformOutput(scope, "credentials", { value: credentials, staticId: true });
    });
    const source = "talos_cluster_kubeconfig.cluster.kubernetes_client_configuration";
    expect(output?.credentials?.value).toEqual({
      host: `\${${source}.host}`,
      ca: `\${base64decode(${source}.ca_certificate)}`,
      certificate: `\${base64decode(${source}.client_certificate)}`,
      key: `\${base64decode(${source}.client_key)}`,
    });
  });
});

describe("refuses", () => {
  test("what a machine cannot be made of, without validation too", () => {
    expect(() => build(cluster({ bootstrapNode: "daisy" }))).toThrow(
      'bootstrapNode: must name a control plane: got "daisy"',
    );
  });

  test("a second cluster in the stack, whose addresses would fall together", () => {
    const scope = new TerraformStack(Testing.app(), "test");
    new TalosCluster(scope, "one", cluster());
    expect(() => new TalosCluster(scope, "two", cluster())).toThrow(
      "test/two: a stack holds one TalosCluster: got test/one too",
    );
  });
});
