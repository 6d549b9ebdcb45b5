/** Binding of `talos_machine_secrets` (siderolabs/talos 0.11.0), in the shape that `cdktf get` gives. */
import { type IResolvable, stringToTerraform, type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

export interface MachineSecretsConfig extends TerraformMetaArguments {
  /**
   * Contract that new secrets follow, e.g. `v1.12`. A value below the state's replaces the secrets.
   * @default - the provider's own default, the contract of its Talos library
   */
  readonly talosVersion?: string;
}

/** `talos_machine_secrets`: what a cluster is known by. */
export class MachineSecrets extends TerraformResource {
  static readonly tfResourceType = "talos_machine_secrets";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: MachineSecretsConfig = {},
  ) {
    super(scope, id, {
      ...config,
      terraformResourceType: MachineSecrets.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "talos",
        providerVersion: "0.11.0",
        providerVersionConstraint: "~> 0.11",
      },
    });
  }

  /** The cluster's secrets, as the object that `talos_machine_configuration` takes. */
  get machineSecrets(): IResolvable {
    return this.interpolationForAttribute("machine_secrets");
  }

  /** Credentials of an administrator of the Talos API, as the object that the other resources take. */
  get clientConfiguration(): IResolvable {
    return this.interpolationForAttribute("client_configuration");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { talos_version: stringToTerraform(this.config.talosVersion) };
  }
}
