import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import { advisoriesOn, type Component, endOf, SUPPORT_ENDS } from "../support.ts";
import { minorOf } from "../versions.ts";
import type { Rule, Undecided } from "./rule.ts";

const COMPONENTS = Object.keys(SUPPORT_ENDS) as Component[];

/** Ends of support and advisories: each needs a newer version, or an accepted risk with a date to look again. */
function* support({ draft: { versions } }: Facts, today: string): Iterable<Finding | Undecided> {
  for (const component of COMPONENTS) {
    const version = versions?.[component];
    if (version === undefined) {
      yield { undecided: `support-${component.toLowerCase()}-` };
      yield { undecided: "advisory-" };
      continue;
    }
    const path = `versions.${component}`;
    const end = endOf(component, version);
    if (end && end.ends < today)
      yield {
        path,
        rule: `must still get fixes; those of ${minorOf(version)} ended on ${end.ends} (${end.source})`,
        value: version,
        riskId: `support-${component.toLowerCase()}-${minorOf(version)}`,
      };
    for (const { id, what, mendedIn } of advisoriesOn(component, version))
      yield {
        path,
        rule: `must not have ${id}: ${what}; mended in ${mendedIn}`,
        value: version,
        riskId: `advisory-${id.toLowerCase()}`,
      };
  }
}

export const supportRules: readonly Rule[] = [support];
