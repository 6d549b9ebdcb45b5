import { Fn, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { type AdoptedMachines, withholds } from "../../environments/differences.ts";
import { ClusterKubeconfig } from "../core/providers/talos/cluster-kubeconfig.ts";
import { DataTalosClientConfiguration } from "../core/providers/talos/data-talos-client-configuration.ts";
import { DataTalosMachineConfiguration } from "../core/providers/talos/data-talos-machine-configuration.ts";
import { ImageFactorySchematic } from "../core/providers/talos/image-factory-schematic.ts";
import { MachineBootstrap } from "../core/providers/talos/machine-bootstrap.ts";
import { MachineConfigurationApply } from "../core/providers/talos/machine-configuration-apply.ts";
import { MachineSecrets } from "../core/providers/talos/machine-secrets.ts";
import { passphraseVariable } from "./disk-encryption.ts";
import { type Machine, type MachinesProps, machinesOf } from "./machines.ts";
import { kubernetesImages, machineConfigurationPatches, talosContract } from "./patches.ts";
import { Schematic } from "./schematic.ts";

/** Deadline of the bootstrap: before etcd can start on it, a machine downloads its image, installs it and restarts. */
const BOOTSTRAP_TIMEOUT = "20m";

export interface TalosClusterProps extends MachinesProps {
  /** Name of the cluster, in certificates and in the talosconfig. */
  readonly name: string;
  /** Exact version, e.g. `v1.34.0`. */
  readonly kubernetesVersion: string;
}

/**
 * A Talos cluster, from bare machines to a Kubernetes API that answers. Nothing here waits for nodes to be Ready:
 * they are not, until Cilium runs.
 *
 * - The machine secrets are the cluster. Nothing destroys them. The provider replaces them when its
 *   `talos_version` goes down, so it is neither set nor heeded; what it decides is the same since Talos 1.7.
 * - A machine's resources depend on that machine only. Their addresses hold its name,
 *   `talos_machine_configuration_apply.node_<name>`. Taking it out of the list leaves the machine itself alone.
 * - An apply restarts no machine. In the mode `no_reboot` Talos refuses a change that needs a restart and shows
 *   it. `auto` would restart all machines at once. `staged_if_needing_reboot` asks every machine while planning,
 *   means `auto` when one does not answer, and fails in maintenance mode, which accepts `auto` only.
 * - A plan asks no machine. Only the kubeconfig's yearly renewal asks the bootstrap node, and the first start of
 *   etcd, always at its address on the cluster VLAN, where it comes up after its installation. When that node
 *   is gone, name another: nothing is started again.
 *
 * Refused: a bootstrap node that is no control plane; two nodes of one name; a node without exactly one address in
 * the cluster subnet, or with an unknown schematic; an unknown node in `maintenanceNodes` or `stagedNodes`, one in
 * both, or one in maintenance without an address for it; a Talos version outside of 1.9–1.14; a second cluster in
 * the same stack, since the addresses in the state are fixed.
 */
export class TalosCluster extends Construct {
  private readonly kubeconfig: ClusterKubeconfig;

  constructor(scope: Construct, id: string, props: TalosClusterProps) {
    super(scope, id);
    const machines = machinesOf(props);
    refuseSecondCluster(this);

    const secrets = new MachineSecrets(this, "secrets", {
      lifecycle: { preventDestroy: true, ignoreChanges: ["talos_version"] },
    });
    secrets.overrideLogicalId("cluster");

    const images = new Map<string, ImageFactorySchematic>();
    const registered = withholds(props.adopted, "image-schematic") ? {} : props.schematics;
    for (const [name, { extensions }] of Object.entries(registered)) {
      images.set(name, this.registerImage(name, Schematic.withExtensions(extensions)));
    }

    if (props.diskEncryption) passphraseVariable(this, props.diskEncryption);
    const patches = machineConfigurationPatches(props);
    const applies = new Map<string, MachineConfigurationApply>();
    for (const [name, machine] of machines) {
      const configuration = this.generate(
        props,
        machine,
        secrets,
        patches(machine.node, machine.installImage),
      );
      applies.set(
        name,
        this.apply(props, machine, configuration, secrets, images.get(machine.node.schematic)),
      );
    }

    this.kubeconfig = this.start(
      props,
      get(machines, props.bootstrapNode).clusterAddress,
      secrets,
      get(applies, props.bootstrapNode),
    );
    this.addOutputs(props.name, [...machines.values()], secrets);
  }

  /** URL of the Kubernetes API; known once the cluster has started. */
  get kubernetesHost(): string {
    return this.kubeconfig.kubernetesClientConfiguration.host;
  }

  /** PEM of the certificate authority of the Kubernetes API. */
  get clusterCaCertificate(): string {
    return Fn.base64decode(this.kubeconfig.kubernetesClientConfiguration.caCertificate);
  }

  /** PEM of a cluster administrator's certificate. */
  get clientCertificate(): string {
    return Fn.base64decode(this.kubeconfig.kubernetesClientConfiguration.clientCertificate);
  }

  /** PEM of a cluster administrator's key. */
  get clientKey(): string {
    return Fn.base64decode(this.kubeconfig.kubernetesClientConfiguration.clientKey);
  }

  private registerImage(name: string, schematic: Schematic): ImageFactorySchematic {
    const image = new ImageFactorySchematic(this, `schematic_${name}`, {
      schematic: schematic.yaml,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.id == "${schematic.id}"}`,
            errorMessage: `The Image Factory gives the schematic ${name} another id than the one that the machines install.`,
          },
        ],
      },
    });
    image.overrideLogicalId(`schematic_${name}`);
    return image;
  }

  private generate(
    props: TalosClusterProps,
    { node }: Machine,
    secrets: MachineSecrets,
    configPatches: string[],
  ): DataTalosMachineConfiguration {
    const configuration = new DataTalosMachineConfiguration(this, `node_${node.name}_configuration`, {
      clusterName: props.name,
      clusterEndpoint: props.endpoint.toString(),
      machineType: node.role,
      machineSecrets: secrets.machineSecrets,
      talosVersion: talosContract(props),
      kubernetesVersion: kubernetesImages(props, props.kubernetesVersion),
      configPatches,
      docs: false,
      examples: false,
    });
    configuration.overrideLogicalId(`node_${node.name}`);
    return configuration;
  }

  private apply(
    { adopted }: TalosClusterProps,
    { node, reachedAt, applyMode }: Machine,
    configuration: DataTalosMachineConfiguration,
    secrets: MachineSecrets,
    image: ImageFactorySchematic | undefined,
  ): MachineConfigurationApply {
    const ignored = [
      ...(withholds(adopted, "machine-configuration")
        ? ["machine_configuration_input", "config_patches"]
        : []),
      ...addressesIgnored(adopted),
    ];
    const apply = new MachineConfigurationApply(this, `node_${node.name}`, {
      clientConfiguration: secrets.clientConfiguration,
      machineConfigurationInput: configuration.machineConfiguration,
      node: reachedAt,
      endpoint: reachedAt,
      applyMode,
      ...(image && { dependsOn: [image] }),
      ...(ignored.length > 0 && { lifecycle: { ignoreChanges: ignored } }),
    });
    apply.overrideLogicalId(`node_${node.name}`);
    return apply;
  }

  private start(
    { adopted }: TalosClusterProps,
    address: string,
    secrets: MachineSecrets,
    configured: MachineConfigurationApply,
  ): ClusterKubeconfig {
    const ignored = addressesIgnored(adopted);
    const bootstrap = new MachineBootstrap(this, "bootstrap", {
      clientConfiguration: secrets.clientConfiguration,
      node: address,
      endpoint: address,
      timeouts: { create: BOOTSTRAP_TIMEOUT },
      dependsOn: [configured],
      lifecycle: {
        preventDestroy: true,
        ...(ignored.length > 0 && { ignoreChanges: [...ignored, "timeouts"] }),
      },
    });
    bootstrap.overrideLogicalId("cluster");
    const kubeconfig = new ClusterKubeconfig(this, "kubeconfig", {
      clientConfiguration: secrets.clientConfiguration,
      node: address,
      endpoint: address,
      dependsOn: [bootstrap],
      ...(ignored.length > 0 && { lifecycle: { ignoreChanges: ignored } }),
    });
    kubeconfig.overrideLogicalId("cluster");
    return kubeconfig;
  }

  /** The talosconfig has no default nodes, so that a command without `--nodes` reaches none instead of all. */
  private addOutputs(name: string, machines: readonly Machine[], secrets: MachineSecrets): void {
    const client = new DataTalosClientConfiguration(this, "talosconfig", {
      clusterName: name,
      clientConfiguration: secrets.clientConfiguration,
      endpoints: machines
        .filter(({ node }) => node.role === "controlplane")
        .map(({ clusterAddress }) => clusterAddress)
        .toSorted(),
    });
    client.overrideLogicalId("cluster");
    new TerraformOutput(this, "talosconfig_output", {
      description: "Configuration of talosctl, as an administrator.",
      value: client.talosConfig,
      sensitive: true,
    }).overrideLogicalId("talosconfig");
    new TerraformOutput(this, "kubeconfig_output", {
      description: "Configuration of kubectl, as a cluster administrator.",
      value: this.kubeconfig.kubeconfigRaw,
      sensitive: true,
    }).overrideLogicalId("kubeconfig");
    new TerraformOutput(this, "nodes_output", {
      description: "The machines of the cluster by name.",
      value: Object.fromEntries(machines.map((machine) => [machine.node.name, inventory(machine)])),
    }).overrideLogicalId("nodes");
  }
}

/** Attributes whose values in the state stay while the way to the nodes is withheld. */
const addressesIgnored = (adopted: AdoptedMachines | undefined): string[] =>
  withholds(adopted, "node-address") ? ["node", "endpoint"] : [];

/** Unknown fields are left out: an output of cdktf cannot hold null. */
const inventory = ({ node, clusterAddress, installImage }: Machine) => ({
  role: node.role,
  ...(node.mac !== null && { mac: node.mac }),
  ...(node.maintenanceAddress !== null && { maintenance_address: node.maintenanceAddress.toString() }),
  cluster_address: clusterAddress,
  image: installImage,
});

const get = <T>(map: ReadonlyMap<string, T>, name: string): T => {
  const found = map.get(name);
  if (found === undefined) throw new Error(`${name}: must be known by now`);
  return found;
};

const refuseSecondCluster = (cluster: TalosCluster): void => {
  const stack = TerraformStack.of(cluster);
  const others = stack.node
    .findAll()
    .filter((construct) => construct instanceof TalosCluster && construct !== cluster);
  if (others.length > 0) {
    throw new Error(`${cluster.node.path}: a stack holds one TalosCluster: got ${others[0]?.node.path} too`);
  }
};
