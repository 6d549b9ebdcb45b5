/** Repeats what talos-backup does in a run, with the same variables: snapshot, compress, encrypt, upload. */

import { createReadStream, statSync } from "node:fs";
import { Upload } from "@aws-sdk/lib-storage";
import { mustRunSync } from "../../lib/core/process/command.ts";
import { s3Client } from "../../operations/verify-backup/s3.ts";

/** Printed before each, so that the drill knows where it kills. */
export const STAGES = ["snapshot", "compress", "encrypt", "upload"] as const;
export type Stage = (typeof STAGES)[number];

/** Smallest that S3 takes. */
const PART = 5 * 1024 * 1024;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Takes a snapshot of `ETCDCTL_ENDPOINTS` into the working directory, under the name that talos-backup gives it, and
 * uploads it. Parts of an upload that fails stay, as the writer may not remove them.
 */
export const upload = async (
  environment: Variables,
  now: Date,
  log: (line: string) => void,
): Promise<void> => {
  const stage = (name: Stage) => log(name);
  const { BUCKET, S3_PREFIX, CLUSTER_NAME, AGE_X25519_PUBLIC_KEY, CUSTOM_S3_ENDPOINT } = environment;

  stage("snapshot");
  let file = `${CLUSTER_NAME}-${now.toISOString().replace(/\.\d+Z$/, "Z")}.snap`;
  mustRunSync("etcdctl", ["snapshot", "save", file]);
  // All that talos-backup checks.
  if (statSync(file).size % 512 !== 32) throw new Error("sha256 checksum not found");

  stage("compress");
  if (environment.ENABLE_COMPRESSION === "true") {
    mustRunSync("zstd", ["--quiet", file]);
    file = `${file}.zst`;
  }

  stage("encrypt");
  mustRunSync("age", ["--recipient", AGE_X25519_PUBLIC_KEY ?? "", "--output", `${file}.age`, file]);
  file = `${file}.age`;

  stage("upload");
  const client = s3Client({ ...environment, AWS_ENDPOINT_URL_S3: CUSTOM_S3_ENDPOINT });
  await new Upload({
    client,
    params: { Bucket: BUCKET ?? "", Key: `${S3_PREFIX}/${file}`, Body: createReadStream(file) },
    partSize: PART,
    leavePartsOnError: true,
  }).done();
};
