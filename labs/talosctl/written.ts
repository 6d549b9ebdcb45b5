/** The command lines of talosctl that are written for people to type. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { runbookOf, scenariosOf } from "../../operations/runbooks/scenarios.ts";

/** Without what introduces it, and what is remarked on it. */
const bare = (line: string): string =>
  line
    .replace(/^# (or: |[\w-]+: )?/, "")
    .replace(/ {2,}#.*$/, "")
    .trim();

const isTalosctl = (line: string): boolean => line.startsWith("talosctl ");

/** The lines of each runbook of an environment, in the order in which they are typed. */
export const typedLines = (environment: Environment): ReadonlyMap<string, readonly string[]> =>
  new Map(
    scenariosOf(environment).map((scenario) => [
      scenario,
      (runbookOf(environment, scenario)?.steps ?? [])
        .flatMap(({ commands = [] }) => commands)
        .map(bare)
        .filter(isTalosctl),
    ]),
  );

const WRITTEN = ["README.md", "docs", "environments", "examples"];

const filesIn = (path: string): string[] =>
  path.endsWith(".md")
    ? [path]
    : readdirSync(path, { recursive: true, encoding: "utf8" })
        .filter((file) => /\.(md|ts)$/.test(file) && !/^runbooks\/\w+\//.test(file))
        .map((file) => join(path, file));

/** The lines in documents and environments, each once. */
export const quotedLines = (): string[] => [
  ...new Set(
    WRITTEN.flatMap(filesIn).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/[`"](talosctl [^`",\n]+)[`"]|^ *(talosctl .+)$/gm)].map(
        ([, inside, whole]) => bare((inside ?? whole ?? "").split(/ [|>] /)[0] ?? ""),
      ),
    ),
  ),
];
