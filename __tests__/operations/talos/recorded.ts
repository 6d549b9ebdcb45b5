/** Answers that talosctl itself printed, kept by `homelab talosctl dev --record`. */
import { readFileSync } from "node:fs";

const { version, flags, answers } = JSON.parse(readFileSync("__tests__/fixtures/talosctl.json", "utf8")) as {
  readonly version: string;
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly answers: Readonly<Record<string, string>>;
};

export const talosctlVersion = version;

/** The flags of each command that is written here. */
export const talosctlFlags = flags;

/** The answer to a command, e.g. `etcd status`. */
export const talosctlAnswer = (command: string): string => {
  const answer = answers[command];
  if (answer === undefined) throw new Error(`${command}: was not recorded`);
  return answer;
};
