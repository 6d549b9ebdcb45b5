import { GetObjectCommand, paginateListObjectsV2, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { Bytes } from "./bytes.ts";
import { Refusal } from "./refusal.ts";
import type { ObjectStore } from "./source.ts";

const DEFAULT_REGION = "us-east-1";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * A client for what the environment names: `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` (AWS itself by default),
 * `AWS_REGION`, and the credentials. Servers other than AWS are asked by path, and for no checksums that they may
 * not know.
 *
 * Refused: no credentials, rather than looking for some elsewhere.
 */
export const s3Client = (environment: Variables): S3Client => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(
      "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: must be set to read from S3: got neither or one",
    );
  }
  const sessionToken = environment.AWS_SESSION_TOKEN;
  const endpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL;
  return new S3Client({
    region: environment.AWS_REGION || environment.AWS_DEFAULT_REGION || DEFAULT_REGION,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    ...(endpoint && { endpoint, forcePathStyle: true }),
  });
};

/** Reads objects with a client. */
export const s3Store = (client: S3Client): ObjectStore => ({
  list: async (bucket, prefix) => {
    const objects = [];
    try {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        objects.push(...(page.Contents ?? []));
      }
    } catch (error) {
      throw refusal(error);
    }
    return objects.flatMap(({ Key, Size = 0, LastModified }) =>
      Key !== undefined && LastModified ? [{ key: Key, size: Size, stored: LastModified }] : [],
    );
  },
  get: async (bucket, key) => {
    try {
      const { Body, ContentLength, LastModified } = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: key }),
      );
      if (!Body || ContentLength === undefined || !LastModified) {
        throw new Refusal("unreachable", "was not sent: the server's answer has no body, length or date");
      }
      const object = { key, size: ContentLength, stored: LastModified };
      return { object, bytes: guarded(Body as unknown as Bytes) };
    } catch (error) {
      throw refusal(error);
    }
  },
});

const guarded = async function* (bytes: Bytes): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw refusal(error);
  }
};

const refusal = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  const { name, message, code } = error as Error & { code?: string };
  const isMissing = error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
  return isMissing
    ? new Refusal("missing", `is not there: ${name}`)
    : new Refusal("unreachable", `cannot be fetched: ${[name, code, message].filter(Boolean).join(": ")}`);
};
