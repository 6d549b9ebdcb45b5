/**
 * The policies that rewrite and generate objects in the living clusters, as `homelab admission-facts` records them from
 * the GitOps checkout. Both environments have the same: vixens deploys one base to each.
 */

import type { Fields } from "../../lib/core/fields.ts";
import policies from "./admission/policies.json" with { type: "json" };

/** Which objects a policy is about; every field that is there must hold, and one value of it suffices. */
export interface Selection {
  readonly kinds?: readonly string[];
  /** With `*` for any text. */
  readonly names?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Condition {
  /** JMESPath expressions in double braces, or a plain value. */
  readonly key: unknown;
  readonly operator: string;
  readonly value: unknown;
}

/** Undefined lists hold. */
export interface Conditions {
  readonly any?: readonly Condition[];
  readonly all?: readonly Condition[];
}

export interface AdmissionRule {
  readonly policy: string;
  readonly rule: string;
  readonly does: "mutate" | "generate" | "validate";
  /** The consequence of a failed validation: it refuses (`Enforce`) or is noted (`Audit`). */
  readonly action: string;
  readonly match: readonly Selection[];
  /** Selections that the policy excludes, and its exceptions. */
  readonly exclude: readonly Selection[];
  /** Variables of its expressions; `size, else X` is the column of the table of sizes that the name says. */
  readonly variables: readonly { readonly name: string; readonly value?: string; readonly api?: string }[];
  readonly when: Conditions;
  /** The list whose elements are patched one by one. */
  readonly each?: { readonly list: string; readonly when: Conditions };
  /** Laid over the object, as Kyverno's strategic merge does it. */
  readonly merge?: Fields;
  /** Additions at JSON pointers. */
  readonly operations?: readonly Fields[];
  /** The object that a rule generates. */
  readonly generates?: Fields;
  /** The part of the rule that nobody here knows to apply. */
  readonly unread?: string;
}

/** Requests and limits by sizing label, e.g. `B-small`. */
export type SizingTable = Readonly<
  Record<
    string,
    {
      readonly cpuRequest: string;
      readonly memoryRequest: string;
      readonly cpuLimit: string;
      readonly memoryLimit: string;
    }
  >
>;

export interface AdmissionFacts {
  /** Of the GitOps repository. */
  readonly commit: string;
  /** Version of Kyverno's chart. */
  readonly engine: string;
  readonly sizes: SizingTable;
  /** Rules that mutate or generate, in the order of their policies' names. */
  readonly rules: readonly AdmissionRule[];
  /** Policies that validate, each with what it does when it fails. */
  readonly validating: readonly string[];
  /** Other objects of the checkout that rewrite what comes to the API server, with their files. */
  readonly elsewhere: readonly string[];
}

/** The effect of a rule, for people. */
export const effectOf = ({ does, match, merge, operations, generates, unread }: AdmissionRule): string =>
  `${does} ${[...new Set(match.flatMap(({ kinds = ["every kind"] }) => kinds))].join(", ")}: ${JSON.stringify(merge ?? operations ?? generates ?? "an object")}${unread === undefined ? "" : ` (not read: ${unread})`}`;

export const admissionFacts = policies as unknown as AdmissionFacts;
