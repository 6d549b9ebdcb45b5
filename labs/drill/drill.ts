/** The drill: a state is backed up, lost, restored and compared; then everything that can go wrong does. */

import { join } from "node:path";
import { build } from "esbuild";
import { readerPolicy } from "../../lib/backup/bucket-policies.ts";
import { writerPolicy } from "../../lib/backup/writer-policy.ts";
import { mustRunSync } from "../../lib/core/process/command.ts";
import { HttpUrl } from "../../lib/core/values/http-url.ts";
import { bucketArn } from "../../lib/core/values/s3-location.ts";
import { Checks, must } from "../checks.ts";
import { checkBucketDown } from "./bucket-down.ts";
import { checkDamage } from "./damage.ts";
import { checkFullDisks } from "./disk-full.ts";
import {
  BUCKET,
  COMPRESSING,
  type DrillFault,
  type DrillWorld,
  judge,
  type Keys,
  newDirectory,
  PLAIN,
  reasonsOf,
  runUploader,
} from "./drill-world.ts";
import { Etcd } from "./etcd.ts";
import { checkKills } from "./killed.ts";
import { checkLock } from "./lock.ts";
import { ObjectServer, REGION } from "./object-server.ts";
import { checkPermissions } from "./permissions.ts";
import { Random } from "./random.ts";
import { checkRestore, type Lost } from "./restore.ts";
import { WRITER_PREFIX } from "./runbook.ts";
import { fill, valueDifferences } from "./state.ts";
import type { Stage } from "./uploader.ts";

interface DrillOptions {
  readonly root: string;
  /** Empty, for this run alone. */
  readonly directory: string;
  readonly seed: number;
  readonly count: number;
  readonly kills: number;
  readonly faults: readonly DrillFault[];
  readonly log: (line: string) => void;
}

/** Returns the checks, all of them made. */
export const drill = async (options: DrillOptions): Promise<Checks> => {
  const { directory, faults, root, log } = options;
  const checks = new Checks("drill", log);
  const random = new Random(options.seed);
  const server = await ObjectServer.start(join(directory, "bucket"), join(directory, "s3"));
  const dataDirectory = join(directory, "etcd");
  const etcd = await Etcd.start(dataDirectory);
  const world: DrillWorld = {
    ...options,
    ...makeKeys(directory),
    ...(await makeUsers(server, faults)),
    uploader: await bundleUploader(root, directory),
    checks,
    random,
    server,
    etcd,
  };
  try {
    const lost = await backUp(world, dataDirectory);
    await checks.section("permissions", () => checkPermissions(world));
    await checks.section("lock", () => checkLock(world));
    await checks.section("restore", () => checkRestore(world, lost));
    const usual = await oneMore(world);
    await checks.section("kills", () => checkKills(world, usual));
    await checks.section("bucket down", () => checkBucketDown(world, usual.upload ?? 0));
    await checks.section("full disks", () => checkFullDisks(world));
    await checks.section("damage", () => checkDamage(world));
  } finally {
    await world.etcd.kill();
    await server.kill();
  }
  notRun(checks);
  return checks;
};

const makeKeys = (directory: string): Keys => {
  const make = (name: string): string => {
    const file = join(directory, name);
    mustRunSync("age-keygen", ["-o", file]);
    return file;
  };
  const identityFile = make("key.txt");
  const recipient = mustRunSync("age-keygen", ["-y", identityFile]).trim();
  return { identityFile, recipient, strangerFile: make("stranger.txt") };
};

/** Writer and reader have the very policies of the backup stack. */
const makeUsers = async (server: ObjectServer, faults: readonly DrillFault[]) => {
  const arn = bucketArn(BUCKET, REGION, HttpUrl.parse(server.endpoint));
  await server.makeBucket(BUCKET);
  const everything = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["s3:*"], Resource: [arn, `${arn}/*`] }],
  };
  return {
    writer: await server.makeUser(
      "backup-writer",
      faults.includes("policy") ? everything : writerPolicy(arn, WRITER_PREFIX),
    ),
    reader: await server.makeUser("backup-reader", readerPolicy(arn, WRITER_PREFIX)),
  };
};

/** One file that starts quickly. */
const bundleUploader = async (root: string, directory: string): Promise<string> => {
  const outfile = join(directory, "uploader.cjs");
  await build({
    entryPoints: [join(root, "labs", "drill", "uploader-program.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
  });
  return outfile;
};

/** The known state, and a backup of it in each form. */
const backUp = async (world: DrillWorld, dataDirectory: string): Promise<Lost> => {
  const { checks } = world;
  let values: ReadonlyMap<string, string> = new Map();
  await checks.run(`fill etcd with ${world.count} keys`, async () => {
    values = await fill(world.etcd, world.count, world.random);
    return `revision ${await world.etcd.revision()}`;
  });
  const state = await world.etcd.all();
  await checks.run("the state is the known one", async () => {
    const wrong = valueDifferences(values, state);
    must(wrong.length === 0, wrong.join("; "));
    return `${state.size} keys`;
  });
  // The build that the environments pin comes last, as the runbook is written for it.
  for (const build of [COMPRESSING, PLAIN] as const) {
    await checks.run(`back up as talos-backup ${build} does`, async () => {
      const { status, stderr, stages } = await runUploader(world, { build });
      must(status === 0, `the uploader ended with ${status}: ${stderr.trim()}`);
      const judgement = await judge(world);
      must(judgement.good, `refused: ${reasonsOf(judgement)}`);
      must(judgement.keys === values.size, `holds ${judgement.keys} keys instead of ${values.size}`);
      return `${megabytes(judgement.stored)} of ${megabytes(judgement.bytes)}; ${inSeconds(stages)}`;
    });
  }
  return { dataDirectory, values, state };
};

/** Backs the restored cluster up once more, and tells how long each stage usually takes. */
const oneMore = async (world: DrillWorld): Promise<Partial<Record<Stage, number>>> => {
  let usual: Partial<Record<Stage, number>> = {};
  await world.checks.run("back up what was restored", async () => {
    const { status, stderr, stages } = await runUploader(world, { directory: newDirectory(world) });
    must(status === 0, `the uploader ended with ${status}: ${stderr.trim()}`);
    const judgement = await judge(world);
    must(judgement.good, `refused: ${reasonsOf(judgement)}`);
    usual = stages;
    return `revision ${judgement.revision}; ${inSeconds(stages)}`;
  });
  return usual;
};

const megabytes = (bytes = 0): string => `${(bytes / 1e6).toFixed(1)} MB`;
const inSeconds = (stages: Partial<Record<Stage, number>>): string =>
  Object.entries(stages)
    .map(([stage, milliseconds]) => `${stage} ${(milliseconds / 1000).toFixed(1)} s`)
    .join(", ");

const notRun = (checks: Checks): void => {
  checks.leaveOut("talos-backup itself", "no Go module of it can be had; the uploader does the same steps");
  checks.leaveOut("talosctl bootstrap --recover-from", "needs Talos; etcdutl restores in its place");
};
