/** An IAM policy document. MinIO reads the same language. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * What the uploader may do: put objects under its prefix. It cannot read, list or delete, nor see another prefix;
 * what it overwrites stays as a noncurrent version.
 *
 * `s3:PutObject` covers all that talos-backup calls: PutObject, and for large snapshots CreateMultipartUpload,
 * UploadPart and CompleteMultipartUpload (`pkg/s3/s3.go` of each build). `s3:AbortMultipartUpload` is left out: both
 * clients ignore its failure, and the parts of a failed upload expire by themselves.
 */
export const writerPolicy = (bucketArn: string, prefix: string): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "PutSnapshots",
      Effect: "Allow",
      Action: ["s3:PutObject"],
      Resource: [`${bucketArn}/${prefix}/*`],
    },
  ],
});

/**
 * What the person who restores, or the job that verifies, may do: list and read all versions under the prefix. It can
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
 * What Velero may do: read, write and delete objects, as kopia's maintenance does. It cannot delete a version, nor
 * change the bucket's versioning, lifecycle or policy: what it deletes comes back for as long as old versions are kept.
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

/** Refuses everybody, the owner too, who comes without TLS 1.2. */
export const tlsOnlyPolicy = (bucketArn: string): PolicyDocument => {
  const everything = {
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:*"],
    Resource: [bucketArn, `${bucketArn}/*`],
  } as const;
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "DenyPlainHttp", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Sid: "DenyOldTls", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
    ],
  };
};
