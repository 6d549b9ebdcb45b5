import type { Allowance, Route } from "../../network/allowance.ts";
import { Peer } from "../../network/peer.ts";
import { platformPods } from "../../network/platform-pods.ts";
import { Port } from "../../network/port.ts";
import type { Identity } from "../evaluator/identities.ts";
import type { ProofFlow } from "./flow.ts";
import { Members } from "./peers.ts";
import type { PortRange } from "./ports.ts";

type Ports = Pick<ProofFlow, "protocol" | "port">;

/** A route with everything that is one of its ends. */
interface DeclaredRoute {
  readonly from: ReadonlySet<Identity>;
  readonly to: ReadonlySet<Identity>;
  readonly ports: readonly PortRange[];
  /** True when it names both ends: "every pod" names nobody. */
  readonly namesBoth: boolean;
}

const EVERY_POD = Peer.everyPod().label;

/**
 * The flows that allowances declare between identities, read from their own data: this knows nothing of policies, so
 * that a policy which opens more than its allowance says is found out.
 */
export class DeclaredFlows {
  /** Every port that some allowance speaks of. */
  readonly ports: readonly PortRange[];
  private readonly routesFrom: ReadonlyMap<Identity, readonly DeclaredRoute[]>;

  constructor(allowances: readonly Allowance[], identities: readonly Identity[]) {
    const routes = allowances.flatMap((allowance) => allowance.routes).flatMap(withResolution);
    const members = new Members(identities);
    const declared = routes.map(
      ({ from, to, ports }): DeclaredRoute => ({
        from: members.of(from),
        to: members.of(to),
        ports,
        namesBoth: from.label !== EVERY_POD && to.label !== EVERY_POD,
      }),
    );
    this.ports = routes.flatMap(({ ports }) => ports);
    const routesFrom = new Map<Identity, DeclaredRoute[]>(identities.map((identity) => [identity, []]));
    for (const route of declared) for (const identity of route.from) routesFrom.get(identity)?.push(route);
    this.routesFrom = routesFrom;
  }

  /** True when a route declares the flow. */
  declares(from: Identity, to: Identity, ports: Ports): boolean {
    return this.between(from, to).some((route) => covers(route, ports));
  }

  /** True when a route that names both ends declares it: "every pod" grants nothing to an app. */
  grants(from: Identity, to: Identity, ports: Ports): boolean {
    return this.between(from, to).some((route) => route.namesBoth && covers(route, ports));
  }

  private between(from: Identity, to: Identity): DeclaredRoute[] {
    return (this.routesFrom.get(from) ?? []).filter((route) => route.to.has(to));
  }
}

/** Adds to the routes to names the questions that resolve them. */
const withResolution = (route: Route): Route[] =>
  route.to.target.kind === "fqdn"
    ? [route, { from: route.from, to: platformPods.coredns.peer, ports: [Port.udp(53), Port.tcp(53)] }]
    : [route];

const covers = ({ ports }: DeclaredRoute, { protocol, port }: Ports): boolean =>
  ports.some((range) => range.protocol === protocol && range.start <= port && port <= range.end);
