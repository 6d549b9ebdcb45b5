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
 * Policy of the uploader: put objects under its prefix. It cannot read, list or delete, nor see another prefix; what
 * it overwrites stays as a noncurrent version.
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
