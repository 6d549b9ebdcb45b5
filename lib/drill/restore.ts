/** Losing everything, and getting it back with the runbook's own commands. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import {
  fetchObject,
  listObjects,
  openByHand,
  type RestoreCommand,
  restoreDataDirectory,
  shellLine,
  snapshotStatus,
  verifyBackup,
} from "../backup/restore/commands.ts";
import { failureOf, runCommand } from "../upgrade/command.ts";
import { Etcd, type StoredKey } from "./etcd.ts";
import { clientVariables, REGION } from "./object-server.ts";
import { stateDifferences, valueDifferences } from "./state.ts";
import { must } from "./table.ts";
import { BUCKET, newDirectory, PREFIX, stored, type World } from "./world.ts";

const TIMEOUT = 10 * 60_000;

export interface Lost {
  /** Data directory of the member that is lost. */
  readonly dataDirectory: string;
  /** What was put into it. */
  readonly values: ReadonlyMap<string, string>;
  /** What was in it when the last backup was made. */
  readonly state: ReadonlyMap<string, StoredKey>;
}

/** Each step is a row of the table, with its time; a step whose predecessor missed misses too. */
export const checkRestore = async (world: World, { dataDirectory, values, state }: Lost): Promise<void> => {
  const { table, server } = world;
  const snapshot = join(newDirectory(world), "db.snapshot");
  const restored = join(newDirectory(world), "etcd");
  const run = async (command: RestoreCommand, directory = world.root): Promise<string> => {
    world.log(`  $ ${shellLine(command)}`);
    const result = await runCommand(command.command, command.args, {
      timeout: TIMEOUT,
      directory,
      variables: { ...command.environment, ...clientVariables(server.endpoint, world.reader) },
    });
    const failure = failureOf(result);
    must(failure === undefined, `${shellLine(command)}: ${failure} ${result.stdout.trim()}`);
    return result.stdout;
  };

  await table.check("lose the data directory", async () => {
    await world.etcd.kill();
    rmSync(dataDirectory, { recursive: true });
    return "etcd killed, directory removed";
  });

  await table.check("runbook: fetch, decrypt, verify", async () => {
    const store = { region: REGION, endpoint: server.endpoint };
    const source = `s3://${BUCKET}/${PREFIX}/`;
    const { identityFile } = world;
    const out = await run(verifyBackup({ source, store, identityFile, output: snapshot, maxAge: "26h" }));
    return (
      out
        .trim()
        .split("\n")
        .find((line) => line.includes("revision"))
        ?.trim() ?? "no revision"
    );
  });

  const aws = await runCommand("aws", ["--version"], { timeout: 60_000 });
  if (aws.code !== 0) table.notRun("aws s3 ls, aws s3 cp", "not installed; an S3 client reads the objects");

  await table.check("runbook: the same by hand", async () => {
    const store = { bucket: BUCKET, region: REGION, endpoint: server.endpoint };
    const forms: string[] = [];
    const keys = [...(await stored(world)).keys()].sort();
    if (aws.code === 0) await run(listObjects(store, PREFIX));
    for (const key of keys) {
      const directory = newDirectory(world);
      const file = basename(key);
      if (aws.code === 0) await run(fetchObject(store, key, file), directory);
      else writeFileSync(join(directory, file), await read(world, key));
      const steps = openByHand(file, world.identityFile);
      for (const command of steps.commands) await run(command, directory);
      await run(snapshotStatus(steps.snapshot), directory);
      forms.push(file.slice(file.indexOf(".snap")));
      const isNewest = key === keys.at(-1);
      const isSame = readFileSync(join(directory, steps.snapshot)).equals(readFileSync(snapshot));
      must(!isNewest || isSame, "differs from what verify-backup wrote");
    }
    return `same bytes; ${forms.join(", ")}`;
  });

  await table.check("runbook: restore", async () => {
    await run(restoreDataDirectory(snapshot, restored));
    return "etcdutl checked the hash";
  });

  await table.check("start etcd on what was restored", async () => {
    world.etcd = await Etcd.start(restored);
    return `revision ${await world.etcd.revision()}`;
  });

  await table.check("compare every key", async () => {
    const [victim = ""] = values.keys();
    if (world.faults.includes("restore")) await world.etcd.delete([victim]);
    const found = await world.etcd.all();
    const wrong = [...valueDifferences(values, found), ...stateDifferences(state, found)];
    must(wrong.length === 0, wrong.join("; "));
    must(found.size === values.size, `${found.size} keys instead of ${values.size}`);
    return `${found.size} keys: value, version, create and mod revision`;
  });

  await table.check("etcd works on", async () => {
    const before = await world.etcd.revision();
    await world.etcd.put([["/registry/drill/after", "restored"]]);
    must((await world.etcd.revision()) === before + 1, "the revision does not go on");
    return "the next write has the next revision";
  });
};

const read = async ({ server, reader }: World, key: string): Promise<Uint8Array> => {
  const { Body } = await server.client(reader).send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  must(Body !== undefined, `${key}: no content`);
  return Body.transformToByteArray();
};
