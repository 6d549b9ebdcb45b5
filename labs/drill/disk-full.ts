/** Full disks: of the uploader, of the one who checks, and of the one who restores. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../lib/core/process/command.ts";
import { restoreDataDirectory, verifyBackup } from "../../operations/restore/commands.ts";
import { must } from "../checks.ts";
import {
  BUCKET,
  type DrillWorld,
  judge,
  lost,
  newDirectory,
  PREFIX,
  reasonsOf,
  runUploader,
  stored,
} from "./drill-world.ts";
import { clientVariables, REGION } from "./object-server.ts";
import { smallDisk } from "./small-disk.ts";

const TIMEOUT = 5 * 60_000;

export const checkFullDisks = async (world: DrillWorld): Promise<void> => {
  const { checks } = world;
  const { bytes = 0, stored: compressed = 0 } = await judge(world);

  await checks.run("the uploader's disk is full", async () => {
    const outcomes: string[] = [];
    // Too small for the snapshot; then for what is made of it as well.
    for (const size of [bytes / 2, bytes + compressed / 2]) {
      const disk = await smallDisk(newDirectory(world), size);
      try {
        const before = await stored(world);
        const { status, stages } = await runUploader(world, disk);
        const last = Object.keys(stages).at(-1);
        // A limit on files lets the second one through.
        if (status === 0 && disk.wrapper.length > 0) continue;
        must(status !== 0, `the uploader says it is well on ${disk.kind}`);
        must((await stored(world)).size === before.size, `something was stored from ${disk.kind}`);
        must(lost(before, await stored(world)).length === 0, "something was lost");
        outcomes.push(`failed in ${last} on ${disk.kind}`);
      } finally {
        await disk.remove();
      }
    }
    const judgement = await judge(world);
    must(judgement.good, `the newest is refused: ${reasonsOf(judgement)}`);
    return `${outcomes.join("; ")}; nothing stored, the newest is good`;
  });

  await checks.run("no room to check a backup", async () => {
    const disk = await smallDisk(newDirectory(world), bytes / 2);
    try {
      const output = join(newDirectory(world), "db.snapshot");
      const source = `s3://${BUCKET}/${PREFIX}/`;
      const store = { region: REGION, endpoint: world.server.endpoint };
      const command = verifyBackup({ source, store, identityFile: world.identityFile, output });
      const [program = "", ...args] = [...disk.wrapper, command.command, ...command.args];
      const result = await runCommand(program, args, {
        timeout: TIMEOUT,
        directory: world.root,
        variables: {
          ...command.environment,
          ...clientVariables(world.server.endpoint, world.reader),
          TMPDIR: disk.directory,
        },
      });
      must(result.code !== 0, "it counts as good");
      must(!result.stdout.includes("GOOD"), "it says that it is good");
      must(!existsSync(output), "it wrote a snapshot");
      must(disk.wrapper.length > 0 || result.stdout.includes("no-room"), `it says: ${result.stdout.trim()}`);
      const left = readdirSync(disk.directory).filter((name) => name.startsWith("verify-backup-"));
      must(disk.wrapper.length > 0 || left.length === 0, `it left ${left.join(", ")}`);
      return `not judged on ${disk.kind}, and nothing written`;
    } finally {
      await disk.remove();
    }
  });

  await checks.run("no room to restore", async () => {
    const snapshot = join(newDirectory(world), "db.snapshot");
    const good = await judge(world, undefined, { output: snapshot });
    must(good.good, `the newest is refused: ${reasonsOf(good)}`);
    const disk = await smallDisk(newDirectory(world), bytes / 2);
    try {
      const failing = restoreDataDirectory(snapshot, join(disk.directory, "etcd"));
      const [program = "", ...args] = [...disk.wrapper, failing.command, ...failing.args];
      const result = await runCommand(program, args, { timeout: TIMEOUT });
      must(result.code !== 0, `etcdutl says it is well on ${disk.kind}`);
    } finally {
      await disk.remove();
    }
    const again = restoreDataDirectory(snapshot, join(newDirectory(world), "etcd"));
    const result = await runCommand(again.command, again.args, { timeout: TIMEOUT });
    must(result.code === 0, "the same snapshot cannot be restored elsewhere afterwards");
    return `etcdutl fails on ${disk.kind}; the same snapshot is restored elsewhere`;
  });
};
