/** The table of the checks and their results. */
import { performance } from "node:perf_hooks";
import { tableLines } from "../../lib/core/text-table.ts";

export interface Row {
  readonly check: string;
  readonly result: "ok" | "MISS" | "not run";
  readonly seconds?: number;
  readonly detail: string;
}

/** Throws `message` unless the condition holds. */
export function must(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

const LONGEST = 400;
const oneLine = (text: string): string => text.split("\n").join(" ").slice(0, LONGEST);

export class Table {
  private readonly found: Row[] = [];

  constructor(private readonly log: (line: string) => void) {}

  get rows(): readonly Row[] {
    return [...this.found];
  }

  get hasMiss(): boolean {
    return this.found.some(({ result }) => result === "MISS");
  }

  /** Runs a check, which returns a detail for the table, and throws when something is wrong. */
  async check(check: string, work: () => Promise<string>): Promise<void> {
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    try {
      const detail = await work();
      this.add({ check, result: "ok", seconds: seconds(), detail });
    } catch (error) {
      const { message } = error as Error;
      this.add({
        check,
        result: "MISS",
        seconds: seconds(),
        detail: oneLine(message),
      });
    }
  }

  /** Runs checks that follow one another; one that ends the rest of them is a miss of its own. */
  async section(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.add({ check: name, result: "MISS", detail: oneLine((error as Error).message) });
    }
  }

  notRun(check: string, reason: string): void {
    this.add({ check, result: "not run", detail: reason });
  }

  /** The table as aligned text. */
  show(): string[] {
    const rows = this.found.map(({ check, result, seconds, detail }) => [
      result,
      check,
      seconds === undefined ? "" : `${seconds.toFixed(1)} s`,
      detail,
    ]);
    return tableLines(rows, [2]);
  }

  private add(row: Row): void {
    this.found.push(row);
    this.log(`${row.result}: ${row.check}: ${row.detail}`);
  }
}
