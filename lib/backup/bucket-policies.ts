/** Policies of the backup buckets beside the snapshot writer's. */
import type { PolicyDocument } from "./writer-policy.ts";

/**
 * Policy of the person who restores and of the job that verifies: list and read all versions under the prefix. It can
 * neither write nor delete. No key of it is made here, so that none is in a state: attach it to a user of your own.
 */
export const readerPolicy = (bucketArn: string, prefix: string): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "ListSnapshots",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketVersions"],
      Resource: [bucketArn],
      Condition: { StringLike: { "s3:prefix": `${prefix}/*` } },
    },
    {
      Sid: "ReadSnapshots",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: [`${bucketArn}/${prefix}/*`],
    },
  ],
});

/**
 * Policy of Velero: read, write and delete objects, as kopia's maintenance does. It cannot delete a version, nor
 * change the bucket's versioning, lifecycle or policy: what it deletes comes back for as long as old versions are
 * kept.
 *
 * The actions are those that vmware-tanzu/velero-plugin-for-aws asks for.
 */
export const volumePolicy = (bucketArn: string): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "ListBackups",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
      Resource: [bucketArn],
    },
    {
      Sid: "KeepBackups",
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      Resource: [`${bucketArn}/*`],
    },
  ],
});
