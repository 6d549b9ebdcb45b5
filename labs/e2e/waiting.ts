/** Waits for what other programs do. */
import { setTimeout as sleep } from "node:timers/promises";

/** Asks again until the answer is true. Refused: no such answer in time, with `what` was waited for. */
export const waitFor = async (what: string, seconds: number, ask: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + seconds * 1_000;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(250);
  }
};
