import { IamAccessKey } from "@cdktf/provider-aws/lib/iam-access-key";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { IamUserPolicy } from "@cdktf/provider-aws/lib/iam-user-policy";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { TerraformOutput, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { bucketArn, bucketProblems, endpointProblems, prefixProblems } from "./s3-location.ts";
import { type PolicyDocument, tlsOnlyPolicy, writerPolicy } from "./writer-policy.ts";

/** Days after which the parts of an upload that never ended are removed. */
const ABORT_INCOMPLETE_UPLOADS_DAYS = 2;

/** Nothing that protects the history goes away by a plan. */
const PROTECTED = { lifecycle: { preventDestroy: true } } as const;

export type StorageTarget = "aws" | "minio";

export interface BackupBucketProps {
  readonly bucket: string;
  readonly region: string;
  /** URL of a MinIO server; null for AWS itself. Decides on the `target`. */
  readonly endpoint: string | null;
  /** Key prefix that the writer may put to, without slashes at its ends. */
  readonly prefix: string;
  readonly retention: {
    /** Days for which a backup stays readable. */
    readonly days: number;
    /** Days for which an overwritten, deleted or expired backup can still be recovered. */
    readonly noncurrentDays: number;
  };
}

/** Values that other stacks need; the credentials are sensitive, and are in the state of this stack. */
export interface BackupBucketOutputs {
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The bucket that outlives the cluster, and credentials that can only put into it.
 *
 * | | AWS | MinIO |
 * |---|---|---|
 * | versions, expiry of old ones | yes | yes |
 * | encryption at rest | AES256 | left out: needs a key server (`KMSNotConfigured`); snapshots are encrypted with age anyway |
 * | parts of failed uploads | removed by a rule | left out: no such rule; MinIO removes them after a day by itself |
 * | public access block, ownership controls | yes | left out: not implemented; nothing is public without a bucket policy, and there are no ACLs |
 * | TLS only | bucket policy | left out: MinIO asks bucket policies about anonymous requests only, and its port speaks TLS or HTTP, never both |
 * | writer | IAM user, policy and access key | made by hand: MinIO has no IAM API. The output `<id>_writer_policy` is the policy to attach, and the variables `<id>_writer_access_key_id` and `<id>_writer_secret_access_key` take the key |
 *
 * Read from MinIO's source (`api-router.go`, `auth-handler.go`, `bucket-encryption-handlers.go`, `lifecycle/rule.go`;
 * 2026-02-12). Expiry on MinIO is set by the bucket's own, deprecated `lifecycle_rule`, because
 * `aws_s3_bucket_lifecycle_configuration` waits for a header that only AWS sends and fails after three minutes
 * (hashicorp/terraform-provider-aws#49019). The provider must be a `StorageProvider`.
 *
 * Over plain HTTP, which only MinIO offers, somebody on the wire sees names and sizes and can cut an upload off; the
 * secret key is never sent, what is uploaded is signed, and snapshots are encrypted before.
 *
 * The secret access key is in the state of this stack and of those that read it, encrypted as the state bucket is:
 * it can put backups and nothing else. It is never in the Terraform code. On AWS `terraform apply -replace` of the
 * access key rotates it: the new one exists before the old one goes.
 *
 * Refused: names that S3 does not take, an endpoint that is no plain URL, retention that is not whole days from 1 on.
 */
export class BackupBucket extends Construct {
  readonly target: StorageTarget;
  readonly bucket: S3Bucket;
  /** What the writer may do. */
  readonly writerPolicy: PolicyDocument;
  readonly outputs: BackupBucketOutputs;

  constructor(scope: Construct, id: string, props: BackupBucketProps) {
    super(scope, id);
    this.node.addValidation({ validate: () => problemsOf(props) });
    this.target = props.endpoint === null ? "aws" : "minio";
    const arn = bucketArn(props.bucket, props.region, props.endpoint);
    this.writerPolicy = writerPolicy(arn, props.prefix);

    this.bucket = new S3Bucket(this, "bucket", {
      bucket: props.bucket,
      forceDestroy: false,
      ...(this.target === "minio" && { lifecycleRule: [minioExpiry(props)] }),
      ...PROTECTED,
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: this.bucket.id,
      versioningConfiguration: { status: "Enabled" },
      ...PROTECTED,
    });
    if (this.target === "aws") this.addAwsProtection(props, versioning, arn);
    const credentials = this.target === "aws" ? this.addWriter(props) : this.askForWriter();
    this.outputs = { bucket: props.bucket, ...credentials };
  }

  private addAwsProtection(props: BackupBucketProps, versioning: S3BucketVersioningA, arn: string): void {
    const bucket = this.bucket.id;
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      ...PROTECTED,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
      ...PROTECTED,
    });
    const publicAccess = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
      ...PROTECTED,
    });
    new S3BucketPolicy(this, "tls-only", {
      bucket,
      policy: JSON.stringify(tlsOnlyPolicy(arn)),
      // S3 refuses both changes at once.
      dependsOn: [publicAccess],
      ...PROTECTED,
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      rule: [
        {
          id: expiryRuleId(props),
          status: "Enabled",
          filter: [{ prefix: `${props.prefix}/` }],
          expiration: [{ days: props.retention.days }],
          noncurrentVersionExpiration: [{ noncurrentDays: props.retention.noncurrentDays }],
        },
        {
          id: "abort-incomplete-uploads",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: ABORT_INCOMPLETE_UPLOADS_DAYS }],
        },
      ],
      dependsOn: [versioning],
      ...PROTECTED,
    });
  }

  private addWriter({ bucket, prefix }: BackupBucketProps): Omit<BackupBucketOutputs, "bucket"> {
    const user = new IamUser(this, "writer", {
      name: bucket,
      path: "/backup-writer/",
      tags: { purpose: `puts backups into ${bucket}/${prefix}` },
      ...PROTECTED,
    });
    new IamUserPolicy(this, "writer-policy", {
      user: user.name,
      name: "put-backups",
      policy: JSON.stringify(this.writerPolicy),
      ...PROTECTED,
    });
    const key = new IamAccessKey(this, "writer-key", {
      user: user.name,
      lifecycle: { createBeforeDestroy: true },
    });
    return { accessKeyId: key.id, secretAccessKey: key.secret };
  }

  private askForWriter(): Omit<BackupBucketOutputs, "bucket"> {
    const output = new TerraformOutput(this, "writer-policy", {
      value: JSON.stringify(this.writerPolicy),
      description: "Policy to attach to the MinIO user whose key puts backups",
    });
    output.overrideLogicalId(this.readableId("writer-policy"));
    const ask = (id: string, what: string) => {
      const variable = new TerraformVariable(this, id, {
        type: "string",
        sensitive: true,
        nullable: false,
        description: `${what} of a MinIO user that has the policy of the output ${output.friendlyUniqueId} and no other`,
      });
      variable.overrideLogicalId(this.readableId(id));
      return variable.stringValue;
    };
    return {
      accessKeyId: ask("writer-access-key-id", "Access key"),
      secretAccessKey: ask("writer-secret-access-key", "Secret key"),
    };
  }

  /** `<id>_writer_policy`: several buckets of one stack do not collide. */
  private readableId(id: string): string {
    return `${this.node.id}-${id}`.replaceAll("-", "_");
  }
}

const expiryRuleId = ({ prefix }: BackupBucketProps): string => `expire-${prefix.replaceAll("/", "-")}`;

const minioExpiry = (props: BackupBucketProps) => ({
  id: expiryRuleId(props),
  enabled: true,
  prefix: `${props.prefix}/`,
  expiration: { days: props.retention.days },
  noncurrentVersionExpiration: { days: props.retention.noncurrentDays },
});

const problemsOf = (props: BackupBucketProps): string[] => [
  ...bucketProblems(props.bucket),
  ...prefixProblems(props.prefix),
  ...(props.endpoint === null ? [] : endpointProblems(props.endpoint)),
  ...(["days", "noncurrentDays"] as const)
    .filter((field) => !Number.isInteger(props.retention[field]) || props.retention[field] < 1)
    .map((field) => `retention.${field}: must be a whole number from 1 on: got ${props.retention[field]}`),
];
