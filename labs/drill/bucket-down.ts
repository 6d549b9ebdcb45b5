/** A bucket that goes away in the middle of an upload, and comes back. */
import { must } from "../checks.ts";
import { type DrillWorld, judge, lost, reasonsOf, runUploader, stored } from "./drill-world.ts";

export const checkBucketDown = async (world: DrillWorld, uploading: number): Promise<void> => {
  const { server, checks, random } = world;
  await checks.run("the bucket goes down in an upload", async () => {
    const before = await stored(world);
    const newest = await judge(world);
    const delay = random.next() * uploading;
    let down: Promise<void> | undefined;
    const result = await runUploader(world, {
      onStage: (stage) => {
        if (stage !== "upload") return;
        down = new Promise((resolve) => setTimeout(resolve, delay)).then(() => server.goDown());
      },
    });
    await down;
    const while_ = await judge(world);
    must(reasonsOf(while_) === "unreachable", `a bucket that is down is told as ${reasonsOf(while_)}`);
    const second = await runUploader(world);
    must(second.status !== 0, "an upload into a bucket that is down says it is well");
    await server.comeBack();
    const after = await stored(world);
    must(lost(before, after).length === 0, `lost ${lost(before, after).join(", ")}`);
    const judgement = await judge(world);
    must(judgement.good, `the newest is refused: ${reasonsOf(judgement)}`);
    must(
      (result.status === 0) === after.size > before.size,
      `the uploader ended with ${result.status}, and ${after.size - before.size} more are stored`,
    );
    must(
      after.size > before.size || judgement.source === newest.source,
      `the newest is ${judgement.source} instead of ${newest.source}`,
    );
    return `down ${delay.toFixed(0)} ms into it; uploads fail, a check says unreachable; nothing lost`;
  });

  // A miss must not leave the rest without a bucket.
  await server.comeBack();

  await checks.run("the bucket comes back", async () => {
    const before = await stored(world);
    const { status, stderr } = await runUploader(world);
    must(status === 0, `the next upload fails: ${stderr.trim()}`);
    const judgement = await judge(world);
    must(judgement.good, `the newest is refused: ${reasonsOf(judgement)}`);
    must((await stored(world)).size === before.size + 1, "nothing new is stored");
    must(judgement.revision === (await world.etcd.revision()), "the newest does not hold the last write");
    return "the next upload is whole, and holds the last write";
  });
};
