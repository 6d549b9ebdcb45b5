import { HttpUrl } from "./http-url.ts";

/** Places of backups: checks of bucket names, prefixes and endpoints, and the names of them in policies. */

const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3)$/;
/** The longest that leaves room for a file name in a key (1024) and names a lifecycle rule (255). */
const MAX_PREFIX = 200;
const PREFIX_SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * The reason why a bucket cannot have this name. Dots are refused too: with them, certificates of AWS do not match.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const bucketProblems = (bucket: string): string[] => {
  if (!BUCKET.test(bucket)) {
    return [
      `bucket: must be 3 to 63 lower-case letters, digits and dashes, no dash at an end: got ${JSON.stringify(bucket)}`,
    ];
  }
  return RESERVED.test(bucket) ? [`bucket: must not use an affix that AWS reserves: got "${bucket}"`] : [];
};

/**
 * The reason why a prefix would put objects outside of what the writer may write, or where a restore would not look.
 */
export const prefixProblems = (prefix: string): string[] =>
  prefix.length <= MAX_PREFIX && prefix.split("/").every((segment) => PREFIX_SEGMENT.test(segment))
    ? []
    : [
        `prefix: must be names joined by single slashes, none at an end, at most 200 characters, e.g. "etcd" or "homelab/etcd": got ${JSON.stringify(prefix)}`,
      ];

/** The reason why an S3 client cannot use an endpoint: a path has no place in it. */
export const endpointProblems = (endpoint: HttpUrl | null): string[] =>
  endpoint === null || /^https?:\/\/[^/]+$/.test(`${endpoint}`)
    ? []
    : [
        `endpoint: must be http:// or https://, a host and perhaps a port, and nothing after it: got "${endpoint}"`,
      ];

/** The place of a bucket. */
export interface BucketPlace {
  readonly bucket: string;
  readonly region: string;
  /** URL of a MinIO server; null for AWS itself. */
  readonly endpoint: HttpUrl | null;
}

/** URL of the server that a bucket's clients connect to. */
export const bucketUrl = ({ bucket, region, endpoint }: BucketPlace): HttpUrl =>
  endpoint ?? HttpUrl.parse(`https://${bucket}.s3.${region}.amazonaws.com`);

const partitionOf = (region: string): string =>
  region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";

/** Amazon resource name of a bucket; MinIO reads `arn:aws:s3:::` in every region. */
export const bucketArn = (bucket: string, region: string, endpoint: HttpUrl | null): string =>
  `arn:${endpoint === null ? partitionOf(region) : "aws"}:s3:::${bucket}`;
