/** Reads an operator's request to deploy. */
import { join } from "node:path";
import { LAYERS } from "../../lib/core/platform/layers.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { unknownName } from "../cli/known-name.ts";
import { isDigest } from "./saved-plan.ts";

export interface StackRequest {
  readonly environment: string;
  /** True when a person confirms every change of the environment. */
  readonly production: boolean;
  /** `<environment>-<layer>`. */
  readonly name: string;
}

/** The directory that a stack is synthesized to. */
export const directoryOf = (stack: string): string => join("cdktf.out", "stacks", stack);

export interface DeployRequest {
  /** Stacks in layer order. */
  readonly stacks: readonly StackRequest[];
  /** The one node that the cluster stack's plan is limited to. */
  readonly node?: string;
  /** Apply without asking. */
  readonly yes: boolean;
  /**
   * The plan that was made before.
   * @default - a plan is made
   */
  readonly saved?: {
    readonly directory: string;
    /**
     * Digest of the plan that a person approved elsewhere.
     * @default - a person is asked
     */
    readonly approved?: string;
  };
}

export interface DeployFlags {
  readonly node?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly plan?: string | undefined;
  readonly approved?: string | undefined;
}

/** The facts of an environment that a request is judged by. */
export interface DeployedEnvironment {
  readonly name: string;
  readonly production: boolean;
  readonly nodes: readonly { readonly name: string }[];
}

/**
 * Reads names of environments and stacks.
 *
 * Refused: no name; a name of nothing; several environments at once, since one that fails must not leave the other
 * half done; `--yes` for production; `--node` with anything but one cluster stack; a saved plan of more
 * than one stack, since the next layer reads what the one before it made; an approval that names no saved plan.
 */
export const readDeployRequest = (
  names: readonly string[],
  { node, yes = false, plan, approved }: DeployFlags,
  environments: readonly DeployedEnvironment[],
): DeployRequest => {
  const all = environments.flatMap(({ name, production }) =>
    LAYERS.map((layer) => ({ environment: name, production, name: `${name}-${layer}` })),
  );
  const problems = names
    .filter((name) => !all.some((stack) => stack.name === name || stack.environment === name))
    .map((name) =>
      unknownName("environment or stack", name, [
        ...environments.map((each) => each.name),
        ...all.map((stack) => stack.name),
      ]),
    );
  if (names.length === 0) problems.push("name an environment or stacks, e.g. dev or dev-platform");
  const stacks = all.filter((stack) => names.includes(stack.name) || names.includes(stack.environment));
  const [environment, ...others] = [...new Set(stacks.map((stack) => stack.environment))];
  if (others.length > 0)
    problems.push(`one environment at a time: got ${[environment, ...others].join(", ")}`);
  if (yes && stacks.some(({ production }) => production))
    problems.push(`--yes: ${environment} is never approved without a person: it is production`);
  if (node !== undefined) problems.push(...nodeProblems(node, stacks, environments));
  if (plan !== undefined) problems.push(...savedProblems(stacks, yes, node));
  if (approved !== undefined && plan === undefined)
    problems.push("--approved: goes with --plan, the directory that holds what was approved");
  if (approved !== undefined && !isDigest(approved))
    problems.push(`--approved: must be sha256: and 64 hexadecimal digits: got ${JSON.stringify(approved)}`);
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return {
    stacks,
    yes,
    ...(node !== undefined && { node }),
    ...(plan !== undefined && { saved: { directory: plan, ...(approved !== undefined && { approved }) } }),
  };
};

const savedProblems = (stacks: readonly StackRequest[], yes: boolean, node: string | undefined): string[] => [
  ...(stacks.length === 1
    ? []
    : [`--plan: is of one stack: got ${stacks.map(({ name }) => name).join(", ") || "none"}`]),
  ...(yes ? ["--yes: a saved plan is approved by its digest, with --approved"] : []),
  ...(node === undefined ? [] : ["--node: limits a plan that is made, not one that is saved"]),
];

const nodeProblems = (
  node: string,
  stacks: readonly StackRequest[],
  environments: readonly { readonly name: string; readonly nodes: readonly { readonly name: string }[] }[],
): string[] => {
  const [only] = stacks;
  if (stacks.length !== 1 || !only?.name.endsWith("-cluster"))
    return [
      `--node: goes with one cluster stack: got ${stacks.map(({ name }) => name).join(", ") || "none"}`,
    ];
  const nodes =
    environments.find(({ name }) => name === only.environment)?.nodes.map(({ name }) => name) ?? [];
  return nodes.includes(node) ? [] : [`--node: ${unknownName("node", node, nodes)}`];
};
