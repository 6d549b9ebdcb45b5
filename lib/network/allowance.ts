import {
  CiliumClusterwideNetworkPolicy,
  type ICiliumClusterwideNetworkPolicy,
} from "@kubernetes-models/cilium/cilium.io/v2/CiliumClusterwideNetworkPolicy";
import type { Peer, PodSelector } from "./peer.ts";
import { Port } from "./port.ts";

type Spec = NonNullable<ICiliumClusterwideNetworkPolicy["specs"]>[number];
type EgressRule = NonNullable<Spec["egress"]>[number];
type IngressRule = NonNullable<Spec["ingress"]>[number];

const COREDNS: PodSelector = {
  matchLabels: { "k8s:io.kubernetes.pod.namespace": "kube-system", "k8s:k8s-app": "kube-dns" },
};

/** Lets Cilium's DNS proxy see the subject's answers: `toFQDNs` knows no address otherwise. */
const DNS_VISIBILITY: EgressRule = {
  toEndpoints: [COREDNS],
  toPorts: [
    {
      ports: [Port.udp(53).toCilium(), Port.tcp(53).toCilium()],
      rules: { dns: [{ matchPattern: "*" }] },
    },
  ],
};

/** Flows from one peer to another. */
export interface Route {
  readonly from: Peer;
  readonly to: Peer;
  readonly ports: readonly Port[];
}

export interface AllowanceProps {
  /** Name of the policy object, e.g. `platform-dns`. */
  readonly name: string;
  /** The reason for the flow; stands in the policy's description and in reports. */
  readonly why: string;
  /** The flows: from whom, to whom, on which ports. */
  readonly routes: readonly Route[];
}

/**
 * Named flows that stay open under default deny, as one CiliumClusterwideNetworkPolicy: egress where the source
 * is an endpoint, ingress where the destination is one.
 *
 * It never turns default deny on by itself (`enableDefaultDeny` is false both ways), so it can land before the
 * deny and be removed after it.
 *
 * Refused: no route; a route without ports; a route none of whose ends is an endpoint.
 */
export class Allowance {
  readonly name: string;
  readonly why: string;
  readonly routes: readonly Route[];
  private readonly specsByRoute: readonly (readonly Spec[])[];

  constructor(props: AllowanceProps) {
    this.name = props.name;
    this.why = props.why;
    this.routes = [...props.routes];
    const problems = this.problems();
    if (problems.length > 0) throw new Error(problems.join("\n"));
    this.specsByRoute = this.routes.map((route) => this.specs(route));
  }

  /** The policy object. */
  policy(): CiliumClusterwideNetworkPolicy {
    return new CiliumClusterwideNetworkPolicy({
      metadata: { name: this.name },
      specs: this.specsByRoute.flat(),
    });
  }

  /** Positions of a route's specs in the policy's `specs`. */
  specIndexes(route: number): number[] {
    const before = this.specsByRoute.slice(0, route).flat().length;
    return (this.specsByRoute[route] ?? []).map((_, index) => before + index);
  }

  private problems(): string[] {
    const problems = this.routes.length === 0 ? [`allowance ${this.name}: routes: must not be empty`] : [];
    for (const { from, to, ports } of this.routes) {
      const route = `allowance ${this.name}: ${from.label} → ${to.label}`;
      if (ports.length === 0) problems.push(`${route}: ports: must not be empty`);
      if (from.target.kind !== "endpoints" && to.target.kind !== "endpoints")
        problems.push(`${route}: one end must be pods: no policy can decide this flow`);
      if (from.target.kind === "fqdn") problems.push(`${route}: a name can only be a destination`);
    }
    return problems;
  }

  private specs(route: Route): Spec[] {
    const specs: Spec[] = [];
    const open = { description: this.why, enableDefaultDeny: { ingress: false, egress: false } };
    if (route.from.target.kind === "endpoints")
      specs.push({ ...open, endpointSelector: route.from.selector, egress: egressRules(route) });
    if (route.to.target.kind === "endpoints")
      specs.push({ ...open, endpointSelector: route.to.selector, ingress: ingressRules(route) });
    return specs;
  }
}

/** Ports and ICMP types cannot stand in one rule, so each gets its own. */
const layer4 = (ports: readonly Port[]) => {
  const transport = ports.filter((port) => port.protocol !== "ICMP");
  const icmp = ports.filter((port) => port.protocol === "ICMP");
  return [
    ...(transport.length > 0 ? [{ toPorts: [{ ports: transport.map((port) => port.toCilium()) }] }] : []),
    ...(icmp.length > 0
      ? [{ icmps: [{ fields: icmp.map((port) => ({ family: "IPv4" as const, type: port.start })) }] }]
      : []),
  ];
};

/** Rules that let a peer in on ports. */
export const ingressRules = ({ from, ports }: Pick<Route, "from" | "ports">): IngressRule[] => {
  const { target } = from;
  const peer: IngressRule =
    target.kind === "endpoints"
      ? { fromEndpoints: [target.selector] }
      : target.kind === "entities"
        ? { fromEntities: [...target.entities] }
        : target.kind === "cidr"
          ? { fromCIDRSet: [{ cidr: target.cidr, except: [...target.except] }] }
          : {};
  return layer4(ports).map((rule) => ({ ...peer, ...rule }));
};

/** Rules that let a subject out to a peer on ports. */
export const egressRules = ({ to, ports }: Pick<Route, "to" | "ports">): EgressRule[] => {
  const { target } = to;
  const peer: EgressRule =
    target.kind === "endpoints"
      ? { toEndpoints: [target.selector] }
      : target.kind === "entities"
        ? { toEntities: [...target.entities] }
        : target.kind === "cidr"
          ? { toCIDRSet: [{ cidr: target.cidr, except: [...target.except] }] }
          : { toFQDNs: [{ matchName: target.name }] };
  const rules: EgressRule[] = layer4(ports).map((rule) => ({ ...peer, ...rule }));
  return target.kind === "fqdn" ? [...rules, DNS_VISIBILITY] : rules;
};
