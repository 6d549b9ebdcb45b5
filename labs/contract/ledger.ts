/** Records what a run of the contract checked, line by line, and computes its exit code. */
export class Ledger {
  private passedChecks = 0;
  private failedChecks = 0;
  private readonly left = new Set<string>();
  private readonly noted = new Set<string>();

  constructor(private readonly out: (line: string) => void) {}

  /** Counts a check: it passes without problems, and fails with all of them otherwise. */
  check(what: string, problems: readonly string[]): void {
    if (problems.length === 0) {
      this.passedChecks++;
      this.out(`ok      ${what}`);
      return;
    }
    this.failedChecks++;
    this.out(`failed  ${what}`);
    for (const problem of problems) this.out(`        ${problem}`);
  }

  /** Something that did not run. */
  leaveOut(what: string, why: string): void {
    this.left.add(`left out: contract: ${what}: ${why}`);
  }

  /** Something that ran otherwise than it should: it stands in the summary. */
  note(line: string): void {
    this.noted.add(`note: ${line}`);
  }

  /** The summary; true when nothing failed. */
  close(): boolean {
    this.out("");
    for (const line of [...this.noted, ...this.left]) this.out(line);
    this.out(
      `contract: ${this.passedChecks} checks passed, ${this.failedChecks} failed, ${this.left.size} left out`,
    );
    return this.failedChecks === 0;
  }
}
