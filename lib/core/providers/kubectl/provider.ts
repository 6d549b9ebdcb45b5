/** Binding of the provider alekc/kubectl 2.4.1, in the shape that `cdktf get` gives. */
import { booleanToTerraform, numberToTerraform, stringToTerraform, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";

export interface KubectlProviderConfig {
  /** URL of the API server, e.g. `https://192.168.111.160:6443`. */
  readonly host: string;
  /** PEM of the cluster's certificate authority. */
  readonly clusterCaCertificate: string;
  /** PEM of the client's certificate. */
  readonly clientCertificate: string;
  /** PEM of the client's key. */
  readonly clientKey: string;
  /**
   * The number of retries of an apply (3 s to 30 s apart), API discovery included: covers CRDs that arrive late.
   * @default - the provider's own default, 1
   */
  readonly applyRetryCount?: number;
  /** @default - the provider's own default: a kubeconfig file is read */
  readonly loadConfigFile?: boolean;
  /**
   * Connect when first needed: required when the host is unknown at plan time.
   * @default - the provider's own default, false
   */
  readonly lazyLoad?: boolean;
}

/** The provider alekc/kubectl. */
export class KubectlProvider extends TerraformProvider {
  static readonly tfResourceType = "kubectl";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: KubectlProviderConfig,
  ) {
    super(scope, id, {
      terraformResourceType: KubectlProvider.tfResourceType,
      terraformProviderSource: "alekc/kubectl",
      terraformGeneratorMetadata: {
        providerName: "kubectl",
        providerVersion: "2.4.1",
        providerVersionConstraint: "~> 2.4",
      },
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      host: stringToTerraform(this.config.host),
      cluster_ca_certificate: stringToTerraform(this.config.clusterCaCertificate),
      client_certificate: stringToTerraform(this.config.clientCertificate),
      client_key: stringToTerraform(this.config.clientKey),
      apply_retry_count: numberToTerraform(this.config.applyRetryCount),
      load_config_file: booleanToTerraform(this.config.loadConfigFile),
      lazy_load: booleanToTerraform(this.config.lazyLoad),
    };
  }
}
