import { TerraformOutput } from "cdktf";
import { describe, expect, test } from "vitest";
import { BackupBucket, type BackupBucketProps } from "../../../lib/backup/backup-bucket.ts";
import { StorageProvider } from "../../../lib/backup/storage-provider.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";
import { onlyResource, type SynthesizedStack, synth } from "../../synth.ts";

const aws: BackupBucketProps = {
  bucket: "vixens-backup",
  region: "eu-west-3",
  endpoint: null,
  access: { putUnder: "vixens/etcd" },
  expiry: [
    { prefix: "vixens/etcd/daily", days: 30 },
    { prefix: "vixens/etcd/monthly", days: 400 },
  ],
  noncurrentDays: 14,
};
const minio = { ...aws, endpoint: HttpUrl.parse("http://minio:9000") };

const build = (...all: BackupBucketProps[]): SynthesizedStack =>
  synth((stack) => {
    new StorageProvider(stack, "aws", { region: "eu-west-3", endpoint: all[0]?.endpoint ?? null });
    for (const [index, props] of all.entries()) {
      const { outputs } = new BackupBucket(stack, index === 0 ? "backup" : "second-copy", props);
      new TerraformOutput(stack, `key-${index}`, { value: outputs.secretAccessKey, sensitive: true });
    }
  });
const policyOf = (resource: Record<string, unknown>) => JSON.parse(resource.policy as string);
const onlyOne = (type: string, props = aws) => onlyResource(build(props), type);

