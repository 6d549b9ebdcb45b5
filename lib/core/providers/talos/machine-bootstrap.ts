/** Binding of `talos_machine_bootstrap` (siderolabs/talos 0.11.0), in the shape that `cdktf get` gives. */
import { type IResolvable, stringToTerraform, type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

export interface MachineBootstrapConfig extends TerraformMetaArguments {
  /** A reference to the object that `talos_machine_secrets` makes. */
  readonly clientConfiguration: IResolvable;
  /** Address of the control plane that starts etcd. */
  readonly node: string;
  /** @default - the provider's own default, the node's address */
  readonly endpoint?: string;
  readonly timeouts?: {
    /**
     * The time for which the node is tried, in Go's form, e.g. `20m`.
     * @default - the provider's own default, 10m
     */
    readonly create?: string;
  };
}

/** `talos_machine_bootstrap`: the first start of etcd. */
export class MachineBootstrap extends TerraformResource {
  static readonly tfResourceType = "talos_machine_bootstrap";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: MachineBootstrapConfig,
  ) {
    super(scope, id, {
      ...config,
      terraformResourceType: MachineBootstrap.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "talos",
        providerVersion: "0.11.0",
        providerVersionConstraint: "~> 0.11",
      },
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      client_configuration: this.config.clientConfiguration,
      node: stringToTerraform(this.config.node),
      endpoint: stringToTerraform(this.config.endpoint),
      timeouts: this.config.timeouts && { create: stringToTerraform(this.config.timeouts.create) },
    };
  }
}
