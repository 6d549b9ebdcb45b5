import type { Environment } from "../../environments/schema.ts";
import { appliedPolicies } from "../../lib/proofs/network/applied-policies.ts";
import { synthesizedStacks } from "../cli/synthesized-stacks.ts";

/** The network policies of an environment's other stacks, as this revision synthesizes them. */
export const otherPolicies = (environment: Environment, stack: string): unknown[] => {
  const others = synthesizedStacks(environment).filter(({ name }) => name !== stack);
  const { pods, nodes } = appliedPolicies(others.map(({ json }) => json));
  return [...pods, ...nodes];
};