describe("on both", () => {
  test.each([aws, minio])("a protected, versioned bucket at $endpoint", (props) => {
    expect(onlyOne("aws_s3_bucket", props)).toMatchObject({
      bucket: "vixens-backup",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(onlyOne("aws_s3_bucket_versioning", props)).toMatchObject({
      bucket: expect.stringMatching(/^\$\{aws_s3_bucket\..*\.id\}$/),
      versioning_configuration: { status: "Enabled" },
    });
  });

  test.each([aws, minio])("no plan destroys what keeps the history, at $endpoint", (props) => {
    const found = Object.entries(build(props).resource ?? {}).filter(
      ([type]) => type !== "aws_iam_access_key",
    );
    for (const block of found.flatMap(([, blocks]) => Object.values(blocks))) {
      expect(block.lifecycle).toMatchObject({ prevent_destroy: true });
    }
  });
});

describe("on AWS", () => {
  test("is encrypted, owned by the bucket's owner, and never public", () => {
    expect(onlyOne("aws_s3_bucket_server_side_encryption_configuration")).toMatchObject({
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
    expect(onlyOne("aws_s3_bucket_ownership_controls")).toMatchObject({
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
    expect(onlyOne("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  test("refuses everybody without TLS 1.2", () => {
    const policy = onlyOne("aws_s3_bucket_policy");
    expect(policy.depends_on).toEqual([expect.stringMatching(/^aws_s3_bucket_public_access_block\./)]);
    const { Statement } = policyOf(policy);
    const everything = ["arn:aws:s3:::vixens-backup", "arn:aws:s3:::vixens-backup/*"];
    expect(Statement).toEqual(
      [{ Bool: { "aws:SecureTransport": "false" } }, { NumericLessThan: { "s3:TlsVersion": "1.2" } }].map(
        (Condition) => ({
          Sid: expect.any(String),
          Effect: "Deny",
          Principal: "*",
          Action: ["s3:*"],
          Resource: everything,
          Condition,
        }),
      ),
    );
  });

  test("snapshots expire, their old versions later, and parts of failed uploads soon", () => {
    const lifecycle = onlyOne("aws_s3_bucket_lifecycle_configuration");
    expect(lifecycle).toMatchObject({
      depends_on: [expect.stringMatching(/^aws_s3_bucket_versioning\./)],
      rule: [
        {
          id: "expire-vixens-etcd-daily",
          status: "Enabled",
          filter: [{ prefix: "vixens/etcd/daily/" }],
          expiration: [{ days: 30 }],
          noncurrent_version_expiration: [{ noncurrent_days: 14 }],
        },
        { id: "expire-vixens-etcd-monthly", expiration: [{ days: 400 }] },
        { status: "Enabled", abort_incomplete_multipart_upload: [{ days_after_initiation: 2 }] },
      ],
    });
    expect(onlyOne("aws_s3_bucket")).not.toHaveProperty("lifecycle_rule");
  });

  test("the writer can put under its prefix, and nothing else", () => {
    const stack = build(aws);
    expect(policyOf(onlyResource(stack, "aws_iam_user_policy"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "PutSnapshots",
          Effect: "Allow",
          Action: ["s3:PutObject"],
          Resource: ["arn:aws:s3:::vixens-backup/vixens/etcd/*"],
        },
      ],
    });
    expect(
      Object.keys(stack.resource ?? {})
        .filter((type) => type.startsWith("aws_iam"))
        .sort(),
    ).toEqual(["aws_iam_access_key", "aws_iam_user", "aws_iam_user_policy"]);
  });

  test("a rotated key exists before the old one goes", () => {
    expect(onlyOne("aws_iam_access_key")).toMatchObject({ lifecycle: { create_before_destroy: true } });
  });

  test("the longest bucket name still makes a user name that IAM takes", () => {
    const { name } = onlyOne("aws_iam_user", { ...aws, bucket: "b".repeat(63) });
    expect((name as string).length).toBeLessThanOrEqual(64);
  });
});

describe("on MinIO", () => {
  test("leaves out what it lacks", () => {
    expect(Object.keys(build(minio).resource ?? {}).sort()).toEqual([
      "aws_s3_bucket",
      "aws_s3_bucket_versioning",
    ]);
  });

  test("expires snapshots by the bucket's own rule", () => {
    expect(onlyOne("aws_s3_bucket", minio)).toMatchObject({
      lifecycle_rule: [
        {
          id: "expire-vixens-etcd-daily",
          enabled: true,
          prefix: "vixens/etcd/daily/",
          expiration: { days: 30 },
          noncurrent_version_expiration: { days: 14 },
        },
        { id: "expire-vixens-etcd-monthly", expiration: { days: 400 } },
      ],
    });
  });

  test("prints the policy of the writer and asks for its key", () => {
    const { output, variable } = build(minio);
    expect(JSON.parse(output?.backup_writer_policy?.value as string).Statement[0]).toMatchObject({
      Action: ["s3:PutObject"],
      Resource: ["arn:aws:s3:::vixens-backup/vixens/etcd/*"],
    });
    for (const name of ["backup_writer_access_key_id", "backup_writer_secret_access_key"]) {
      expect(variable?.[name]).toMatchObject({ sensitive: true, nullable: false, type: "string" });
      expect(variable?.[name]).not.toHaveProperty("default");
    }
  });

  test("two buckets of a stack ask for a key each", () => {
    const { variable } = build(minio, { ...minio, bucket: "second" });
    expect(Object.keys(variable ?? {})).toHaveLength(4);
    expect(variable).toHaveProperty("second_copy_writer_secret_access_key");
  });
});

test("the secret key is a reference", () => {
  expect(build(aws).output?.["key-0"]?.value).toMatch(/^\$\{aws_iam_access_key\..*\.secret\}$/);
  expect(build(minio).output?.["key-0"]?.value).toBe("${var.backup_writer_secret_access_key}");
});

test.each([
  [{ bucket: "Backup" }, "bucket: must be 3 to 63"],
  [{ access: { putUnder: "etcd/" } }, "prefix: must be names"],
  [{ endpoint: HttpUrl.parse("http://minio:9000/x") }, "endpoint: must be http"],
  [{ noncurrentDays: 1.5 }, "noncurrentDays: must be a whole number from 1 on: got 1.5"],
  [{ lock: { mode: "compliance", days: 0 } } as const, "lock.days: must be a whole number from 1 on: got 0"],
])("refuses %j", (wrong, message) => {
  expect(() => build({ ...aws, ...wrong })).toThrow(message);
});

test("reports several failures together", () => {
  expect(() =>
    build({
      ...aws,
      bucket: "B",
      access: { putUnder: "/" },
      expiry: [{ prefix: "a/", days: 0 }],
      noncurrentDays: 0,
    }),
  ).toThrow(/bucket: [\s\S]*prefix: [\s\S]*expiry\.0\.days: [\s\S]*noncurrentDays: /);
});
