import type { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import type { Facts, NodeFacts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import type { Rule } from "./rule.ts";

/**
 * Addresses that answer only while the cluster runs: of load balancers, nodes, and the virtual IP. One among pods or
 * services is refused by itself.
 */
export const isOfCluster = (facts: Facts, value: Ipv4Address): boolean =>
  facts.loadBalancerRanges.some(({ range }) => range?.contains(value)) ||
  facts.vip?.value.equals(value) === true ||
  facts.nodes.some(({ vlans }) => vlans.some(({ address }) => address?.value.equals(value)));

/** The node's resolvers that answer before the cluster runs. */
export const resolversOutside = (facts: Facts, node: NodeFacts): NodeFacts["nameservers"] =>
  node.nameservers.filter(({ value }) => !isOfCluster(facts, value));

/** After a power cut nodes pull images by name, and set their clocks, before anything of the cluster answers. */
function* outside(facts: Facts): Iterable<Finding> {
  for (const node of facts.nodes) {
    const known = node.draft.nameservers?.length === node.nameservers.length && node.nameservers.length > 0;
    if (known && resolversOutside(facts, node).length === 0)
      yield {
        path: `${node.path}.nameservers`,
        rule: "must have a resolver outside of the cluster, which answers while the cluster is down",
        value: node.nameservers.map(({ value }) => `${value}`).join(", "),
      };
  }
}

export const resolverRules: readonly Rule[] = [outside];
