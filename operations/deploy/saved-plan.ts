import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";

const PLAN_FILE = "plan.tfplan";
const RECORD_FILE = "plan.json";
const LOCK_FILE = ".terraform.lock.hcl";

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Hours after which a saved plan is too old: the cluster may differ from what a person saw. */
const OLDEST_HOURS = 24;

const recordShape = z.strictObject({
  stack: z.string(),
  /** Commit of the project that the plan was made of. */
  commit: z.string(),
  plannedAt: z.iso.datetime(),
  digest: z.string().regex(DIGEST),
});

export type SavedPlan = z.output<typeof recordShape>;

/** The stack, the commit and the time that a saved plan must fit to be applied. */
export interface Expectation {
  readonly stack: string;
  readonly commit: string;
  readonly now: Date;
  /**
   * Digest of the plan that a person approved.
   * @default - nobody approved one yet; a person is asked
   */
  readonly approved?: string;
}

/** True for the digest of a plan: `sha256:` and 64 hexadecimal digits. */
export const isDigest = (text: string): boolean => DIGEST.test(text);

/**
 * Plans that wait for an approval, in a directory that its owner alone can read: a plan file holds secrets in plain
 * text. An approval is of the digest of the file.
 */
export class SavedPlans {
  constructor(private readonly directory: string) {}

  /** The path to which Terraform is to write the plan of a stack; an older plan there is deleted. */
  prepare(stack: string): string {
    this.discard(stack);
    mkdirSync(this.directoryOf(stack), { recursive: true, mode: 0o700 });
    return this.fileOf(stack);
  }

  /** Records the plan that was written, with the provider versions of the stack's directory. */
  keep(stack: string, stackDirectory: string, commit: string, now: Date): SavedPlan {
    const record = { stack, commit, plannedAt: now.toISOString(), digest: this.digestOf(stack) };
    chmodSync(this.fileOf(stack), 0o600);
    const lock = join(stackDirectory, LOCK_FILE);
    if (existsSync(lock)) copyFileSync(lock, join(this.directoryOf(stack), LOCK_FILE));
    writeFileSync(join(this.directoryOf(stack), RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
    return record;
  }

  /**
   * The file of a plan that may be applied, once the provider versions that it was made with are back in the stack's
   * directory. Refused, all at once: no plan; another file than was recorded or approved; of another stack or commit;
   * too old.
   */
  open(stackDirectory: string, { stack, commit, now, approved }: Expectation): string {
    const record = this.record(stack);
    const digest = this.digestOf(stack);
    const hours = (now.getTime() - new Date(record.plannedAt).getTime()) / 3_600_000;
    const problems = [
      ...(record.stack === stack ? [] : [`must be of ${stack}: is of ${record.stack}`]),
      ...(record.digest === digest ? [] : [`must be what was planned, ${record.digest}: is ${digest}`]),
      ...(approved === undefined || approved === digest
        ? []
        : [`must be what was approved, ${approved}: is ${digest}`]),
      ...(record.commit === commit ? [] : [`must be of this commit, ${commit}: is of ${record.commit}`]),
      ...(hours >= 0 && hours <= OLDEST_HOURS
        ? []
        : [`must be at most ${OLDEST_HOURS} hours old: was made ${record.plannedAt}`]),
    ];
    if (problems.length > 0)
      throw new Error(`the saved plan ${problems.join("; ")}. Plan again, and have that approved.`);
    const lock = join(this.directoryOf(stack), LOCK_FILE);
    if (existsSync(lock)) copyFileSync(lock, join(stackDirectory, LOCK_FILE));
    return this.fileOf(stack);
  }

  /** Forgets the plan of a stack. */
  discard(stack: string): void {
    rmSync(this.directoryOf(stack), { recursive: true, force: true });
  }

  private directoryOf(stack: string): string {
    return resolve(this.directory, stack);
  }

  private fileOf(stack: string): string {
    return join(this.directoryOf(stack), PLAN_FILE);
  }

  private digestOf(stack: string): string {
    return `sha256:${createHash("sha256")
      .update(readFileSync(this.fileOf(stack)))
      .digest("hex")}`;
  }

  private record(stack: string): SavedPlan {
    const path = join(this.directoryOf(stack), RECORD_FILE);
    if (!existsSync(path) || !existsSync(this.fileOf(stack)))
      throw new Error(`no saved plan of ${stack} in ${this.directory}: plan again, on the same machine`);
    const read = recordShape.safeParse(JSON.parse(readFileSync(path, "utf8")));
    if (!read.success) throw new Error(`${path}: ${z.prettifyError(read.error)}`);
    return read.data;
  }
}
