/** A bucket with a lock, as the backup stack makes it: nobody deletes its history. */
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
} from "@aws-sdk/client-s3";
import { must } from "../checks.ts";
import type { DrillWorld } from "./drill-world.ts";
import { isDenied } from "./permissions.ts";

const BUCKET = "drill-locked";
const DAY = 86_400_000;
const CONTENT = "a snapshot under lock";

/** Tries with the key of the server's owner. */
export const checkLock = async ({ server, checks }: DrillWorld): Promise<void> => {
  await checks.run("lock: not even the owner deletes", async () => {
    const owner = server.client(server.owner);
    await owner.send(new CreateBucketCommand({ Bucket: BUCKET, ObjectLockEnabledForBucket: true }));
    await owner.send(
      new PutObjectLockConfigurationCommand({
        Bucket: BUCKET,
        ObjectLockConfiguration: {
          ObjectLockEnabled: "Enabled",
          Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 30 } },
        },
      }),
    );
    const until = (days: number) => new Date(Date.now() + days * DAY);
    const put = async (key: string, lock: object) => {
      const object = { Bucket: BUCKET, Key: key };
      await owner.send(new PutObjectCommand({ ...object, ...lock, Body: CONTENT }));
      const { Versions = [] } = await owner.send(
        new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: key }),
      );
      return { ...object, VersionId: Versions[0]?.VersionId };
    };
    const byDefault = await put("etcd/by-default.snap.age", {});
    // AWS and MinIO write the bucket's default to each object; this server looks it up, and so would let it be shortened.
    const version = await put("etcd/locked.snap.age", {
      ObjectLockMode: "COMPLIANCE",
      ObjectLockRetainUntilDate: until(30),
    });
    const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
      "delete a version under the bucket's lock": () => owner.send(new DeleteObjectCommand(byDefault)),
      "delete a version under its own": () => owner.send(new DeleteObjectCommand(version)),
      "delete it with a bypass": () =>
        owner.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true })),
      "shorten the lock": () =>
        owner.send(
          new PutObjectRetentionCommand({
            ...version,
            Retention: { Mode: "COMPLIANCE", RetainUntilDate: until(1) },
            BypassGovernanceRetention: true,
          }),
        ),
    };
    const allowed: string[] = [];
    for (const [name, attempt] of Object.entries(attempts))
      if (!(await isDenied(attempt))) allowed.push(name);
    must(allowed.length === 0, `the owner may ${allowed.join(", ")}`);
    // A delete without a version only hides it.
    await owner.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: version.Key }));
    const { Body } = await owner.send(new GetObjectCommand(version));
    must((await Body?.transformToString()) === CONTENT, "the version is lost");
    await owner.send(new DeleteBucketCommand({ Bucket: BUCKET })).then(
      () => must(false, "the owner may delete the bucket"),
      () => undefined,
    );
    return `denied: ${Object.keys(attempts).join(", ")}; a deleted object's version is still read`;
  });
};
