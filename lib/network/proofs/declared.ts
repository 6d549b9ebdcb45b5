import type { Allowance, Route } from "../allowance.ts";
import type { Identity } from "../evaluator/identities.ts";
import { Peer } from "../peer.ts";
import type { ProofFlow } from "./flow.ts";
import { isPeer } from "./peers.ts";

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
