/** Times whole processes against each other. */
import { mustRunSync } from "../../lib/core/process/command.ts";
import { median } from "./statistics.ts";

export interface Command {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** @default - the environment of this process */
  readonly env?: Readonly<Record<string, string>>;
  /** The number of rounds that it takes part in; a slow command needs fewer. */
  readonly rounds: number;
}

/**
 * The median time of each command, by name. The commands take turns, so that a busy moment of the machine hits all
 * of them; a first round warms up (and lets a bundle be built) and does not count.
 *
 * Throws when a command fails.
 */
export const timeInterleaved = (commands: readonly Command[]): ((name: string) => number) => {
  const seconds = new Map<string, number[]>(commands.map(({ name }) => [name, []]));
  const rounds = Math.max(...commands.map((command) => command.rounds));
  commands.forEach(run);
  for (let round = 0; round < rounds; round++) {
    for (const command of commands) if (round < command.rounds) seconds.get(command.name)?.push(run(command));
  }
  return (name) => median(seconds.get(name) ?? []);
};

const run = ({ file, args, env }: Command): number => {
  const start = performance.now();
  mustRunSync(file, args, { ...(env && { variables: env }) });
  return (performance.now() - start) / 1000;
};
