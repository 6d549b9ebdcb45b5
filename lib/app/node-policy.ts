/** The other side of flows to nodes, where the nodes themselves are under policy. */
import {
  CiliumClusterwideNetworkPolicy,
  type ICiliumClusterwideNetworkPolicy,
} from "@kubernetes-models/cilium/cilium.io/v2/CiliumClusterwideNetworkPolicy";
import { type Allowance, ingressRules } from "../network/allowance.ts";

type Spec = NonNullable<ICiliumClusterwideNetworkPolicy["specs"]>[number];

/** The policy `<allowance>-nodes`, which lets its flows in at the nodes; undefined when none goes there. */
export const nodePolicyOf = ({
  name,
  why,
  routes,
}: Allowance): CiliumClusterwideNetworkPolicy | undefined => {
  const specs = routes
    .filter(({ to: { target } }) => target.kind === "entities" && target.entities.includes("host"))
    .map(
      (route): Spec => ({
        description: why,
        enableDefaultDeny: { ingress: false, egress: false },
        nodeSelector: {},
        ingress: ingressRules(route),
      }),
    );
  return specs.length === 0
    ? undefined
    : new CiliumClusterwideNetworkPolicy({ metadata: { name: `${name}-nodes` }, specs });
};
