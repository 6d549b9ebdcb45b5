/**
 * Journal of the facts that a run must remember because the cluster does not say them: which node it cordoned, which
 * upgrade it sent, which members etcd had. The progress is read from the cluster, never from here.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { Doubt } from "../../lib/core/process/command.ts";
import type { Inventory } from "../talos/inventory.ts";

const journalShape = z.strictObject({
  environment: z.string(),
  talos: z.string(),
  kubernetes: z.string(),
  startedAt: z.string(),
  /** `id hostname` of etcd's members when the run began; null until etcd was seen healthy. */
  members: z.array(z.string()).nullable(),
  /** The node that this run cordoned and has not yet uncordoned. */
  cordoned: z.string().nullable(),
  /** The upgrade that was sent and whose end was not yet seen. */
  inFlight: z.strictObject({ node: z.string(), bootId: z.string(), sentAt: z.string() }).nullable(),
  /**
   * The restart through its firmware that the first upgraded node proves itself by; `seenAt` once it came back. Null
   * before the first node.
   */
  firmware: z
    .strictObject({ node: z.string(), bootId: z.string(), sentAt: z.string(), seenAt: z.string().nullable() })
    .nullable()
    .default(null),
  /** An earlier run to this version of Talos saw a node boot it from its firmware. */
  provenBefore: z.boolean().default(false),
  /** Nodes that were brought to their image in this run. */
  upgraded: z.array(z.strictObject({ node: z.string(), from: z.string(), at: z.string() })),
  snapshots: z.array(
    z.strictObject({ path: z.string(), bytes: z.number(), hash: z.string(), before: z.string() }),
  ),
  finishedAt: z.string().nullable(),
});

export type Journal = z.output<typeof journalShape>;

export interface JournalStore {
  /** Reads the journal; undefined when there is none. */
  read(): Journal | undefined;
  /** Writes the journal: it is on disk when this returns, all or nothing. */
  write(journal: Journal): void;
}

/** The journal of the run that broke off, or a new one. Refused: one that broke off on its way to other versions. */
export const resumeOrBegin = (
  store: JournalStore,
  { environment, target }: Pick<Inventory, "environment" | "target">,
  startedAt: string,
): Journal => {
  const { talos, kubernetes } = target;
  const found = store.read();
  if (found && found.finishedAt === null) {
    if (found.environment !== environment || found.talos !== talos || found.kubernetes !== kubernetes) {
      throw new Doubt(
        `an unfinished run takes ${found.environment} to Talos ${found.talos} and Kubernetes ${found.kubernetes}: finish it first, or forget it with --forget`,
      );
    }
    return found;
  }
  return {
    environment,
    talos,
    kubernetes,
    startedAt,
    members: null,
    cordoned: null,
    inFlight: null,
    firmware: null,
    provenBefore: found?.talos === talos && (found.provenBefore || Boolean(found.firmware?.seenAt)),
    upgraded: [],
    snapshots: [],
    finishedAt: null,
  };
};

/** A file `journal.json` in a directory that only its owner can read. */
export class JournalFile implements JournalStore {
  private readonly path: string;
  private readonly lock: string;

  constructor(private readonly directory: string) {
    this.path = join(directory, "journal.json");
    this.lock = join(directory, "lock");
  }

  read(): Journal | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new Doubt(`${this.path}: ${(error as Error).message}`);
    }
    try {
      return journalShape.parse(JSON.parse(text));
    } catch {
      throw new Doubt(`${this.path}: must be a journal of an upgrade; look at it, then move it away`);
    }
  }

  /** Writes the journal; a failure is a doubt that stops the run, as nothing is done without a record. */
  write(journal: Journal): void {
    try {
      mkdirSync(this.directory, { recursive: true, mode: 0o700 });
      const temporary = `${this.path}.new`;
      const file = openSync(temporary, "w", 0o600);
      writeSync(file, `${JSON.stringify(journalShape.parse(journal), null, 2)}\n`);
      fsyncSync(file);
      closeSync(file);
      renameSync(temporary, this.path);
    } catch (error) {
      throw new Doubt(`${this.path}: must be writable: ${(error as Error).message}`);
    }
  }

  /** Puts an unfinished journal aside, so that the next run begins anew. */
  forget(at: string): void {
    if (existsSync(this.path)) {
      renameSync(this.path, join(this.directory, `journal-${at.replaceAll(":", "-")}.json`));
    }
  }

  /** Runs `action` while no other run of this workstation does. The lock of a run that is gone does not count. */
  async exclusively<T>(action: () => Promise<T>): Promise<T> {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const holder = this.lockHolder();
    if (holder !== undefined && !isRunning(holder)) rmSync(this.lock, { force: true });
    try {
      writeFileSync(this.lock, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
    } catch {
      throw new Doubt(`${this.lock}: another run holds it, process ${holder ?? "unknown"}`);
    }
    try {
      return await action();
    } finally {
      rmSync(this.lock, { force: true });
    }
  }

  private lockHolder(): number | undefined {
    try {
      const holder = Number(readFileSync(this.lock, "utf8"));
      return Number.isSafeInteger(holder) && holder > 0 ? holder : undefined;
    } catch {
      return undefined;
    }
  }
}

const isRunning = (id: number): boolean => {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
};
