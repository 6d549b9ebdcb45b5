/** Binding of `talos_machine_configuration_apply` (siderolabs/talos 0.11.0), in the shape that `cdktf get` gives. */
import { type IResolvable, stringToTerraform, type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

export type ApplyMode = "auto" | "reboot" | "no_reboot" | "staged" | "staged_if_needing_reboot";

/** Left out on purpose: `on_destroy`, which can wipe the machine. Without it, destroying leaves the machine alone. */
export interface MachineConfigurationApplyConfig extends TerraformMetaArguments {
  /** A reference to the object that `talos_machine_secrets` makes. */
  readonly clientConfiguration: IResolvable;
  readonly machineConfigurationInput: string;
  /** Address of the machine. */
  readonly node: string;
  /** @default - the provider's own default, the node's address */
  readonly endpoint?: string;
  /** @default - the provider's own default, `auto` */
  readonly applyMode?: ApplyMode;
}

/** `talos_machine_configuration_apply`: a machine and the configuration that it gets. */
export class MachineConfigurationApply extends TerraformResource {
  static readonly tfResourceType = "talos_machine_configuration_apply";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: MachineConfigurationApplyConfig,
  ) {
    super(scope, id, {
      ...config,
      terraformResourceType: MachineConfigurationApply.tfResourceType,
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
      machine_configuration_input: stringToTerraform(this.config.machineConfigurationInput),
      node: stringToTerraform(this.config.node),
      endpoint: stringToTerraform(this.config.endpoint),
      apply_mode: stringToTerraform(this.config.applyMode),
    };
  }
}
