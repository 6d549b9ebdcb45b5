import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { Construct } from "constructs";
import type { HttpUrl } from "../core/values/http-url.ts";

/**
 * Last version of hashicorp/aws that makes a bucket on MinIO. From 6.23 on it reads a bucket's tags through S3
 * Control, which needs an AWS account id and an API that MinIO does not have, and it falls back only on a denial that
 * AWS words (hashicorp/terraform-provider-aws#46202, #45784). The S3 features that this project uses are the same in
 * both.
 */
const MINIO_PROVIDER_VERSION = "6.22.1";

export interface StorageProviderProps {
  /** Region of the buckets, e.g. `us-east-1`. */
  readonly region: string;
  /** URL of a MinIO server; null for AWS itself. */
  readonly endpoint: HttpUrl | null;
  /**
   * Tells providers of one stack apart.
   * @default - the provider that resources have when they name none
   */
  readonly alias?: string;
  /**
   * References to sensitive variables.
   * @default - AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the environment
   */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /**
   * True when any provider of the stack talks to MinIO: all of a stack have one version.
   * @default - whether this one does
   */
  readonly besideMinio?: boolean;
}

/**
 * The aws provider of a stack that keeps backups: on AWS as it comes, on MinIO with path style, without the calls
 * that only AWS answers, and at the version that works there.
 */
export class StorageProvider extends AwsProvider {
  constructor(scope: Construct, id: string, props: StorageProviderProps) {
    const { region, endpoint, alias, credentials, besideMinio = endpoint !== null } = props;
    super(scope, id, {
      region,
      ...(alias !== undefined && { alias }),
      ...(credentials && {
        accessKey: credentials.accessKeyId,
        secretKey: credentials.secretAccessKey,
      }),
      ...(endpoint !== null && {
        endpoints: [{ s3: endpoint.toString() }],
        s3UsePathStyle: true,
        skipCredentialsValidation: true,
        skipMetadataApiCheck: "true",
        skipRegionValidation: true,
        skipRequestingAccountId: true,
      }),
    });
    if (besideMinio && this.terraformGeneratorMetadata) {
      Object.assign(this.terraformGeneratorMetadata, { providerVersion: MINIO_PROVIDER_VERSION });
    }
  }
}
