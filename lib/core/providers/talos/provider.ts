/** Binding of the provider siderolabs/talos 0.11.0, in the shape that `cdktf get` gives. */
import { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";

/** The provider siderolabs/talos. */
export class TalosProvider extends TerraformProvider {
  static readonly tfResourceType = "talos";

  constructor(scope: Construct, id: string) {
    super(scope, id, {
      terraformResourceType: TalosProvider.tfResourceType,
      terraformProviderSource: "siderolabs/talos",
      terraformGeneratorMetadata: {
        providerName: "talos",
        providerVersion: "0.11.0",
        providerVersionConstraint: "~> 0.11",
      },
    });
  }
}
