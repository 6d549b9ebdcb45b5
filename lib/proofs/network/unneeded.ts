import type { Allowance } from "../../network/allowance.ts";
import type { Evaluator } from "../evaluator/evaluator.ts";
import type { ProofFlow } from "./flow.ts";

/** A route with the specs that it became. */
interface TracedRoute {
  readonly text: string;
  readonly specs: readonly string[];
}

/**
 * Routes of allowances that no flow which must live is let through by, a line each.
 *
 * Mostly the allowance that a flow names lets it through. So a flow is asked for its reasons only while that allowance
 * has a route that nothing used yet; the others are asked when routes are left at the end.
 */
export const unneeded = (
  allowances: readonly Allowance[],
  living: readonly ProofFlow[],
  evaluator: Evaluator,
): string[] => {
  const routes = new Map(allowances.map((allowance) => [allowance.name, trace(allowance)]));
  const used = new Set<string>();
  const isIdle = ({ specs }: TracedRoute): boolean => !specs.some((spec) => used.has(spec));
  const ask = (flow: ProofFlow): void => {
    const { egress, ingress } = evaluator.evaluate(flow);
    for (const { reason } of [egress, ingress])
      if (reason.kind === "allow-rule") used.add(`${reason.rule.policy.name} ${specOf(reason.rule.path)}`);
  };
  const skipped: ProofFlow[] = [];
  for (const flow of living) {
    const own = routes.get(flow.allowance ?? "") ?? [];
    if (own.some(isIdle)) ask(flow);
    else skipped.push(flow);
  }
  const idle = () => [...routes.values()].flat().filter(isIdle);
  if (idle().length > 0) skipped.forEach(ask);
  return idle().map(({ text }) => text);
};

const trace = (allowance: Allowance): TracedRoute[] =>
  allowance.routes.map(({ from, to }, index) => ({
    text: `allowance ${allowance.name}: nothing needs ${from.label} → ${to.label} any more`,
    specs: allowance.specIndexes(index).map((spec) => `${allowance.name} ${spec}`),
  }));

const specOf = (path: string): number => Number(/^specs\[(\d+)\]/.exec(path)?.[1] ?? 0);
