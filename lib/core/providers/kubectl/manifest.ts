/** Binding of `kubectl_manifest` (alekc/kubectl 2.4.1), in the shape that `cdktf get` gives. */
import { booleanToTerraform, stringToTerraform, type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

export interface KubectlManifestConfig extends TerraformMetaArguments {
  readonly yamlBody: string;
  /** @default - the provider's own default, false */
  readonly serverSideApply?: boolean;
  /** @default - the provider's own default, false */
  readonly forceConflicts?: boolean;
  /** @default - the provider's own default, `kubectl` */
  readonly fieldManager?: string;
  /** True when a destroy waits until finalizers have let the object go. @default - the provider's own default, false */
  readonly wait?: boolean;
}

/** A Kubernetes object as `kubectl_manifest` of alekc/kubectl applies it. */
export class KubectlManifest extends TerraformResource {
  static readonly tfResourceType = "kubectl_manifest";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: KubectlManifestConfig,
  ) {
    super(scope, id, {
      ...config,
      terraformResourceType: KubectlManifest.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "kubectl",
        providerVersion: "2.4.1",
        providerVersionConstraint: "~> 2.4",
      },
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      yaml_body: stringToTerraform(this.config.yamlBody),
      server_side_apply: booleanToTerraform(this.config.serverSideApply),
      force_conflicts: booleanToTerraform(this.config.forceConflicts),
      field_manager: stringToTerraform(this.config.fieldManager),
      wait: booleanToTerraform(this.config.wait),
    };
  }
}
