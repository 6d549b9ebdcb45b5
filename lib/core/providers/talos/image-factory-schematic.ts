/** Binding of `talos_image_factory_schematic` (siderolabs/talos 0.11.0), in the shape that `cdktf get` gives. */
import { stringToTerraform, type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

export interface ImageFactorySchematicConfig extends TerraformMetaArguments {
  /**
   * The schematic as YAML.
   * @default - the provider's own default, a vanilla Talos image
   */
  readonly schematic?: string;
}

/** `talos_image_factory_schematic`: an image that the Image Factory knows. */
export class ImageFactorySchematic extends TerraformResource {
  static readonly tfResourceType = "talos_image_factory_schematic";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: ImageFactorySchematicConfig = {},
  ) {
    super(scope, id, {
      ...config,
      terraformResourceType: ImageFactorySchematic.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "talos",
        providerVersion: "0.11.0",
        providerVersionConstraint: "~> 0.11",
      },
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { schematic: stringToTerraform(this.config.schematic) };
  }
}
