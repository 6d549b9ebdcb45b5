/** Tries on an S3 server what Terraform's lock and the backups rest on, with the operator's own keys. */
import { randomUUID } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import type { BucketPlace } from "../../lib/core/values/s3-location.ts";
import { s3Client } from "../verify-backup/s3.ts";

/** Statuses that the server answered with; 0 where it did not answer. */
export interface LockTrial {
  /** A write of a new key with `If-None-Match: *`. */
  readonly write: number;
  /** The same write once more; 412 is what a lock needs. */
  readonly secondWrite: number;
  /** The end of the lock. */
  readonly deletion: number;
}

export interface BucketSettings {
  /** True when the bucket keeps old versions; undefined when the server does not say. */
  readonly versioning: boolean | undefined;
  /** True when objects can be locked; undefined when the server does not say. */
  readonly objectLock: boolean | undefined;
}

/** A bucket, and the keys that its environment holds itself. */
export interface KeyedPlace extends BucketPlace {
  /** @default - AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the workstation */
  readonly credentials?: "environment" | { readonly accessKey: string; readonly secretKey: string };
}

type Variables = Readonly<Record<string, string | undefined>>;

const keysOf = ({ credentials = "environment" }: KeyedPlace, variables: Variables): Variables =>
  credentials === "environment"
    ? variables
    : { AWS_ACCESS_KEY_ID: credentials.accessKey, AWS_SECRET_ACCESS_KEY: credentials.secretKey };

/** A server that does not answer is found in this time. */
const inTime = () => ({ abortSignal: AbortSignal.timeout(10_000) });

/** HTTP's answer to a write whose condition does not hold. */
const PRECONDITION_FAILED = 412;

const statusOf = (error: unknown): number =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;

const withClient = async <T>(
  place: KeyedPlace,
  variables: Variables,
  use: (client: S3Client) => Promise<T>,
): Promise<T> => {
  const { endpoint, region } = place;
  const client = s3Client({
    ...keysOf(place, variables),
    AWS_ENDPOINT_URL_S3: endpoint?.toString(),
    AWS_REGION: region,
  });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
};

/** Writes a key twice and deletes it, as Terraform does with its lock; it is named like one, for keys that may write no other. */
export const tryLock = async (place: KeyedPlace, variables: Variables): Promise<LockTrial> => {
  const { DeleteObjectCommand, PutObjectCommand } = await import("@aws-sdk/client-s3");
  return withClient(place, variables, async (client) => {
    const target = { Bucket: place.bucket, Key: `trial-${randomUUID()}.tfstate.tflock` };
    const put = () =>
      client
        .send(new PutObjectCommand({ ...target, Body: "trial", IfNoneMatch: "*" }), inTime())
        .then(() => 200, statusOf);
    const write = await put();
    const secondWrite = write === 200 ? await put() : 0;
    const deletion = await client.send(new DeleteObjectCommand(target), inTime()).then(() => 204, statusOf);
    return { write, secondWrite, deletion };
  });
};

/** Reads whether the bucket keeps versions and locks objects. It writes nothing: what a lock holds stays for good. */
export const readSettings = async (place: KeyedPlace, variables: Variables): Promise<BucketSettings> => {
  const { GetBucketVersioningCommand, GetObjectLockConfigurationCommand } = await import(
    "@aws-sdk/client-s3"
  );
  return withClient(place, variables, async (client) => ({
    versioning: await client.send(new GetBucketVersioningCommand({ Bucket: place.bucket }), inTime()).then(
      ({ Status }) => Status === "Enabled",
      () => undefined,
    ),
    objectLock: await client
      .send(new GetObjectLockConfigurationCommand({ Bucket: place.bucket }), inTime())
      .then(
        ({ ObjectLockConfiguration: lock }) => lock?.ObjectLockEnabled === "Enabled",
        (error: unknown) => (statusOf(error) === 404 ? false : undefined),
      ),
  }));
};

/** The reason why a state in this bucket is not safe, with what to do; undefined when one alone can hold its lock. */
export const lockProblem = (
  { bucket, endpoint }: BucketPlace,
  { write, secondWrite, deletion }: LockTrial,
): { readonly says: string; readonly todo: string } | undefined => {
  if (write === 0)
    return {
      says: `${endpoint ?? bucket} does not answer`,
      todo: "look at the network, the name and the S3 server",
    };
  if (write === 403 || write === 401)
    return {
      says: `${bucket} cannot be written with these keys (${write})`,
      todo: "look at the keys and their policy",
    };
  if (write !== 200)
    return {
      says: `${bucket} takes no If-None-Match write (${write}), so it keeps no lock`,
      todo: "look at the S3 server, or bring in one that answers 412",
    };
  if (secondWrite !== PRECONDITION_FAILED)
    return {
      says: `${endpoint ?? bucket} takes a second If-None-Match write (${secondWrite}): two can hold the lock`,
      todo: "let nobody else deploy, and bring in a server that answers 412",
    };
  return deletion >= 200 && deletion < 300
    ? undefined
    : {
        says: `${bucket} lets these keys delete nothing (${deletion}), so a lock would never end`,
        todo: "look at the keys' policy",
      };
};
