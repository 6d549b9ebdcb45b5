import { TerraformStack, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { BackupBucket, type BackupBucketProps } from "../../../lib/backup/backup-bucket.ts";
import { readerPolicy, volumePolicy } from "../../../lib/backup/bucket-policies.ts";
import { StorageProvider } from "../../../lib/backup/storage-provider.ts";
import { writerPolicy } from "../../../lib/backup/writer-policy.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";
import { onlyResource, type SynthesizedStack } from "../../synth.ts";

const ARN = "arn:aws:s3:::b";
const snapshots: BackupBucketProps = {
  bucket: "vixens-backup",
  region: "eu-west-3",
  endpoint: HttpUrl.parse("http://minio:9000"),
  access: { putUnder: "etcd" },
  expiry: [],
  noncurrentDays: 14,
};

const build = (props: Partial<BackupBucketProps> = {}, alias?: string): SynthesizedStack => {
  const stack = new TerraformStack(Testing.app(), "test");
  const endpoint = snapshots.endpoint;
  new StorageProvider(stack, "aws", { region: "eu-west-3", endpoint });
  const provider =
    alias === undefined
      ? {}
      : {
          provider: new StorageProvider(stack, alias, {
            region: "eu-west-3",
            endpoint: null,
            alias,
            besideMinio: true,
          }),
        };
  new BackupBucket(stack, "backup", { ...snapshots, ...props, ...provider });
  return JSON.parse(Testing.synth(stack, true));
};

const actions = (policy: { Statement: readonly { Action: readonly string[] }[] }) =>
  policy.Statement.flatMap(({ Action }) => Action);

describe("no credential that is handed out deletes history", () => {
  test.each([
    ["writer", writerPolicy(ARN, "etcd")],
    ["reader", readerPolicy(ARN, "etcd")],
    ["Velero", volumePolicy(ARN)],
  ])("%s", (_, policy) => {
    const may = actions(policy);
    expect(may.some((action) => action.includes("*"))).toBe(false);
    for (const forbidden of [/DeleteObjectVersion/, /Bypass/, /^s3:Put(?!Object$)/, /DeleteBucket/]) {
      expect(may.filter((action) => forbidden.test(action))).toEqual([]);
    }
    expect(policy.Statement.every(({ Effect }) => Effect === "Allow")).toBe(true);
  });

  test("the reader reads one prefix, and writes nowhere", () => {
    expect(actions(readerPolicy(ARN, "etcd")).filter((action) => !/^s3:(Get|List)/.test(action))).toEqual([]);
    expect(readerPolicy(ARN, "etcd").Statement[1]?.Resource).toEqual([`${ARN}/etcd/*`]);
    expect(readerPolicy(ARN, "etcd").Statement[0]?.Condition).toEqual({
      StringLike: { "s3:prefix": "etcd/*" },
    });
  });
});

describe("object lock", () => {
  test("is on from the bucket's creation, for every object", () => {
    const stack = build({ lock: { mode: "compliance", days: 30 } });
    expect(onlyResource(stack, "aws_s3_bucket")).toMatchObject({ object_lock_enabled: true });
    expect(onlyResource(stack, "aws_s3_bucket_object_lock_configuration")).toMatchObject({
      rule: { default_retention: { mode: "COMPLIANCE", days: 30 } },
      depends_on: [expect.stringMatching(/^aws_s3_bucket_versioning\./)],
      lifecycle: { prevent_destroy: true },
    });
  });

  test("is left out where it is not wanted", () => {
    expect(Object.keys(build({ lock: null }).resource ?? {})).toEqual([
      "aws_s3_bucket",
      "aws_s3_bucket_versioning",
    ]);
    expect(onlyResource(build(), "aws_s3_bucket")).not.toHaveProperty("object_lock_enabled");
  });
});

test("volume backups have a user that keeps the whole bucket", () => {
  const stack = build({ access: "volume-backups", endpoint: null }, "second");
  expect(JSON.parse(onlyResource(stack, "aws_iam_user_policy").policy as string).Statement[1]).toMatchObject({
    Action: expect.arrayContaining(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]),
    Resource: ["arn:aws:s3:::vixens-backup/*"],
  });
  expect(Object.keys(stack.output ?? {})).not.toContain("backup_reader_policy");
});

test("a bucket at another place has every resource made there", () => {
  const { resource, provider } = build({ endpoint: null, lock: { mode: "governance", days: 1 } }, "second");
  const blocks = Object.values(resource ?? {}).flatMap((byId) => Object.values(byId));
  expect(blocks.length).toBeGreaterThan(5);
  for (const block of blocks) expect(block.provider).toBe("aws.second");
  expect(provider?.aws).toHaveLength(2);
});

test("the policy of who restores is said, and no key of it is made", () => {
  const { output, variable } = build();
  expect(JSON.parse(output?.backup_reader_policy?.value as string)).toEqual(
    readerPolicy("arn:aws:s3:::vixens-backup", "etcd"),
  );
  expect(Object.keys(variable ?? {})).toEqual([
    "backup_writer_access_key_id",
    "backup_writer_secret_access_key",
  ]);
});
