/** `homelab admission-facts`: records the admission policies of a GitOps checkout, or compares them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AdmissionFacts, effectOf } from "../../environments/recorded/admission.ts";
import type { Terminal } from "../cli/terminal.ts";
import { recordAdmission } from "./record.ts";

const FILE = "environments/recorded/admission/policies.json";
const path = join(import.meta.dirname, "../..", FILE);

/** Policies that are new in the checkout or whose rules changed, with what they would change. */
const unknownRules = (recorded: AdmissionFacts, found: AdmissionFacts): string[] => {
  const known = new Set(recorded.rules.map((rule) => JSON.stringify(rule)));
  const gone = recorded.rules.filter(
    (rule) => !found.rules.some((each) => each.policy === rule.policy && each.rule === rule.rule),
  );
  return [
    ...found.rules
      .filter((rule) => !known.has(JSON.stringify(rule)))
      .map(
        (rule) =>
          `policy ${rule.policy}, rule ${rule.rule}: is not what is recorded: it would ${effectOf(rule)}`,
      ),
    ...gone.map(
      ({ policy, rule }) => `policy ${policy}, rule ${rule}: is recorded, and gone from the checkout`,
    ),
    ...found.elsewhere
      .filter((each) => !recorded.elsewhere.includes(each))
      .map((each) => `${each}: is not recorded: it rewrites what comes to the API server`),
    ...(JSON.stringify(recorded.sizes) === JSON.stringify(found.sizes)
      ? []
      : ["the table of sizes is not what is recorded"]),
  ];
};

/** @param gitops directory of the checkout */
export const admissionFactsCommand = (gitops: string, check: boolean, { out, err }: Terminal): number => {
  const found = recordAdmission(gitops);
  if (!check) {
    writeFileSync(path, `${JSON.stringify(found, null, 2)}\n`);
    out(`${FILE}: ${found.rules.length} rules at ${found.commit.slice(0, 9)}`);
    return 0;
  }
  const lines = unknownRules(JSON.parse(readFileSync(path, "utf8")) as AdmissionFacts, found);
  for (const line of lines) out(line);
  if (lines.length > 0) err("Run `homelab admission-facts --gitops DIRECTORY` and look at what synth says.");
  else out(`${FILE} is what the checkout has`);
  return lines.length > 0 ? 1 : 0;
};
