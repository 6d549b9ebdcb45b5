/** `homelab environments`: what it says and returns. */
import { appendFileSync } from "node:fs";
import { environments } from "../../environments/index.ts";
import type { EnvironmentInput } from "../../environments/schema.ts";

/** An environment as far as workflows have to know it. */
export interface ListedEnvironment {
  readonly name: string;
  readonly production: boolean;
  /** The place of its snapshots of etcd; null without a backup. */
  readonly backup: string | null;
}

/** The environments, those in production last: a change is tried before it gets there. */
export const listed = (
  inputs: readonly Pick<EnvironmentInput, "name" | "production" | "backup">[],
): ListedEnvironment[] =>
  inputs
    .map(({ name, production = false, backup }) => ({
      name,
      production,
      backup: backup ? `s3://${backup.bucket}/${backup.prefix}/` : null,
    }))
    .toSorted((a, b) => Number(a.production) - Number(b.production));

/** Matrices of workflows, a line each. */
export const matrixLines = (all: readonly ListedEnvironment[]): string[] => {
  const names = (isProduction: boolean) =>
    all.filter(({ production }) => production === isProduction).map(({ name }) => name);
  const backups = all.flatMap(({ name, backup }) =>
    backup === null ? [] : [{ environment: name, source: backup }],
  );
  return Object.entries({ trial: names(false), production: names(true), backups }).map(
    ([key, value]) => `${key}=${JSON.stringify(value)}`,
  );
};

/** Returns the exit code. */
export const environmentsCommand = (
  json: boolean,
  outputs: string | undefined,
  out: (line: string) => void,
): number => {
  const all = listed(environments);
  if (outputs !== undefined) appendFileSync(outputs, `${matrixLines(all).join("\n")}\n`);
  if (json) out(JSON.stringify(all, null, 2));
  else for (const { name } of all) out(name);
  return 0;
};
