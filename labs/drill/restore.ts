/** Losing everything, and getting it back with the runbook's own commands. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { failureOf, runCommand } from "../../lib/core/process/command.ts";
import {
  fetchObject,
  openByHand,
  restoreDataDirectory,
  shellLine,
  snapshotStatus,
} from "../../operations/restore/commands.ts";
import { parseObjectName } from "../../operations/verify-backup/object-name.ts";
import { must } from "../checks.ts";
import { BUCKET, type DrillWorld, judge, newDirectory, reasonsOf, stored } from "./drill-world.ts";
import { Etcd, type StoredKey } from "./etcd.ts";
import { clientVariables, REGION } from "./object-server.ts";
import { checkout, IDENTITY_FILE, runbookCommands } from "./runbook.ts";
import { stateDifferences, valueDifferences } from "./state.ts";

const TIMEOUT = 10 * 60_000;

export interface Lost {
  /** Data directory of the member that is lost. */
  readonly dataDirectory: string;
  /** The values that were written to it. */
  readonly values: ReadonlyMap<string, string>;
  /** Its keys when the last backup was made. */
  readonly state: ReadonlyMap<string, StoredKey>;
}

/** Each step is a row of the checks, with its time; a step whose predecessor missed misses too. */
export const checkRestore = async (
  world: DrillWorld,
  { dataDirectory, values, state }: Lost,
): Promise<void> => {
  const { checks, server } = world;
  const store = { bucket: BUCKET, region: REGION, endpoint: server.endpoint };
  const runbook = runbookCommands(store);
  const desk = checkout(world.root, newDirectory(world));
  copyFileSync(world.identityFile, join(desk, IDENTITY_FILE));
  const snapshot = join(desk, "db.snapshot");
  const restored = join(newDirectory(world), "etcd");
  /** One line of a runbook, in a shell. */
  const type = async (line: string, directory = desk): Promise<string> => {
    world.log(`  $ ${line}`);
    const result = await runCommand("sh", ["-c", line], {
      timeout: TIMEOUT,
      directory,
      variables: clientVariables(server.endpoint, world.reader),
    });
    const failure = failureOf(result);
    must(failure === undefined, `${line}: ${failure} ${result.stdout.trim()}`);
    return result.stdout;
  };

  await checks.run("lose the data directory", async () => {
    await world.etcd.kill();
    rmSync(dataDirectory, { recursive: true });
    return "etcd killed, directory removed";
  });

  await checks.run("runbook: fetch, decrypt, verify", async () => {
    const out = await type(runbook.fetch);
    const line = out.split("\n").find((each) => each.includes("revision"));
    must(line !== undefined, "says no revision");
    return line.trim();
  });

  const aws = await runCommand("aws", ["--version"], { timeout: 60_000 });
  if (aws.code !== 0)
    checks.leaveOut("aws s3 ls, aws s3 cp", "not installed; an S3 client reads the objects");
  const fetched = async (key: string, directory: string): Promise<string> => {
    const file = basename(key);
    if (aws.code === 0) await type(shellLine(fetchObject(store, key, file)), directory);
    else writeFileSync(join(directory, file), await read(world, key));
    copyFileSync(world.identityFile, join(directory, IDENTITY_FILE));
    return file;
  };
  const keys = [...(await stored(world)).keys()].sort();

  await checks.run("runbook: the same by hand", async () => {
    const directory = newDirectory(world);
    const newest = keys.at(-1) ?? "";
    const time =
      parseObjectName(newest)
        ?.time.toISOString()
        .replace(/\.\d+Z$/, "Z") ?? "";
    if (aws.code !== 0) await fetched(newest, directory);
    else copyFileSync(world.identityFile, join(directory, IDENTITY_FILE));
    for (const line of runbook.byHand) {
      if (aws.code !== 0 && line.startsWith("aws ")) continue;
      await type(line.replaceAll("TIME", time), directory);
    }
    const isSame = readFileSync(join(directory, "db.snapshot")).equals(readFileSync(snapshot));
    must(isSame, "differs from what verify-backup wrote");
    return `the same bytes from ${basename(newest)}`;
  });

  await checks.run("a compressed one by hand", async () => {
    const key = keys.find((each) => each.endsWith(".zst.age"));
    must(key !== undefined, "none is stored");
    const directory = newDirectory(world);
    const steps = openByHand(await fetched(key, directory), IDENTITY_FILE);
    for (const command of [...steps.commands, snapshotStatus(steps.snapshot)]) {
      await type(shellLine(command), directory);
    }
    const judgement = await judge(world, join(directory, steps.snapshot), { decrypted: true });
    must(judgement.good, `refused: ${reasonsOf(judgement)}`);
    return `revision ${judgement.revision} from ${basename(key)}`;
  });

  await checks.run("runbook: restore", async () => {
    await type(shellLine(restoreDataDirectory(snapshot, restored)));
    return "etcdutl checked the hash";
  });

  await checks.run("start etcd on what was restored", async () => {
    world.etcd = await Etcd.start(restored);
    return `revision ${await world.etcd.revision()}`;
  });

  await checks.run("compare every key", async () => {
    const [victim = ""] = values.keys();
    if (world.faults.includes("restore")) await world.etcd.delete([victim]);
    const found = await world.etcd.all();
    const wrong = [...valueDifferences(values, found), ...stateDifferences(state, found)];
    must(wrong.length === 0, wrong.join("; "));
    must(found.size === values.size, `${found.size} keys instead of ${values.size}`);
    return `${found.size} keys: value, version, create and mod revision`;
  });

  await checks.run("etcd works on", async () => {
    const before = await world.etcd.revision();
    await world.etcd.put([["/registry/drill/after", "restored"]]);
    must((await world.etcd.revision()) === before + 1, "the revision does not go on");
    return "the next write has the next revision";
  });
};

const read = async ({ server, reader }: DrillWorld, key: string): Promise<Uint8Array> => {
  const { Body } = await server.client(reader).send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  must(Body !== undefined, `${key}: no content`);
  return Body.transformToByteArray();
};
