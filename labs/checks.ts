/** The checks of a laboratory: how each ended, as lines for a person and as JSON for a program. */
import { performance } from "node:perf_hooks";
import { tableLines } from "../lib/core/text-table.ts";

/** `not run`: something that it stands on gave way. `left out`: this machine cannot do it. */
export type CheckStatus = "passed" | "failed" | "left out" | "not run";

export interface CheckOutcome {
  readonly name: string;
  readonly status: CheckStatus;
  /** The observation, or the reason why there is none; problems a line each. */
  readonly detail: string;
  readonly seconds: number;
}

/** The shape of what `--json` prints. */
export const CHECKS_SHAPE = `{ lab: string, passed: boolean, notes: string[],
  checks: { name: string, status: "passed" | "failed" | "left out" | "not run", detail: string, seconds: number }[] }`;

/** Thrown by a check, or a part of one, that this machine cannot do. */
export class LeftOut extends Error {}

/** Throws `message` unless the condition holds. */
export function must(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Exit code for programs that run a laboratory: not a failure, but nothing was checked. */
const CANNOT_RUN_HERE = 77;

/** Says why this machine cannot run a laboratory, in one line or as a report, and returns the exit code. */
export const cannotRunHere = (
  lab: string,
  reasons: readonly string[],
  out: (line: string) => void,
  json = false,
): number => {
  const why = reasons.join("; ");
  if (json) {
    const checks = new Checks(lab, () => undefined);
    checks.leaveOut("all of it", why);
    checks.report(out, true);
  } else out(`cannot run here: ${why}`);
  return CANNOT_RUN_HERE;
};

const LONGEST = 400;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class Checks {
  private readonly outcomes: CheckOutcome[] = [];
  private readonly notes = new Set<string>();

  constructor(
    /** Name of the command that makes them. */
    private readonly lab: string,
    /** Progress: a line for each check as it ends. */
    private readonly log: (line: string) => void,
  ) {}

  /** Runs a check, which returns what it saw, and throws what is wrong. */
  async run(name: string, work: () => Promise<string>): Promise<CheckStatus> {
    const start = performance.now();
    const [status, detail] = await work().then(
      (seen): [CheckStatus, string] => ["passed", seen],
      (error: unknown): [CheckStatus, string] => [
        error instanceof LeftOut ? "left out" : "failed",
        textOf(error),
      ],
    );
    this.add(name, status, detail, Math.round((performance.now() - start) / 100) / 10);
    return status;
  }

  /** Runs checks that follow one another; one that ends the rest of them is a failure of its own. */
  async section(name: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.add(name, "failed", textOf(error)));
  }

  /** Adds a check that was made: it passes without problems, and fails with all of them otherwise. */
  judge(name: string, problems: readonly string[]): void {
    this.add(name, problems.length === 0 ? "passed" : "failed", problems.join("\n"));
  }

  leaveOut(name: string, why: string): void {
    const isSaid = this.outcomes.some(
      (each) => each.status === "left out" && each.name === name && each.detail === why,
    );
    if (!isSaid) this.add(name, "left out", why);
  }

  /** Adds a check that says nothing any more, since `ground` failed. */
  skip(name: string, ground: string): void {
    this.add(name, "not run", `after: ${ground}`);
  }

  /** Something that ran otherwise than it should: it stands in the summary. */
  note(line: string): void {
    this.notes.add(line);
  }

  /** True when some check passed, and every other one passed too or was left out. */
  get passed(): boolean {
    return this.count("passed") > 0 && this.count("passed") + this.count("left out") === this.outcomes.length;
  }

  /** Prints the report, as JSON or as lines, and returns the exit code. */
  report(out: (line: string) => void, json = false): number {
    const { lab, passed, outcomes, notes } = this;
    if (json) out(JSON.stringify({ lab, passed, notes: [...notes], checks: outcomes }, null, 2));
    else this.lines().forEach(out);
    return passed ? 0 : 1;
  }

  /** A line for each check, all problems of those that failed, and how many ended how. */
  private lines(): string[] {
    const rows = tableLines(
      this.outcomes.map(({ name, status, seconds, detail }) => {
        const [first = ""] = detail.split("\n");
        return [status, `${seconds.toFixed(1)} s`, first ? `${name}: ${first.slice(0, LONGEST)}` : name];
      }),
      [1],
    );
    return [
      ...this.outcomes.flatMap(({ status, detail }, at) => [
        rows[at] ?? "",
        ...(status === "failed" ? detail.split("\n").slice(1) : []).map((line) => `        ${line}`),
      ]),
      "",
      ...[...this.notes].map((line) => `note: ${line}`),
      ...this.outcomes
        .filter(({ status }) => status === "left out")
        .map(({ name, detail }) => `left out: ${this.lab}: ${name}: ${detail}`),
      `${this.lab}: ${this.count("passed")} passed, ${this.count("failed") + this.count("not run")} failed, ${this.count("left out")} left out`,
    ];
  }

  private count(status: CheckStatus): number {
    return this.outcomes.filter((each) => each.status === status).length;
  }

  private add(name: string, status: CheckStatus, detail: string, seconds = 0): void {
    this.outcomes.push({ name, status, detail, seconds });
    this.log(`${status}: ${name}${detail === "" ? "" : `: ${detail}`}`);
  }
}
