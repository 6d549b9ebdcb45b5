/** The runbook of a restore, as it would be written for the drill's own bucket. */

import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { backupOf } from "../../environments/absent.ts";
import { dev } from "../../environments/dev.ts";
import { parseEnvironment } from "../../environments/schema.ts";
import { HttpUrl } from "../../lib/core/values/http-url.ts";
import type { BackupStore } from "../../operations/restore/commands.ts";
import { IDENTITY_FILE, Recovery } from "../../operations/runbooks/recovery.ts";
import { byHandStep, fetchStep } from "../../operations/runbooks/restore-steps.ts";

const environment = parseEnvironment(dev);

/** The prefix that the writer may put objects under. */
export const WRITER_PREFIX = backupOf(environment).prefix;
/** First part of a backup's name. */
export const CLUSTER = environment.cluster.name;
/** The prefix of the most frequent backups. */
export const PREFIX = new Recovery(environment).newest.prefix;

/** Commands of the runbook's steps, as a person would type them. */
export const runbookCommands = (
  store: BackupStore,
): { readonly fetch: string; readonly byHand: readonly string[] } => {
  const recovery = new Recovery({
    ...environment,
    backup: {
      ...backupOf(environment),
      ...store,
      endpoint: store.endpoint === null ? null : HttpUrl.parse(store.endpoint),
    },
  });
  const [fetch = ""] = fetchStep(recovery).commands ?? [];
  return { fetch, byHand: byHandStep(recovery).commands ?? [] };
};

/** As the runbook has it. */
export { IDENTITY_FILE };

/** A directory in which commands of this repository run, and what they write stays. */
export const checkout = (root: string, directory: string): string => {
  mkdirSync(directory, { recursive: true });
  for (const name of [
    "package.json",
    "tsconfig.json",
    "bin",
    "apps",
    "stacks",
    "node_modules",
    "operations",
    "labs",
    "lib",
    "environments",
  ]) {
    symlinkSync(join(root, name), join(directory, name));
  }
  return directory;
};
