import { IamAccessKey } from "@cdktf/provider-aws/lib/iam-access-key";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user";
import { IamUserPolicy } from "@cdktf/provider-aws/lib/iam-user-policy";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { TerraformOutput, type TerraformProvider, TerraformResource, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import type { HttpUrl } from "../core/values/http-url.ts";
import { bucketArn, bucketProblems, endpointProblems, prefixProblems } from "../core/values/s3-location.ts";
import {
  awsRule,
  type BucketAccess,
  type Expiry,
  expiryProblems,
  minioRule,
  rulesOf,
  wholeDays,
} from "./bucket-lifecycle.ts";
import { readerPolicy, volumePolicy } from "./bucket-policies.ts";
import { type PolicyDocument, tlsOnlyPolicy, writerPolicy } from "./writer-policy.ts";

/** Days after which the parts of an upload that never ended are removed. */
const ABORT_INCOMPLETE_UPLOADS_DAYS = 2;

/** Protects the history from a plan that would destroy it. */
const PROTECTED = { lifecycle: { preventDestroy: true } } as const;

export type StorageTarget = "aws" | "minio";

/** The time for which nobody can delete an object. */
export interface ObjectLock {
  /** `compliance`: nobody, the owner of the server included. `governance`: only who has `s3:BypassGovernanceRetention`. */
  readonly mode: "compliance" | "governance";
  readonly days: number;
}

export interface BackupBucketProps {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Region of the bucket, e.g. `us-east-1`. */
  readonly region: string;
  /** URL of a MinIO server; null for AWS itself. Decides on the `target`. */
  readonly endpoint: HttpUrl | null;
  /** Permissions of the bucket's credentials. */
  readonly access: BucketAccess;
  /**
   * Prefixes whose objects expire, each after some days. Volume backups are deleted by Velero itself, and by age
   * alone would be torn apart.
   */
  readonly expiry: readonly Expiry[];
  /** Days for which an overwritten, deleted or expired backup can still be recovered. */
  readonly noncurrentDays: number;
  /**
   * Keeps every object for as long. Only a new bucket can have it.
   * @default null
   */
  readonly lock?: ObjectLock | null;
  /**
   * The provider of another place than the stack's own.
   * @default - the stack's only aws provider
   */
  readonly provider?: TerraformProvider;
}

/** Values that other stacks need; the credentials are sensitive, and are in the state of this stack. */
export interface BackupBucketOutputs {
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * A bucket that outlives the cluster, and credentials of least privilege.
 *
 * | | AWS | MinIO |
 * |---|---|---|
 * | versions, expiry of old ones | yes | yes |
 * | encryption at rest | AES256 | left out: needs a key server (`KMSNotConfigured`); snapshots are encrypted with age anyway |
 * | object lock | yes; needs a build of talos-backup that sends checksums | yes, where MinIO keeps versions at all |
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
 * | who | put | list, read | delete | delete a version | change the bucket |
 * |---|---|---|---|---|---|
 * | writer of etcd snapshots | under its prefix | no | no | no | no |
 * | reader (policy only) | no | under the prefix | no | no | no |
 * | Velero | yes | yes | yes: leaves a version behind | no | no |
 * | who deploys this stack | yes | yes | yes | not under a lock in the mode `compliance` | yes, but not the lock of what is there |
 *
 * The secret access key is in the state of this stack and of those that read it, encrypted as the state bucket is.
 * It is never in the Terraform code. On AWS `terraform apply -replace` of the access key rotates it: the new one
 * exists before the old one goes.
 *
 * Refused: names that S3 does not take, an endpoint that is no plain URL, days that are not whole numbers from 1 on,
 * an expiry outside of what the writer may put to, or of volume backups; two of one prefix.
 */
export class BackupBucket extends Construct {
  readonly target: StorageTarget;
  readonly bucket: S3Bucket;
  /** The permissions of the credentials. */
  readonly writerPolicy: PolicyDocument;
  readonly outputs: BackupBucketOutputs;

  constructor(scope: Construct, id: string, props: BackupBucketProps) {
    super(scope, id);
    this.node.addValidation({ validate: () => problemsOf(props) });
    this.target = props.endpoint === null ? "aws" : "minio";
    const arn = bucketArn(props.bucket, props.region, props.endpoint);
    this.writerPolicy =
      props.access === "volume-backups" ? volumePolicy(arn) : writerPolicy(arn, props.access.putUnder);

    this.bucket = new S3Bucket(this, "bucket", {
      bucket: props.bucket,
      forceDestroy: false,
      ...(props.lock && { objectLockEnabled: true }),
      ...(this.target === "minio" && { lifecycleRule: rulesOf(props).map(minioRule) }),
      ...PROTECTED,
    });
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: this.bucket.id,
      versioningConfiguration: { status: "Enabled" },
      ...PROTECTED,
    });
    if (props.lock) this.addLock(props.lock, versioning);
    if (this.target === "aws") this.addAwsProtection(props, versioning, arn);
    const credentials = this.target === "aws" ? this.addWriter(props) : this.askForWriter();
    if (props.access !== "volume-backups") {
      this.addPolicyOutput(
        "reader-policy",
        readerPolicy(arn, props.access.putUnder),
        "restores and verifies",
      );
    }
    this.outputs = { bucket: props.bucket, ...credentials };
    if (props.provider) this.useProvider(props.provider);
  }

  /** Locks every object that is put from then on. */
  private addLock({ mode, days }: ObjectLock, versioning: S3BucketVersioningA): void {
    new S3BucketObjectLockConfigurationA(this, "object-lock", {
      bucket: this.bucket.id,
      rule: { defaultRetention: { mode: mode.toUpperCase(), days } },
      dependsOn: [versioning],
      ...PROTECTED,
    });
  }

  private useProvider(provider: TerraformProvider): void {
    for (const each of this.node.findAll()) {
      if (each instanceof TerraformResource) each.provider = provider;
    }
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
        ...rulesOf(props).map(awsRule),
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

  private addWriter({ bucket, access }: BackupBucketProps): Omit<BackupBucketOutputs, "bucket"> {
    const user = new IamUser(this, "writer", {
      name: bucket,
      path: "/backup-writer/",
      tags: {
        purpose:
          access === "volume-backups"
            ? `keeps volume backups in ${bucket}`
            : `puts backups into ${bucket}/${access.putUnder}`,
      },
      ...PROTECTED,
    });
    new IamUserPolicy(this, "writer-policy", {
      user: user.name,
      name: access === "volume-backups" ? "keep-backups" : "put-backups",
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
    const output = this.addPolicyOutput("writer-policy", this.writerPolicy, "has the key asked for here");
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

  private addPolicyOutput(id: string, policy: PolicyDocument, does: string): TerraformOutput {
    const output = new TerraformOutput(this, id, {
      value: JSON.stringify(policy),
      description: `Policy to attach to the user that ${does}`,
    });
    output.overrideLogicalId(this.readableId(id));
    return output;
  }

  /** `<id>_writer_policy`: several buckets of one stack do not collide. */
  private readableId(id: string): string {
    return `${this.node.id}-${id}`.replaceAll("-", "_");
  }
}

const problemsOf = (props: BackupBucketProps): string[] => [
  ...bucketProblems(props.bucket),
  ...(props.access === "volume-backups" ? [] : prefixProblems(props.access.putUnder)),
  ...endpointProblems(props.endpoint),
  ...expiryProblems(props),
  ...wholeDays("noncurrentDays", props.noncurrentDays),
  ...(props.lock ? wholeDays("lock.days", props.lock.days) : []),
];
