/** Binding of the data source `talos_machine_configuration` (siderolabs/talos 0.11.0), in the shape that `cdktf get` gives. */
import {
  booleanToTerraform,
  type IResolvable,
  listMapper,
  stringToTerraform,
  TerraformDataSource,
  type TerraformMetaArguments,
} from "cdktf";
import type { Construct } from "constructs";

export interface DataTalosMachineConfigurationConfig extends TerraformMetaArguments {
  readonly clusterName: string;
  /** URL of the Kubernetes API, e.g. `https://192.168.111.160:6443`. */
  readonly clusterEndpoint: string;
  readonly machineType: "controlplane" | "worker";
  /** A reference to the object that `talos_machine_secrets` makes. */
  readonly machineSecrets: IResolvable;
  /** @default - the provider's own default, the one of its Talos library */
  readonly kubernetesVersion?: string;
  /**
   * Contract of the configuration; it does not say which Talos is installed.
   * @default - the provider's own default, the one of its Talos library
   */
  readonly talosVersion?: string;
  /**
   * Strategic merge patches, one YAML text each, applied in order.
   * @default - none
   */
  readonly configPatches?: string[];
  /** @default - the provider's own default, false */
  readonly docs?: boolean;
  /** @default - the provider's own default, false */
  readonly examples?: boolean;
}

/** `talos_machine_configuration`: the configuration that Talos generates for a machine. */
export class DataTalosMachineConfiguration extends TerraformDataSource {
  static readonly tfResourceType = "talos_machine_configuration";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: DataTalosMachineConfigurationConfig,
  ) {
    super(scope, id, {
      ...config,
      terraformResourceType: DataTalosMachineConfiguration.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "talos",
        providerVersion: "0.11.0",
        providerVersionConstraint: "~> 0.11",
      },
    });
  }

  get machineConfiguration(): string {
    return this.getStringAttribute("machine_configuration");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      cluster_name: stringToTerraform(this.config.clusterName),
      cluster_endpoint: stringToTerraform(this.config.clusterEndpoint),
      machine_type: stringToTerraform(this.config.machineType),
      machine_secrets: this.config.machineSecrets,
      kubernetes_version: stringToTerraform(this.config.kubernetesVersion),
      talos_version: stringToTerraform(this.config.talosVersion),
      config_patches: listMapper(stringToTerraform, false)(this.config.configPatches),
      docs: booleanToTerraform(this.config.docs),
      examples: booleanToTerraform(this.config.examples),
    };
  }
}
