import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import type { Rule, Undecided } from "./rule.ts";

const flag = (
  field: "authDisabled" | "anonymous" | "plainHttp",
  rule: string,
  riskId: string,
  /** True for a rule that matters in production alone. */
  inProduction = false,
): Rule =>
  function* ({ draft }: Facts): Iterable<Finding | Undecided> {
    const value = draft.argocd?.[field];
    if (value === undefined || (inProduction && draft.production === undefined)) yield { undecided: riskId };
    else if (value && (!inProduction || draft.production)) {
      yield { path: `argocd.${field}`, rule, value, riskId };
    }
  };

export const argocdRules: readonly Rule[] = [
  flag("authDisabled", "must be false, so that visitors log in", "argocd-auth-disabled"),
  flag("anonymous", "must be false, so that only users read", "argocd-anonymous"),
  flag(
    "plainHttp",
    "must be false in production, so that passwords are encrypted",
    "argocd-plain-http",
    true,
  ),
];
