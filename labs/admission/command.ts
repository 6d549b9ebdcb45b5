/** `homelab admission-verdicts`: what Kyverno's engine makes of pods, recorded or compared with the model. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { admissionFacts } from "../../environments/recorded/admission.ts";
import { environmentsWithCharts } from "../../environments/recorded/chart-facts.ts";
import { type Fields, fieldsOf } from "../../lib/core/fields.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import type { Terminal } from "../../operations/cli/terminal.ts";
import { cacheDirectory, installTool } from "../programs/install-tool.ts";
import { kyverno } from "../programs/pinned-tools.ts";
import { judged } from "./judge.ts";
import { generatedPods, renderedPods } from "./pods.ts";
import { type AdmissionVerdict, verdictDifferences } from "./verdicts.ts";

const CANNOT_RUN_HERE = 77;
const FILE = "__tests__/fixtures/admission/verdicts.json";
const path = join(import.meta.dirname, "../..", FILE);
const GENERATED = 150;

const named = (pod: Fields, prefix: string): Fields => {
  const metadata = fieldsOf(pod.metadata);
  return { ...pod, metadata: { ...metadata, name: `${prefix}${metadata.name}` } };
};

/** The engine's command line names its answers by pod alone, and its own configuration keeps it out of kube-system. */
const allPods = (): Fields[] => {
  const pods = [
    // Pods of the last one keep their names.
    ...environmentsWithCharts.flatMap((name, at, all) =>
      renderedPods(name).map((pod) => (at === all.length - 1 ? pod : named(pod, `${name}-`))),
    ),
    ...generatedPods(GENERATED, Object.keys(admissionFacts.sizes)),
  ].filter(({ metadata }) => fieldsOf(metadata).namespace !== "kube-system");
  return [...new Map(pods.map((pod) => [fieldsOf(pod.metadata).name, pod])).values()];
};

/** @param gitops directory of the checkout that has the policies */
export const admissionVerdictsCommand = async (
  gitops: string,
  check: boolean,
  { out, err }: Terminal,
): Promise<number> => {
  const installed = await installTool(runCommand, cacheDirectory(), kyverno, err);
  if ("missing" in installed) {
    err(`the engine cannot be asked here: ${installed.missing}`);
    return CANNOT_RUN_HERE;
  }
  const recorded = () => JSON.parse(readFileSync(path, "utf8")) as AdmissionVerdict[];
  const pods = check ? recorded().map(({ pod }) => pod) : allPods();
  const answers = await judged(runCommand, installed.program, gitops, pods);
  const verdicts = pods.map((pod, at) => ({ pod, effective: answers[at] ?? pod }));
  const lines = verdictDifferences(verdicts);
  for (const line of lines) out(line);
  out(`${verdicts.length} pods, ${lines.length} fields differ between the model and the engine`);
  if (!check) writeFileSync(path, `[\n${verdicts.map((each) => JSON.stringify(each)).join(",\n")}\n]\n`);
  return lines.length > 0 ? 1 : 0;
};
