/** Binding of the provider siderolabs/talos 0.11.0, in the shape that `cdktf get` gives. */
import { stringToTerraform, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";

export interface TalosProviderConfig {
  /** @default - the provider's own default, https://factory.talos.dev */
  readonly imageFactoryUrl?: string;
}

export class TalosProvider extends TerraformProvider {
  static readonly tfResourceType = "talos";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: TalosProviderConfig = {},
  ) {
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

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { image_factory_url: stringToTerraform(this.config.imageFactoryUrl) };
  }
}
