/** Which commit a checkout is at, and how far that is from what an environment syncs. */

import type { GitopsFacts } from "../../environments/recorded/gitops-facts.ts";
import { runCommandSync } from "../../lib/core/process/command.ts";

export interface CheckedOut {
  readonly commit: string;
  /** Day of the commit. */
  readonly committedOn: string;
}

const git = (directory: string, ...args: readonly string[]): string | undefined => {
  const { code, stdout } = runCommandSync("git", ["-C", directory, ...args], { timeout: 60_000 });
  return code === 0 ? stdout.trim() : undefined;
};

/** The commit of a checkout; undefined where it is none of Git. */
export const checkedOut = (directory: string): CheckedOut | undefined => {
  const [commit, committedOn] = git(directory, "log", "-1", "--format=%H %cs")?.split(" ") ?? [];
  return commit !== undefined && committedOn !== undefined ? { commit, committedOn } : undefined;
};

/** Notes on what was read, what is synced, and what is recorded, when they are not the same commit. */
export const revisionNotes = (
  directory: string,
  { commit }: CheckedOut,
  revision: string,
  facts: Pick<GitopsFacts, "commit" | "committedOn"> | undefined,
): string[] => {
  const synced = ["", "origin/"]
    .map((prefix) => git(directory, "rev-parse", "--verify", "--quiet", `${prefix}${revision}^{commit}`))
    .find((found) => found !== undefined);
  const between = (from: string, to: string) =>
    Number(git(directory, "rev-list", "--count", `${from}..${to}`) ?? Number.NaN);
  const apart = (from: string, to: string): string => {
    const [ahead, behind] = [between(from, to), between(to, from)];
    if (Number.isNaN(ahead) || Number.isNaN(behind)) return "of another history";
    return [
      ...(ahead > 0 ? [`${ahead} commits newer`] : []),
      ...(behind > 0 ? [`${behind} commits older`] : []),
    ].join(", ");
  };
  const inUse = synced ?? commit;
  return [
    ...(synced === undefined
      ? [
          `the checkout does not know the revision ${revision} that is synced, so this is of ${short(commit)} alone`,
        ]
      : synced === commit
        ? []
        : [
            `this is of ${short(commit)}, ${apart(synced, commit)} than ${revision} (${short(synced)}), which is synced`,
          ]),
    ...(facts === undefined
      ? ["no facts are recorded: --write records them"]
      : facts.commit === inUse
        ? []
        : [
            `the recorded facts are of ${short(facts.commit)} (${facts.committedOn}), ${apart(inUse, facts.commit)} than ${synced ? revision : "the checkout"} (${short(inUse)}): --write records them anew`,
          ]),
  ];
};

const short = (commit: string): string => commit.slice(0, 9);
