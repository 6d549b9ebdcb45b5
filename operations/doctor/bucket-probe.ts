/** Tries on an S3 server what Terraform's lock and the backups rest on, with the operator's own keys. */
import { randomUUID } from "node:crypto";
import type { BucketPlace } from "../../lib/core/values/s3-location.ts";
import { s3Client } from "../verify-backup/s3.ts";

export interface BucketFacts {
  /** The status of a second write of one key with `If-None-Match: *`; 412 is what a lock needs. */
  readonly secondWrite: number;
  /** True when the bucket keeps old versions; undefined when the server does not say. */
  readonly versioning: boolean | undefined;
  /** True when objects can be locked; undefined when the server does not say. */
  readonly objectLock: boolean | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Writes a key twice, deletes it, and reads the bucket's settings. Rejects when the keys may not write.
 * @param variables where the keys are: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`
 */
export const probeBucket = async (place: BucketPlace, variables: Variables): Promise<BucketFacts> => {
  const {
    DeleteObjectCommand,
    GetBucketVersioningCommand,
    GetObjectLockConfigurationCommand,
    PutObjectCommand,
  } = await import("@aws-sdk/client-s3");
  const client = s3Client({
    ...variables,
    AWS_ENDPOINT_URL_S3: place.endpoint?.toString(),
    AWS_REGION: place.region,
  });
  const target = { Bucket: place.bucket, Key: `doctor-${randomUUID()}` };
  const write = () => client.send(new PutObjectCommand({ ...target, Body: "probe", IfNoneMatch: "*" }));
  const statusOf = (error: unknown): number =>
    (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
  try {
    await write();
    const secondWrite = await write().then(() => 200, statusOf);
    const versioning = await client.send(new GetBucketVersioningCommand({ Bucket: place.bucket })).then(
      ({ Status }) => Status === "Enabled",
      () => undefined,
    );
    const objectLock = await client
      .send(new GetObjectLockConfigurationCommand({ Bucket: place.bucket }))
      .then(
        ({ ObjectLockConfiguration: lock }) => lock?.ObjectLockEnabled === "Enabled",
        (error: unknown) => (statusOf(error) === 404 ? false : undefined),
      );
    return { secondWrite, versioning, objectLock };
  } finally {
    await client.send(new DeleteObjectCommand(target)).catch(() => undefined);
    client.destroy();
  }
};
