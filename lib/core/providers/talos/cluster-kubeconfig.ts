/** Binding of `talos_cluster_kubeconfig` (siderolabs/talos 0.11.0), in the shape that `cdktf get` gives. */
import {
  ComplexObject,
  type IInterpolatingParent,
  type IResolvable,
  stringToTerraform,
  type TerraformMetaArguments,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";

export interface ClusterKubeconfigConfig extends TerraformMetaArguments {
  /** A reference to the object that `talos_machine_secrets` makes. */
  readonly clientConfiguration: IResolvable;
  /** Address of the control plane to ask. */
  readonly node: string;
  /** @default - the provider's own default, the node's address */
  readonly endpoint?: string;
}

/** Credentials of a cluster administrator. Certificates and key are base64. */
class ClusterKubeconfigKubernetesClientConfigurationOutputReference extends ComplexObject {
  constructor(terraformResource: IInterpolatingParent, terraformAttribute: string) {
    super(terraformResource, terraformAttribute, false);
  }

  get host(): string {
    return this.getStringAttribute("host");
  }

  get caCertificate(): string {
    return this.getStringAttribute("ca_certificate");
  }

  get clientCertificate(): string {
    return this.getStringAttribute("client_certificate");
  }

  get clientKey(): string {
    return this.getStringAttribute("client_key");
  }
}

/** `talos_cluster_kubeconfig`: the kubeconfig of a cluster that has started. */
export class ClusterKubeconfig extends TerraformResource {
  static readonly tfResourceType = "talos_cluster_kubeconfig";

  readonly kubernetesClientConfiguration = new ClusterKubeconfigKubernetesClientConfigurationOutputReference(
    this,
    "kubernetes_client_configuration",
  );

  constructor(
    scope: Construct,
    id: string,
    private readonly config: ClusterKubeconfigConfig,
  ) {
    super(scope, id, {
      ...config,
      terraformResourceType: ClusterKubeconfig.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "talos",
        providerVersion: "0.11.0",
        providerVersionConstraint: "~> 0.11",
      },
    });
  }

  get kubeconfigRaw(): string {
    return this.getStringAttribute("kubeconfig_raw");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      client_configuration: this.config.clientConfiguration,
      node: stringToTerraform(this.config.node),
      endpoint: stringToTerraform(this.config.endpoint),
    };
  }
}
