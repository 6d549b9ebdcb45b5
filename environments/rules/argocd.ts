import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import type { Rule, Undecided } from "./rule.ts";

/** Where passwords must not cross the network in the clear. */
const PRODUCTION = "prod";

const flag = (
  field: "authDisabled" | "anonymous" | "plainHttp",
  rule: string,
  riskId: string,
  /** The only environment in which it matters. */
  where?: string,
): Rule =>
  function* ({ draft }: Facts): Iterable<Finding | Undecided> {
    const value = draft.argocd?.[field];
    if (value === undefined || (where !== undefined && draft.name === undefined)) yield { undecided: riskId };
    else if (value && (where === undefined || draft.name === where)) {
      yield { path: `argocd.${field}`, rule, value, riskId };
    }
  };

export const argocdRules: readonly Rule[] = [
  flag("authDisabled", "must be false, so that visitors log in", "argocd-auth-disabled"),
  flag("anonymous", "must be false, so that only users read", "argocd-anonymous"),
  flag(
    "plainHttp",
    `must be false in ${PRODUCTION}, so that passwords are encrypted`,
    "argocd-plain-http",
    PRODUCTION,
  ),
];
