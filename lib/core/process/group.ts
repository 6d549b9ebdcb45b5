/** Process groups: a program that was started as the leader of one ends together with all that it started. */
import type { ChildProcess } from "node:child_process";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const running = new Set<ChildProcess>();

/** Sends a signal to a group, or to a program that leads none. Nothing happens when it has ended. */
export const killGroup = (leader: ChildProcess, signal: NodeJS.Signals): void => {
  if (leader.pid === undefined || !running.has(leader)) {
    leader.kill(signal);
    return;
  }
  try {
    process.kill(-leader.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
};

const killAll = (signal: NodeJS.Signals): void => {
  for (const leader of running) killGroup(leader, signal);
};

const killAtExit = () => killAll("SIGKILL");

/** A terminal's Ctrl-C does not reach other groups: it is passed on, and then ends this process as it would have. */
const passOn = (signal: NodeJS.Signals): void => {
  killAll(signal);
  unwatch();
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
};

const unwatch = (): void => {
  process.off("exit", killAtExit);
  for (const signal of SIGNALS) process.off(signal, passOn);
};

/** Lets a group end with this process, until its leader has ended. */
export const watchGroup = (leader: ChildProcess): void => {
  if (running.size === 0) {
    process.on("exit", killAtExit);
    for (const signal of SIGNALS) process.on(signal, passOn);
  }
  running.add(leader);
  leader.once("close", () => {
    running.delete(leader);
    if (running.size === 0) unwatch();
  });
};
