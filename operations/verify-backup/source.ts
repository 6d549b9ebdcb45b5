import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Bytes } from "./bytes.ts";
import { baseName, isSnapshotName, parseObjectName } from "./object-name.ts";
import { Refusal } from "./refusal.ts";

/** A backup that can be read once. */
export interface Source {
  /** The source as the user would name it. */
  readonly name: string;
  readonly size: number;
  /** The time at which the store took it; undefined for a file, whose time is that of a copy. */
  readonly stored?: Date | undefined;
  readonly bytes: Bytes;
}

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly stored: Date;
}

/** The part of an S3 server that reading needs. Each throws a `Refusal` when the server does not do it. */
export interface ObjectStore {
  list(bucket: string, prefix: string): Promise<readonly StoredObject[]>;
  get(bucket: string, key: string): Promise<{ readonly object: StoredObject; readonly bytes: Bytes }>;
}

/** The place of a backup. */
export type Location =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "object"; readonly bucket: string; readonly key: string }
  /** The newest below the prefix. */
  | { readonly kind: "newest"; readonly bucket: string; readonly prefix: string };

/**
 * Reads `s3://bucket/key`, `s3://bucket/prefix/` or the path of a file.
 *
 * Refused: another scheme; a bucket without key or slash.
 */
export const parseLocation = (text: string): Location => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: "file", path: text };
  const [, bucket, key] = /^s3:\/\/([^/\s]+)\/(.*)$/.exec(text) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new Error(
      `source: must be a file, s3://bucket/key or s3://bucket/prefix/: got ${JSON.stringify(text)}`,
    );
  }
  return key === "" || key.endsWith("/")
    ? { kind: "newest", bucket, prefix: key }
    : { kind: "object", bucket, key };
};

/** Opens a source; refuses a place with nothing at it. */
export const openSource = async (location: Location, store: () => Promise<ObjectStore>): Promise<Source> => {
  if (location.kind === "file") return openFile(location.path);
  const objects = await store();
  const key = location.kind === "object" ? location.key : await newest(objects, location);
  const { object, bytes } = await objects.get(location.bucket, key);
  return {
    name: `s3://${location.bucket}/${key}`,
    size: object.size,
    stored: object.stored,
    bytes: whole(bytes, object.size),
  };
};

const openFile = async (path: string): Promise<Source> => {
  try {
    const status = await stat(path);
    if (!status.isFile()) throw new Refusal("missing", "is no file");
    return { name: path, size: status.size, bytes: createReadStream(path) };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("missing", `cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown"}`);
  }
};

const newest = async (
  store: ObjectStore,
  { bucket, prefix }: Location & { readonly kind: "newest" },
): Promise<string> => {
  const objects = await store.list(bucket, prefix);
  const timeOf = ({ key, stored }: StoredObject) => (parseObjectName(key)?.time ?? stored).getTime();
  const [first] = objects
    .filter(({ key }) => isSnapshotName(baseName(key)))
    // Names go by the second; of two within one the later upload counts.
    .toSorted((a, b) => timeOf(b) - timeOf(a) || b.stored.getTime() - a.stored.getTime());
  if (!first) {
    throw new Refusal(
      "missing",
      `holds no snapshot, <cluster>-<time>.snap…, among ${objects.length} objects`,
    );
  }
  return first.key;
};

/** A connection may end before the object does. */
const whole = async function* (bytes: Bytes, size: number): AsyncGenerator<Uint8Array> {
  let got = 0;
  for await (const chunk of bytes) {
    got += chunk.length;
    yield chunk;
  }
  if (got !== size) {
    throw new Refusal("unreachable", `was not sent as a whole: ${got} of ${size} bytes`);
  }
};
