import type { Allowance } from "../../network/allowance.ts";
import { displayPolicy } from "../evaluator/model.ts";
import type { PolicySet } from "../evaluator/policy-set.ts";

/**
 * Lines for addresses and names that a policy without an allowance opens. Most of them stand for nobody in the
 * inventory, so no flow between its identities would show them.
 */
export const undeclaredAddresses = (
  { specs }: PolicySet,
  allowances: readonly Pick<Allowance, "name">[],
): string[] => {
  const known = new Set(allowances.map(({ name }) => name));
  return specs
    .filter(({ policy }) => policy.kind !== "CiliumClusterwideNetworkPolicy" || !known.has(policy.name))
    .flatMap(({ policy, rules }) =>
      rules
        .filter(({ deny }) => !deny)
        .flatMap(({ peers }) => peers)
        .filter((peer) => peer.type === "fqdn" || (peer.type === "selector" && peer.origin === "cidr"))
        .map(
          ({ path, text }) =>
            `undeclared: ${displayPolicy(policy)} ${path} opens ${text}, and no allowance says so: make it a profile or an exception`,
        ),
    );
};
