import { Subnet } from "../../values/subnet.ts";
import type { Allowance, Route } from "../allowance.ts";
import type { Identity } from "../evaluator/identities.ts";
import { Peer } from "../peer.ts";
import type { ProofFlow } from "./flow.ts";

type Ports = Pick<ProofFlow, "protocol" | "port">;

/** A route with the allowance that declares it. */
interface DeclaredRoute extends Route {
  readonly allowance: string;
}

/**
 * What the allowances declare, read from their own data: this knows nothing of policies, so that a policy which
 * opens more than its allowance says is found out.
 */
export class DeclaredFlows {
  private readonly routes: readonly DeclaredRoute[];

  constructor(allowances: readonly Allowance[]) {
    this.routes = allowances.flatMap(({ name, routes }) =>
      routes.map((route) => ({ ...route, allowance: name })),
    );
  }

  /** True when a route declares the flow. */
  declares(from: Identity, to: Identity, ports: Ports): boolean {
    return this.routes.some((route) => covers(route, from, to, ports));
  }

  /** True when a route that names both ends declares it: "every pod" grants nothing to an app. */
  grants(from: Identity, to: Identity, ports: Ports): boolean {
    return this.routes.some(
      (route) => !isEveryPod(route.from) && !isEveryPod(route.to) && covers(route, from, to, ports),
    );
  }
}

const EVERY_POD = Peer.everyPod().label;

const isEveryPod = ({ label }: Peer): boolean => label === EVERY_POD;

const covers = (route: Route, from: Identity, to: Identity, { protocol, port }: Ports): boolean =>
  isPeer(route.from, from) &&
  isPeer(route.to, to) &&
  route.ports.some((range) => range.protocol === protocol && range.start <= port && port <= range.end);

/** Whether an identity is what a peer names. */
const isPeer = ({ target }: Peer, identity: Identity): boolean => {
  switch (target.kind) {
    case "endpoints": {
      const labels = endpointLabels(identity);
      const { matchLabels = {}, matchExpressions = [] } = target.selector;
      return (
        Object.entries(matchLabels).every(([key, value]) => labels.get(key) === value) &&
        matchExpressions.every(({ key }) => labels.has(key))
      );
    }
    case "entities":
      return target.entities.some((entity) => entitiesOf(identity).includes(entity));
    case "cidr":
      return "cidr" in identity && identity.cidr !== undefined && inCidr(identity.cidr, target);
    case "fqdn":
      return identity.kind === "cidr" && (identity.dnsNames ?? []).includes(target.name);
  }
};

const inCidr = (
  cidr: string,
  { cidr: outer, except }: { cidr: string; except: readonly string[] },
): boolean => {
  const inner = Subnet.parse(cidr);
  return Subnet.parse(outer).contains(inner) && !except.some((hole) => Subnet.parse(hole).contains(inner));
};

const endpointLabels = (identity: Identity): Map<string, string> => {
  if (identity.kind !== "pod") return new Map([[`reserved:${identity.kind}`, ""]]);
  const own = Object.entries(identity.labels ?? {}).map(([key, value]) => [`k8s:${key}`, value] as const);
  return new Map([...own, ["k8s:io.kubernetes.pod.namespace", identity.namespace]]);
};

/** Entities of `Peer.entities` that an identity belongs to: an API server is on a node, or outside. */
const entitiesOf = (identity: Identity): string[] => {
  switch (identity.kind) {
    case "host":
      return identity.kubeApiserver ? ["host", "kube-apiserver"] : ["host"];
    case "kube-apiserver":
      return ["kube-apiserver", identity.cidr === undefined ? "remote-node" : "world"];
    case "remote-node":
      return ["remote-node"];
    case "world":
    case "cidr":
      return ["world"];
    default:
      return [];
  }
};
