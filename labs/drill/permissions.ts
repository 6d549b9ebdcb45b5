/** Checks the writer's credentials: they can put backups, and can do nothing else. */
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { must } from "../checks.ts";
import { BUCKET, type DrillWorld, lost, PREFIX, stored } from "./drill-world.ts";
import { WRITER_PREFIX } from "./runbook.ts";

const OTHER = "other-cluster";
const DENIED = 403;

/** Attempts to do harm with the key of a pod, each of which the server must deny; a secret of others must stay one. */
export const checkPermissions = async (world: DrillWorld): Promise<void> => {
  const { server, checks } = world;
  const owner = server.client(server.owner);
  const writer = server.client(world.writer);
  const foreign = { Bucket: BUCKET, Key: `${OTHER}/theirs.snap.age` };
  await owner.send(new PutObjectCommand({ ...foreign, Body: "theirs" }));
  const before = await stored(world);
  const [key = ""] = before.keys();
  const own = { Bucket: BUCKET, Key: key };
  const versions = await owner.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: key }));
  const version = versions.Versions?.[0]?.VersionId;

  const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
    "read its own": () => writer.send(new GetObjectCommand(own)),
    "read others'": () => writer.send(new GetObjectCommand(foreign)),
    list: () => writer.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: `${PREFIX}/` })),
    "delete its own": () => writer.send(new DeleteObjectCommand(own)),
    "delete a version": () => writer.send(new DeleteObjectCommand({ ...own, VersionId: version })),
    "delete several": async () => {
      const answer = await writer.send(
        new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: own.Key }] } }),
      );
      // The request may be let through, and each of its objects denied.
      if (answer.Errors?.[0]?.Code === "AccessDenied") throw new Denied();
    },
    "delete others'": () => writer.send(new DeleteObjectCommand(foreign)),
    "write elsewhere": () => writer.send(new PutObjectCommand({ ...foreign, Body: "mine" })),
    "write beside the prefix": () =>
      writer.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${WRITER_PREFIX}-else/x`, Body: "mine" })),
    "turn versions off": () =>
      writer.send(
        new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: "Suspended" } }),
      ),
    "change the bucket's policy": () =>
      writer.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: everything })),
    "delete the bucket": () => writer.send(new DeleteBucketCommand({ Bucket: BUCKET })),
  };
  await checks.run("writer: denied all but to put", async () => {
    const allowed: string[] = [];
    for (const [name, attempt] of Object.entries(attempts))
      if (!(await isDenied(attempt))) allowed.push(name);
    must(allowed.length === 0, `the writer may ${allowed.join(", ")}`);
    must(lost(before, await stored(world)).length === 0, "something was lost all the same");
    return `${Object.keys(attempts).length} attempts denied: ${Object.keys(attempts).join(", ")}`;
  });

  await checks.run("writer: overwrites nothing for good", async () => {
    const body = await owner.send(new GetObjectCommand(own));
    const whole = await body.Body?.transformToByteArray();
    await writer.send(new PutObjectCommand({ ...own, Body: "overwritten with a stolen key" }));
    const old = await owner.send(new GetObjectCommand({ ...own, VersionId: version }));
    const kept = await old.Body?.transformToByteArray();
    must(
      kept !== undefined && Buffer.from(kept).equals(whole ?? Buffer.alloc(0)),
      "the version before is lost",
    );
    await owner.send(new PutObjectCommand({ ...own, Body: kept }));
    return `the version before stays, ${kept.length} bytes`;
  });
};

class Denied extends Error {}

const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: `arn:aws:s3:::${BUCKET}/*` }],
});

/** True when the attempt is denied; one that fails for another reason was let through. */
export const isDenied = async (attempt: () => Promise<unknown>): Promise<boolean> => {
  try {
    await attempt();
    return false;
  } catch (error) {
    return (
      error instanceof Denied ||
      (error instanceof S3ServiceException && error.$metadata.httpStatusCode === DENIED)
    );
  }
};
