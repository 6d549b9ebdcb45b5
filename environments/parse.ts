import { lenientDraft } from "./draft.ts";
import { type Facts, factsOf } from "./facts.ts";
import { namedPath } from "./paths.ts";
import { plain } from "./plain.ts";
import { EnvironmentError, type Finding, problemOf } from "./problem.ts";
import { addressRules } from "./rules/addresses.ts";
import { admissionRules } from "./rules/admission.ts";
import { argocdRules } from "./rules/argocd.ts";
import { assumptionRules } from "./rules/assumptions.ts";
import { betweenRules } from "./rules/between.ts";
import { changeRules } from "./rules/change.ts";
import { diskEncryptionRules } from "./rules/disk-encryption.ts";
import { endpointRules } from "./rules/endpoints.ts";
import { exceptionRules } from "./rules/exceptions.ts";
import { gitopsRules } from "./rules/gitops.ts";
import { loadBalancerRules } from "./rules/load-balancer.ts";
import { namespaceRules } from "./rules/namespaces.ts";
import { networkPolicyRules } from "./rules/network-policy.ts";
import { networkRules } from "./rules/networks.ts";
import { nodeRules } from "./rules/nodes.ts";
import { resolverRules } from "./rules/resolvers.ts";
import { applyRisks } from "./rules/risks.ts";
import type { Rule } from "./rules/rule.ts";
import { storageRules } from "./rules/storage.ts";
import { supportRules } from "./rules/support.ts";
import { versionRules } from "./rules/versions.ts";
import { type EnvironmentShape, environmentShape } from "./shape.ts";
import { shapeFindings } from "./shape-findings.ts";
import { type Environment, withValues } from "./values.ts";

const RULES: readonly Rule[] = [
  ...nodeRules,
  ...admissionRules,
  ...addressRules,
  ...networkRules,
  ...loadBalancerRules,
  ...versionRules,
  ...networkPolicyRules,
  ...supportRules,
  ...diskEncryptionRules,
  ...resolverRules,
  ...endpointRules,
  ...argocdRules,
  ...gitopsRules,
  ...namespaceRules,
  ...exceptionRules,
  ...storageRules,
  ...changeRules,
  ...assumptionRules,
];

export interface ParseOptions {
  /**
   * The day against which review dates are read, YYYY-MM-DD.
   * @default - today, in UTC
   */
  readonly today?: string;
}

interface Examined {
  readonly environment: EnvironmentShape | undefined;
  readonly facts: Facts;
  readonly findings: readonly Finding[];
}

/**
 * Reads one environment.
 *
 * Throws an EnvironmentError that holds every problem at once: what is malformed, and what does not hold between
 * the parts that are well-formed.
 */
export const parseEnvironment = (input: unknown, options: ParseOptions = {}): Environment => {
  const { environment, findings } = examine(input, options);
  return accepted([environment], findings)[0] as Environment;
};

/** Reads several environments, and checks that they do not share what belongs to one. */
export const parseEnvironments = (inputs: readonly unknown[], options: ParseOptions = {}): Environment[] => {
  const examined = inputs.map((input) => examine(input, options));
  const labels = labelsOf(examined.map(({ facts }) => facts.input));
  const labelled = examined.map(({ facts }, index) => [labels[index] ?? "", facts] as const);
  const own = examined.flatMap(({ findings }, index) =>
    findings.map((finding) => ({
      ...finding,
      path: [labels[index], finding.path].filter(Boolean).join("."),
    })),
  );
  const between = labelled.flatMap((first, index) =>
    labelled.slice(index + 1).flatMap((second) => [...betweenRules(first, second)]),
  );
  return accepted(
    examined.map(({ environment }) => environment),
    [...own, ...between],
  );
};

/** The environments' names, with their positions where two are the same. */
const labelsOf = (inputs: readonly unknown[]): string[] => {
  const names = inputs.map((_, index) => namedPath(inputs, [index]).replace(/^\[/, "environments["));
  return names.map((name, index) =>
    names.filter((other) => other === name).length === 1 ? name : `${name}[${index}]`,
  );
};

const accepted = (
  environments: readonly (EnvironmentShape | undefined)[],
  findings: readonly Finding[],
): Environment[] => {
  if (findings.length > 0) throw new EnvironmentError(findings.map(problemOf));
  return environments.filter((environment) => environment !== undefined).map(withValues);
};

const examine = (
  given: unknown,
  { today = new Date().toISOString().slice(0, 10) }: ParseOptions,
): Examined => {
  const input = plain(given);
  // Compiling a parser for each shape, which zod does otherwise, takes longer than reading a few environments.
  const result = environmentShape.safeParse(input, { jitless: true });
  const malformed = result.success
    ? []
    : shapeFindings(input, result.error, environmentShape, "an environment");
  const draft = result.success ? result.data : lenientDraft(input);
  const facts = factsOf(draft, input, new Set(malformed.map(({ path }) => path)));
  const verdicts = RULES.flatMap((rule) => [...rule(facts, today)]);
  return {
    environment: result.data,
    facts,
    findings: [...malformed, ...applyRisks(facts, verdicts, today)],
  };
};
