/** Renovate's custom managers, as far as renovate.json uses them: what they find in a file. */
import { readFileSync } from "node:fs";

interface Manager {
  readonly description: string;
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly matchStringsStrategy?: "recursive";
  readonly depNameTemplate?: string;
  readonly datasourceTemplate: string;
  readonly registryUrlTemplate?: string;
}

export interface PackageRule {
  readonly description?: string;
  readonly matchFileNames?: readonly string[];
  readonly matchDepNames?: readonly string[];
  readonly matchDatasources?: readonly string[];
  readonly allowedVersions?: string;
  readonly enabled?: boolean;
  readonly dependencyDashboardApproval?: boolean;
  readonly groupName?: string;
}

export interface Found {
  readonly depName: string;
  readonly datasource: string;
  readonly currentValue: string;
  readonly currentDigest?: string;
  readonly registryUrl?: string;
}

export const renovate = JSON.parse(readFileSync("renovate.json", "utf8")) as {
  readonly customManagers: readonly Manager[];
  readonly packageRules: readonly PackageRule[];
};

/** `{{{name}}}` becomes what the group of that name found. */
const filledIn = (template: string, groups: Readonly<Record<string, string>>): string =>
  template.replace(/\{\{\{(\w+)\}\}\}/g, (_, name) => groups[name] ?? "");

const matchesIn = ({ matchStrings, matchStringsStrategy }: Manager, text: string): RegExpExecArray[] => {
  if (matchStringsStrategy !== "recursive")
    return matchStrings.flatMap((pattern) => [...text.matchAll(new RegExp(pattern, "g"))]);
  let parts: RegExpExecArray[] = [];
  for (const [depth, pattern] of matchStrings.entries()) {
    const searched = depth === 0 ? [text] : parts.map(([part]) => part);
    parts = searched.flatMap((part) => [...part.matchAll(new RegExp(pattern, "g"))]);
  }
  return parts;
};

/** The versions that Renovate would find in a file of this path. */
export const findIn = (path: string, text: string): Found[] =>
  renovate.customManagers
    .filter(({ managerFilePatterns }) =>
      managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path)),
    )
    .flatMap((manager) =>
      matchesIn(manager, text).map(({ groups = {} }) => ({
        depName: manager.depNameTemplate ? filledIn(manager.depNameTemplate, groups) : (groups.depName ?? ""),
        datasource: manager.datasourceTemplate,
        currentValue: groups.currentValue ?? "",
        ...(groups.currentDigest && { currentDigest: groups.currentDigest }),
        ...((groups.registryUrl ?? manager.registryUrlTemplate) && {
          registryUrl: groups.registryUrl ?? manager.registryUrlTemplate ?? "",
        }),
      })),
    );

/** Versions that a state was adopted with are history, and do not move. */
const HISTORY = ["talosContract", "installImage"];

const LITERAL = /(?:(?<key>\w+):\s*)?(?<quote>["'`])(?<text>[^"'`]*)\k<quote>/g;
const VERSIONED_KEYS = ["image", "tag", "version", "talos", "kubernetes", "cilium", "argocdChart"];
const VERSION = /(?<![\d.])v?\d+\.\d+\.\d+(?!\d*\.\d)|sha256:[0-9a-f]+/;

/**
 * The literals of a source file that pin something: what stands behind a key that does, and whatever else has the form
 * of a version or a digest. Prose, which has spaces, does not.
 */
export const pinsIn = (text: string): string[] => {
  const current = text.replace(/^ {2}adoption: \{[\s\S]*?^ {2}\},/gm, "");
  return [...current.matchAll(LITERAL)].flatMap(({ groups = {} }) => {
    const { key = "", text: literal = "" } = groups;
    if (/\s/.test(literal) || literal === "" || HISTORY.includes(key)) return [];
    return VERSIONED_KEYS.includes(key) || VERSION.test(literal) ? [literal] : [];
  });
};

/** The literals of a file that no manager finds, or not the whole of. */
export const missedIn = (path: string, text: string): string[] => {
  const found = findIn(path, text);
  return pinsIn(text).filter(
    (literal) =>
      !found.some(({ depName, currentValue, currentDigest }) => {
        const tag = currentDigest ? `${currentValue}@${currentDigest}` : currentValue;
        return [currentValue, tag, `${depName}:${tag}`].includes(literal);
      }),
  );
};
