/** Measures the processor time of whole processes against each other. */
import { mustRunSync } from "../../lib/core/process/command.ts";
import { median } from "./statistics.ts";

export interface TimedCommand {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** @default - the environment of this process */
  readonly env?: Readonly<Record<string, string>>;
  /** @default - this process's own */
  readonly cwd?: string;
  /** The number of rounds that it takes part in; a slow command needs fewer. */
  readonly rounds: number;
  /** Prepares each run. @default - nothing */
  readonly before?: () => void;
}

/**
 * The median processor time of each command and of what it starts, in seconds, by name. The commands take turns, so that
 * a busy moment of the machine hits all of them. A first round warms up (and lets a bundle be built) and does not count; a
 * command of one round is slow enough to do without.
 *
 * Throws when a command fails.
 */
export const timeInterleaved = (commands: readonly TimedCommand[]): ((name: string) => number) => {
  const seconds = new Map<string, number[]>(commands.map(({ name }) => [name, []]));
  const rounds = Math.max(...commands.map((command) => command.rounds));
  for (const command of commands) if (command.rounds > 1) run(command);
  for (let round = 0; round < rounds; round++) {
    for (const command of commands) if (round < command.rounds) seconds.get(command.name)?.push(run(command));
  }
  return (name) => median(seconds.get(name) ?? []);
};

/** The shell counts whatever a command waited for, in milliseconds, and tells it apart from what the command says. */
const TIMED = 'TIMEFORMAT="%3U %3S"; { time "$0" "$@" >/dev/null 2>&3; } 3>&2 2>&1';

const run = ({ file, args, env, cwd, before }: TimedCommand): number => {
  before?.();
  const said = mustRunSync("bash", ["-c", TIMED, file, ...args], {
    ...(env && { variables: env }),
    ...(cwd !== undefined && { directory: cwd }),
  });
  return said
    .trim()
    .split(" ")
    .reduce((sum, part) => sum + Number(part), 0);
};
