/** An uploader that is killed: nothing is lost, and nothing that is not whole is there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ListMultipartUploadsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
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
import type { Stage } from "./uploader.ts";
import { STAGES } from "./uploader.ts";

/** Kills at a random moment of a random stage, as often as is asked for. */
export const checkKills = async (world: DrillWorld, usual: Partial<Record<Stage, number>>): Promise<void> => {
  const { random, log } = world;
  const at = new Map<Stage, number>();
  let finished = 0;
  await world.checks.run(`uploader killed ${world.kills} times`, async () => {
    let { files, judgement: newest } = await settled(world);
    must(newest.good, `before the first kill the newest is refused: ${reasonsOf(newest)}`);
    for (let run = 1; run <= world.kills; run += 1) {
      await world.etcd.put([["/registry/drill/run", String(run)]]);
      const now = await world.etcd.revision();
      const before = await stored(world);
      // What a killed uploader had sent whole may be stored only now.
      if (before.size !== files.size) newest = await judge(world);
      const stage = random.pick(STAGES);
      const delay = random.next() * (usual[stage] ?? 0);
      const directory = newDirectory(world);
      const { status } = await runUploader(world, {
        directory,
        onStage: (begun, kill) => {
          if (begun === stage) setTimeout(kill, delay);
        },
      });
      if (status === 0) finished += 1;
      at.set(stage, (at.get(stage) ?? 0) + 1);
      if (world.faults.includes("uploader")) await storeHalf(world, directory);
      const { files: after, judgement } = await settled(world);
      const gone = lost(before, after);
      must(gone.length === 0, `kill ${run} lost ${gone.join(", ")}`);
      must(judgement.good, `kill ${run} in ${stage} left a newest that is refused: ${reasonsOf(judgement)}`);
      const isNew = after.size > before.size;
      must(status !== 0 || isNew, `kill ${run} came too late, and yet nothing is stored`);
      const expected = isNew ? now : newest.revision;
      must(
        judgement.revision === expected,
        `kill ${run}: the newest has revision ${judgement.revision} instead of ${expected}`,
      );
      newest = judgement;
      files = after;
      log(
        `  kill ${run}: ${stage} + ${delay.toFixed(0)} ms: ${isNew ? "stored as a whole" : "nothing stored"}, the newest is good`,
      );
    }
    const { Uploads = [] } = await world.server
      .client(world.server.owner)
      .send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    const stages = [...at].map(([stage, count]) => `${count} in ${stage}`).join(", ");
    return `${stages}; ${finished} had finished; ${Uploads.length} unfinished uploads wait to expire`;
  });
};

/** The files that are stored, and the judgement of just those: a server may still store what came before the kill. */
const settled = async (world: DrillWorld) => {
  for (;;) {
    const files = await stored(world);
    const judgement = await judge(world);
    if ((await stored(world)).size === files.size) return { files, judgement };
  }
};

/** Stores half of a backup, as a store would that shows an incomplete upload. */
const storeHalf = async ({ server }: DrillWorld, directory: string): Promise<void> => {
  const file = readdirSync(directory).find((name) => name.endsWith(".age"));
  if (file === undefined) return;
  const content = readFileSync(join(directory, file));
  await server.client(server.owner).send(
    new PutObjectCommand({
      Bucket: BUCKET,
      Key: `${PREFIX}/${file}`,
      Body: content.subarray(0, content.length / 2),
    }),
  );
};
