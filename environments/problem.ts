/** The problems of an environment, and the report that names them. */
import { counted } from "../lib/core/lists.ts";
import { problemReport } from "../lib/core/synthesis/problem-report.ts";
import type { ConditionName } from "./conditions.ts";

const LONGEST_TEXT = 100;
/** Rules name others, e.g. every node that keeps a condition: of thousands the first will do. */
const LONGEST_RULE = 500;
/** The number of lines that fit on a screen; a longer report is grouped. */
const MOST_LINES = 40;
const REDACTED = "(redacted)";

/** The only place for secrets that the shape has. */
const SECRET_PLACE = /(^|\.)state\.credentials(\.|$)/;

/** Shapes of secrets, to find one that stands where it does not belong. */
const SECRET_VALUE =
  /AGE-SECRET-KEY-|-----BEGIN|\b(AKIA|ASIA)[0-9A-Z]{16}\b|\$2[aby]\$\d\d\$|\beyJ[\w-]{10,}\.|\b(gh[pousr]_|github_pat_)\w{20,}/i;
/** An AWS secret key, by its length and its mix of characters. */
const AWS_SECRET_KEY = /^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[A-Za-z0-9/+]{40}$/;
const URL_CREDENTIALS = /\/\/[^/@]*@/g;

/** One finding of a rule: the value is the one given, as it stands in the data. */
export interface Finding {
  /** Elements are named where they have a name: `nodes.daphne.vlans.111.address`. */
  readonly path: string;
  /** The condition that must hold. */
  readonly rule: string;
  readonly value: unknown;
  /** Id of the accepted risk that silences the finding. */
  readonly riskId?: string;
  /** The condition that such an acceptance must rest on. */
  readonly holdsWhile?: ConditionName;
}

/** A finding, ready to be shown. */
interface Problem {
  readonly path: string;
  readonly rule: string;
  /** The value given, as text: JSON of a scalar, a description of anything else, never a secret. */
  readonly value: string;
  /** Id of the accepted risk that would silence the problem. */
  readonly riskId?: string;
}

/** All that is wrong, each problem on a line of its own: `path: rule: got value`. */
export class EnvironmentError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const title = `environment data refused, ${counted(problems.length, "problem")}:`;
    super(
      problems.length > MOST_LINES
        ? problemReport(
            title,
            problems.map((problem) => ({ cause: problem.rule, text: problemLine(problem) })),
          )
        : [title, ...problems.map(problemLine)].join("\n"),
    );
    this.name = "EnvironmentError";
    this.problems = problems;
  }
}

export const problemOf = ({ path, rule, value, riskId }: Finding): Problem => ({
  path: path || "environment",
  rule,
  value: shown(path, value),
  ...(riskId !== undefined && { riskId }),
});

/** `path: rule: got value`. */
export const problemLine = ({ path, rule, value, riskId }: Problem): string =>
  `${path}: ${rule.length > LONGEST_RULE ? `${rule.slice(0, LONGEST_RULE)}…` : rule}: got ${value}${riskId === undefined ? "" : ` (the accepted risk ${riskId} would silence this)`}`;

const shown = (path: string, value: unknown): string => {
  if (value === undefined) return "nothing";
  if (SECRET_PLACE.test(path)) return REDACTED;
  if (typeof value === "string") return shownText(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
};

const shownText = (text: string): string => {
  if (SECRET_VALUE.test(text) || AWS_SECRET_KEY.test(text)) return REDACTED;
  const safe = text.replace(URL_CREDENTIALS, `//${REDACTED}@`);
  return JSON.stringify(safe.length > LONGEST_TEXT ? `${safe.slice(0, LONGEST_TEXT)}…` : safe);
};
