import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import { admissionFacts, effectOf } from "../recorded/admission.ts";
import { gitopsFacts } from "../recorded/gitops-facts.ts";
import type { Rule } from "./rule.ts";

const RECORD = "run homelab admission-facts --gitops DIRECTORY";

/** Policies that are named and recorded are the same, and each rule of theirs can be applied. */
function* policies({ draft }: Facts): Iterable<Finding> {
  const named = (draft.admission ?? []).flatMap((name) => name ?? []);
  const recorded = new Set(admissionFacts.rules.map(({ policy }) => policy));
  for (const name of named.filter((each) => !recorded.has(each)))
    yield { path: "admission", rule: `must be a policy that is recorded: ${RECORD}`, value: name };
  const { repository, revision } = draft.gitops ?? {};
  const facts = gitopsFacts(draft.name ?? "");
  if (facts === undefined || facts.repository !== String(repository) || revision === "none") return;
  for (const rule of admissionFacts.rules)
    if (!named.includes(rule.policy))
      yield {
        path: "admission",
        rule: `must name policy ${rule.policy}, which the GitOps side brings; its rule ${rule.rule} would ${effectOf(rule)}`,
        value: named,
      };
    else if (rule.unread !== undefined)
      yield {
        path: `admission.${rule.policy}`,
        rule: `must have rules that can be applied here; ${rule.rule} would ${effectOf(rule)}`,
        value: rule.unread,
      };
  for (const each of admissionFacts.elsewhere)
    yield {
      path: "admission",
      rule: "must know what else rewrites objects in the GitOps repository",
      value: each,
    };
}

export const admissionRules: readonly Rule[] = [policies];
