import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import type { Rule, Undecided } from "./rule.ts";

/** Where passwords must not cross the network in the clear. */
const PRODUCTION = "prod";

const flag = (
  field: "authDisabled" | "anonymous" | "plainHttp",
  rule: string,
  riskId: string,
  applies: (facts: Facts) => boolean = () => true,
): Rule =>
  function* (facts: Facts): Iterable<Finding | Undecided> {
    const value = facts.draft.argocd?.[field];
    if (value === undefined || facts.draft.name === undefined) yield { undecided: riskId };
    if (value && applies(facts)) yield { path: `argocd.${field}`, rule, value, riskId };
  };

export const argocdRules: readonly Rule[] = [
  flag("authDisabled", "must be false, so that visitors log in", "argocd-auth-disabled"),
  flag("anonymous", "must be false, so that only users read", "argocd-anonymous"),
  flag(
    "plainHttp",
    `must be false in ${PRODUCTION}, so that passwords are encrypted`,
    "argocd-plain-http",
    ({ draft }) => draft.name === PRODUCTION,
  ),
];
