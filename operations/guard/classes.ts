/** The classes of a change, and the form of the table that gives them. */
import type { GuardRule } from "../../environments/guard-rules.ts";
import type { Change } from "./changes.ts";
import type { GuardContext } from "./rule.ts";

/**
 * `harmless` passes; `visible` passes and is shown; `yes` is refused until this very change is waived; `never` is
 * refused whatever anybody says.
 */
export type ClassName = "harmless" | "visible" | "yes" | "never";

export interface Class {
  readonly class: ClassName;
  readonly why: string;
  /** Set for what is refused. */
  readonly rule?: GuardRule;
  readonly cure?: string;
}

/** A class, or what decides it; undefined leaves the change to the rows below. */
export type ChangeDecision = Class | ((change: Change, context: GuardContext) => Class | undefined);

/** A pattern of paths and the class of what it matches: `*` is one step, `**` any number of them. */
export type Row = readonly [pattern: string, decision: ChangeDecision];

/** The rules of one kind of object. A change that none of them decides needs a yes. */
export interface KindRules {
  readonly created?: ChangeDecision;
  readonly destroyed?: ChangeDecision;
  readonly forgotten?: ChangeDecision;
  readonly changed?: readonly Row[];
}

export type Table = Readonly<Record<string, KindRules>>;

export const harmless = (why: string): Class => ({ class: "harmless", why });
export const visible = (why: string): Class => ({ class: "visible", why });
export const yes = (rule: GuardRule, why: string, cure?: string): Class => ({
  class: "yes",
  rule,
  why,
  ...(cure !== undefined && { cure }),
});
export const never = (rule: GuardRule, why: string, cure?: string): Class => ({
  ...yes(rule, why, cure),
  class: "never",
});

/** A decision that does not hold for a value that nobody knows yet. */
export const known =
  (decision: ChangeDecision): ChangeDecision =>
  (change, context) =>
    change.unknown ? undefined : decide(decision, change, context);

/** The class that a decision gives. */
export const decide = (
  decision: ChangeDecision | undefined,
  change: Change,
  context: GuardContext,
): Class | undefined => (typeof decision === "function" ? decision(change, context) : decision);

const matches = (pattern: readonly string[], path: readonly string[]): boolean => {
  const [head, ...rest] = pattern;
  if (head === undefined) return path.length === 0;
  if (head === "**") return matches(rest, path) || (path.length > 0 && matches(pattern, path.slice(1)));
  return path.length > 0 && (head === "*" || head === path[0]) && matches(rest, path.slice(1));
};

const FATES = {
  created: "created",
  destroyed: "destroyed",
  replaced: "destroyed",
  forgotten: "forgotten",
} as const;

/** The class of a change by the rules of its kind; undefined when none decides. */
export const classIn = (
  rules: KindRules | undefined,
  change: Change,
  context: GuardContext,
): Class | undefined => {
  if (!rules) return undefined;
  if (change.fate !== "changed") return decide(rules[FATES[change.fate]], change, context);
  for (const [pattern, decision] of rules.changed ?? []) {
    if (!matches(pattern.split("."), change.path)) continue;
    const found = decide(decision, change, context);
    if (found) return found;
  }
  return undefined;
};
