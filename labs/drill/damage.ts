/** Damaged backups: each must be refused, and for its reason. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { failureOf, runCommand } from "../../lib/core/process/command.ts";
import { must } from "../checks.ts";
import { BUCKET, type DrillWorld, judge, newDirectory, PREFIX, reasonsOf } from "./drill-world.ts";
import { CLUSTER } from "./runbook.ts";

const TIMES = 20;
/** Each is encrypted anew and read whole. */
const TIMES_INSIDE = 5;
const TIMEOUT = 60_000;

/** Damages a copy of the newest backup in many ways. */
export const checkDamage = async (world: DrillWorld): Promise<void> => {
  const { checks, random, server } = world;
  const directory = newDirectory(world);
  const newest = await judge(world);
  const key = newest.source.replace(`s3://${BUCKET}/`, "");
  const object = await server.client(server.owner).send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  const content = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
  const file = join(directory, basename(key));
  const plain = join(newDirectory(world), "db.snapshot");
  const good = await judge(world, newest.source, { output: plain });
  const snapshot = good.good ? readFileSync(plain) : Buffer.alloc(1024);

  /** Judges content in the place of the backup, and wants one of these reasons. */
  const refused = async (damaged: Uint8Array, what: string, reasons: readonly string[], name = file) => {
    writeFileSync(name, damaged);
    const found = reasonsOf(await judge(world, name));
    must(reasons.includes(found), `${what}: ${found} instead of ${reasons.join(" or ")}`);
    return found;
  };
  const encrypted = async (damaged: Uint8Array): Promise<Uint8Array> => {
    const inside = join(directory, "inside");
    writeFileSync(inside, damaged);
    const args = ["--recipient", world.recipient, "--output", `${inside}.age`, inside];
    const failure = failureOf(await runCommand("age", args, { timeout: TIMEOUT }));
    must(failure === undefined, `age: ${failure}`);
    return readFileSync(`${inside}.age`);
  };
  const times = async (count: number, work: () => Promise<string>): Promise<string> => {
    const reasons = new Map<string, number>();
    for (let each = 0; each < count; each += 1) {
      const reason = await work();
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    return [...reasons].map(([reason, number]) => `${number} ${reason}`).join(", ");
  };
  const flip = (bytes: Buffer): [Buffer, number] => {
    const copy = Buffer.from(bytes);
    const at = random.below(copy.length);
    copy.writeUInt8(copy.readUInt8(at) ^ (1 << random.below(8)), at);
    return [copy, at];
  };

  await checks.run(`truncated at random, ${TIMES} times`, () =>
    times(TIMES, () => {
      const length = random.below(content.length);
      return refused(content.subarray(0, length), `cut to ${length} bytes`, [
        "truncated",
        "damaged",
        "empty",
      ]);
    }),
  );
  await checks.run(`a bit flipped, ${TIMES} times`, () =>
    times(TIMES, () => {
      const [damaged, at] = flip(content);
      return refused(damaged, `bit flipped in byte ${at}`, ["tampered", "damaged", "wrong-key"]);
    }),
  );
  await checks.run(`damaged before it was encrypted, ${2 * TIMES_INSIDE} times`, async () => {
    const cut = await times(TIMES_INSIDE, async () => {
      const length = 1024 + random.below(snapshot.length - 1024);
      const damaged = await encrypted(snapshot.subarray(0, length));
      return refused(damaged, `snapshot cut to ${length} bytes`, ["truncated", "tampered"]);
    });
    const flipped = await times(TIMES_INSIDE, async () => {
      const [damaged, at] = flip(snapshot);
      const reasons = ["tampered", "not-a-snapshot"];
      return refused(await encrypted(damaged), `snapshot with a bit flipped in byte ${at}`, reasons);
    });
    return `cut: ${cut}; flipped: ${flipped}`;
  });
  await checks.run("a wrong key", async () => {
    writeFileSync(file, content);
    const found = reasonsOf(await judge(world, file, {}, world.strangerFile));
    must(found === "wrong-key", `${found} instead of wrong-key`);
    return "wrong-key";
  });
  await checks.run("empty, unencrypted, future, too old", async () => {
    const named = (time: string) => join(directory, `${CLUSTER}-${time}.snap.zst.age`);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+Z$/, "Z");
    await refused(Buffer.alloc(0), "no byte", ["empty"]);
    await refused(snapshot, "a plain snapshot", ["unencrypted"]);
    await refused(content, "one of tomorrow", ["future"], named(tomorrow));
    writeFileSync(named("2026-01-01T00:00:00Z"), content);
    const old = reasonsOf(await judge(world, named("2026-01-01T00:00:00Z"), { maxAge: "26h" }));
    must(old === "too-old", `one of January: ${old} instead of too-old`);
    return "each for its reason";
  });
  await checks.run("a damaged one is the newest in the bucket", async () => {
    const time = new Date(Date.now() + 2_000).toISOString().replace(/\.\d+Z$/, "Z");
    const bad = { Bucket: BUCKET, Key: `${PREFIX}/${CLUSTER}-${time}.snap.zst.age` };
    await server
      .client(world.writer)
      .send(new PutObjectCommand({ ...bad, Body: content.subarray(0, content.length / 2) }));
    const judgement = await judge(world);
    await server.client(server.owner).send(new DeleteObjectCommand(bad));
    must(judgement.source.endsWith(bad.Key), `judged ${judgement.source}`);
    must(!judgement.good, "counts as good");
    must((await judge(world)).good, "the one before is refused too");
    return `refused as ${reasonsOf(judgement)}; the one before is good`;
  });
};
