/** Binding of the data source `talos_client_configuration` (siderolabs/talos 0.11.0), in the shape that `cdktf get` gives. */
import {
  type IResolvable,
  listMapper,
  stringToTerraform,
  TerraformDataSource,
  type TerraformMetaArguments,
} from "cdktf";
import type { Construct } from "constructs";

export interface DataTalosClientConfigurationConfig extends TerraformMetaArguments {
  readonly clusterName: string;
  /** A reference to the object that `talos_machine_secrets` makes. */
  readonly clientConfiguration: IResolvable;
  /**
   * Addresses through which `talosctl` talks.
   * @default - none
   */
  readonly endpoints?: string[];
  /**
   * Addresses that `talosctl` talks to when no `--nodes` is given.
   * @default - none
   */
  readonly nodes?: string[];
}

/** `talos_client_configuration`: the talosconfig of a cluster. */
export class DataTalosClientConfiguration extends TerraformDataSource {
  static readonly tfResourceType = "talos_client_configuration";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: DataTalosClientConfigurationConfig,
  ) {
    super(scope, id, {
      ...config,
      terraformResourceType: DataTalosClientConfiguration.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "talos",
        providerVersion: "0.11.0",
        providerVersionConstraint: "~> 0.11",
      },
    });
  }

  get talosConfig(): string {
    return this.getStringAttribute("talos_config");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      cluster_name: stringToTerraform(this.config.clusterName),
      client_configuration: this.config.clientConfiguration,
      endpoints: listMapper(stringToTerraform, false)(this.config.endpoints),
      nodes: listMapper(stringToTerraform, false)(this.config.nodes),
    };
  }
}
