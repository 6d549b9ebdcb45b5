import type { Command, CommandUnknownOpts } from "@commander-js/extra-typings";
import { tableLines } from "../../lib/core/text-table.ts";
import type { Terminal } from "./terminal.ts";

/** Turns work that returns an exit code into a command's action. */
export type Run = <A extends unknown[]>(
  work: (terminal: Terminal, ...args: A) => number | Promise<number>,
) => (...args: A) => Promise<void>;

/**
 * One command of `homelab`.
 *
 * To add one: write `commands/<name>.ts` in `operations` or `labs`, which exports a definition as the others do, and
 * add it to `commands/index.ts` beside it. The file stays thin: it declares arguments and options as commander does,
 * and its action imports the handler from its room when it is called, so that help stays quick. The handler gets
 * parsed values and the terminal, and returns 0 when it is done, 1 when it found something or refuses, 77 when it cannot
 * run here; it throws a `UsageError` when it was called wrongly (2), and any other error to refuse (1). The result goes
 * to `terminal.out`, everything else to `terminal.err`. Then `npm run homelab -- commands --write`; the tests of
 * `__tests__/operations/cli` hold every definition to the convention.
 */
export interface Definition {
  readonly name: string;
  /** The effect of the command, in a line. */
  readonly summary: string;
  /**
   * Further help: what it reads and changes, variables of the environment.
   * @default - the summary says all
   */
  readonly details?: string;
  /** Command lines without `homelab`, each with what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /**
   * The meaning of exit codes where the convention's words are not enough.
   * @default - those of the convention
   */
  readonly exits?: Readonly<Partial<Record<0 | 1 | 77, string>>>;
  /**
   * The shape of what `--json` prints, as TypeScript writes it; there must be one if there is that option.
   * @default - it reports nothing as JSON
   */
  readonly json?: string;
  /** Declares arguments, options and action; the name is there already. */
  readonly build: (command: Command, run: Run) => CommandUnknownOpts;
}

const CODES = {
  0: "done",
  1: "found something, or refused",
  2: "called wrongly",
} as const;

const table = (rows: readonly (readonly [string, string])[]): string[] =>
  tableLines(rows).map((line) => `  ${line}`);

/** The text that help prints below the options. */
export const epilogue = ({ examples, exits, json }: Definition): string =>
  [
    "",
    "Examples:",
    ...table(examples.map(([line, does]) => [`homelab ${line}`, does])),
    ...(json === undefined ? [] : ["", "JSON:", ...json.split("\n").map((line) => `  ${line}`)]),
    "",
    "Exit codes:",
    ...table(Object.entries({ ...CODES, ...exits })),
  ].join("\n");
