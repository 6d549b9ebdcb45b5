/** What an operator asked to deploy. */

/** Layers in the order in which they depend on each other. */
const LAYERS = ["backup", "cluster", "platform", "apps"] as const;

export interface StackRequest {
  readonly environment: string;
  /** `<environment>-<layer>`. */
  readonly name: string;
}

export interface DeployRequest {
  /** In layer order. */
  readonly stacks: readonly StackRequest[];
  /** The one node that the cluster stack's plan is limited to. */
  readonly node?: string;
  /** Apply without asking. */
  readonly yes: boolean;
}

export interface DeployFlags {
  readonly node?: string | undefined;
  readonly yes?: boolean | undefined;
}

/**
 * Reads names of environments and stacks.
 *
 * Refused: no name; a name of nothing; several environments at once, since one that fails must not leave the other
 * half done; `--yes` for any environment but dev; `--node` with anything but one cluster stack.
 */
export const readRequest = (
  names: readonly string[],
  { node, yes = false }: DeployFlags,
  environments: readonly { readonly name: string; readonly nodes: readonly { readonly name: string }[] }[],
): DeployRequest => {
  const all = environments.flatMap(({ name }) =>
    LAYERS.map((layer) => ({ environment: name, name: `${name}-${layer}` })),
  );
  const problems = names
    .filter((name) => !all.some((stack) => stack.name === name || stack.environment === name))
    .map(
      (name) =>
        `${name}: is neither an environment nor a stack: ${all.map((stack) => stack.name).join(", ")}`,
    );
  if (names.length === 0) problems.push("name an environment or stacks, e.g. dev or dev-platform");
  const stacks = all.filter((stack) => names.includes(stack.name) || names.includes(stack.environment));
  const [environment, ...others] = [...new Set(stacks.map((stack) => stack.environment))];
  if (others.length > 0)
    problems.push(`one environment at a time: got ${[environment, ...others].join(", ")}`);
  if (yes && environment !== undefined && environment !== "dev")
    problems.push(`--yes: ${environment} is never approved without a person; only dev is`);
  if (node !== undefined) problems.push(...nodeProblems(node, stacks, environments));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return { stacks, yes, ...(node !== undefined && { node }) };
};

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
  return nodes.includes(node) ? [] : [`--node: must name a node, ${nodes.join(", ")}: got ${node}`];
};
