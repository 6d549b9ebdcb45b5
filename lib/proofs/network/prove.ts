import type { Allowance } from "../../network/allowance.ts";
import { displayFinding, lint } from "../evaluator/findings.ts";
import type { Identity } from "../evaluator/identities.ts";
import type { ReachabilityMatrix } from "../evaluator/matrix.ts";
import { PolicySet } from "../evaluator/policy-set.ts";
import { explainSide, type Verdict } from "../evaluator/verdict.ts";
import { DeclaredFlows } from "./declared.ts";
import { displayFlow, type ProofFlow } from "./flow.ts";
import { type ForbiddenFlows, forbiddenFlows } from "./forbidden-flows.ts";
import { chosenBy, type InventoryProps, inventory } from "./inventory.ts";
import { type OpenPair, openPairs } from "./open-pairs.ts";
import { platformFlows } from "./platform-flows.ts";
import { type PortRange, representativePorts } from "./ports.ts";
import { routeFlows } from "./route-flows.ts";
import { undeclaredAddresses } from "./undeclared-addresses.ts";
import { unneeded } from "./unneeded.ts";

export interface ProofProps extends InventoryProps {
  /** Version of Cilium that the policies are for, e.g. `1.18.3`. */
  readonly ciliumVersion: string;
  /**
   * Whether Cilium runs its host firewall, so that policies can select nodes.
   * @default false
   */
  readonly hostFirewall?: boolean;
  /** The policy objects, as they are applied. */
  readonly policies: readonly unknown[];
  /** What the policies are meant to open, the chosen ones among them; those of apps come on top. */
  readonly allowances: readonly Allowance[];
}

export interface Proof {
  /** What does not hold; empty when everything does. */
  readonly problems: readonly string[];
  /** How many flows were decided. */
  readonly flows: number;
}

/**
 * Proves the network of one environment: what must live lives, what must die is dead, nothing is open that no
 * allowance declares, and no policy is other than it seems (see `lint`). Policies are read as if they were enforced, whatever the roll-out's mode.
 *
 * Ports: decisions can change only where some policy or allowance begins or ends a range, so one port of each
 * stretch stands for all 65,535.
 */
export const proveNetwork = (props: ProofProps): Proof => {
  const set = PolicySet.compile(props.policies, { ciliumVersion: props.ciliumVersion });
  const all = inventory(props);
  const allowances = [...props.allowances, ...(props.declaredByApps ?? [])];
  const declared = new DeclaredFlows(allowances, all.identities);
  const living = [...platformFlows(all, props), ...routeFlows(chosenBy(props), all)];
  const ports = representativePorts(set.specs, [...declared.ports, ...living.map(portRange)]);
  const evaluator = set.over(all.identities);

  const matrix = evaluator.matrix(ports);

  const open = openPairs(all.identities, ports, matrix);
  const forbidden = forbiddenFlows(all, declared).flatMap((kind) => violations(kind, open));
  const named = new Set(forbidden.map(({ flow }) => displayFlow(flow)));
  const undeclared = open
    .filter(({ from, to }) => !isTrusted(from, to))
    .flatMap(({ from, to, ports: opened }) =>
      opened.filter((port) => !declared.declares(from, to, port)).map((port) => flowOf(from, to, port)),
    )
    .filter((flow) => !named.has(displayFlow(flow)));
  const because = (flow: Omit<ProofFlow, "name">) => reasons(evaluator.evaluate(flow));
  return {
    problems: [
      ...lint(set, all.identities).map(displayFinding),
      ...deadFlows(living, matrix).map((flow) => mustLive(flow, evaluator.evaluate(flow), allowances)),
      ...forbidden.map(
        ({ kind, flow }) => `must die: ${kind}: ${displayFlow(flow)} is open: ${because(flow)}`,
      ),
      ...undeclared.map(
        (flow) => `undeclared: ${displayFlow(flow)} is open, and no allowance says so: ${because(flow)}`,
      ),
      ...undeclaredAddresses(set, allowances),
      ...unneeded(props.allowances, living, evaluator),
    ],
    flows: living.length + all.identities.length ** 2 * ports.length,
  };
};

/**
 * Whether everything that must live does so when policies of others apply too: a policy that turns default deny on
 * for the platform's pods can close what ours leave open. What the others open is theirs, and is not judged here.
 */
export const proveCoexistence = (props: ProofProps, others: readonly unknown[]): Proof => {
  const all = inventory(props);
  const living = [...platformFlows(all, props), ...routeFlows(chosenBy(props), all)];
  const evaluator = PolicySet.compile([...props.policies, ...others], {
    ciliumVersion: props.ciliumVersion,
    ...(props.hostFirewall && { hostFirewall: true }),
  }).over(all.identities);
  const matrix = evaluator.matrix(representativePorts([], living.map(portRange)));
  const problems = deadFlows(living, matrix).map((flow) =>
    mustLive(flow, evaluator.evaluate(flow), props.allowances),
  );
  return { problems, flows: living.length };
};

type Ports = Pick<ProofFlow, "protocol" | "port">;
type Flow = Omit<ProofFlow, "name">;

const portRange = ({ protocol, port }: Ports): PortRange => ({ protocol, start: port, end: port });

const flowOf = (from: Identity, to: Identity, { protocol, port }: Ports): Flow => ({
  from: from.id,
  to: to.id,
  protocol,
  port,
});

/** Flows that are not allowed for certain; the port of each is one of the matrix. */
const deadFlows = (flows: readonly ProofFlow[], matrix: ReachabilityMatrix): ProofFlow[] => {
  const positions = new Map(matrix.ports.map(({ protocol, port }, at) => [`${protocol} ${port}`, at]));
  return flows.filter(({ from, to, protocol, port }) => {
    const position = positions.get(`${protocol} ${port}`);
    if (position === undefined) throw new Error(`proofs: no port stands for ${port}/${protocol}`);
    return matrix.decision(from, to, position) !== "allowed";
  });
};

/** Violations of one kind, the first port of each pair: the others say nothing new. */
const violations = (kind: ForbiddenFlows, open: readonly OpenPair[]): { kind: string; flow: Flow }[] => {
  const [sources, destinations] = [new Set(kind.from), new Set(kind.to)];
  return open
    .filter(({ from, to }) => sources.has(from) && destinations.has(to))
    .flatMap(({ from, to, ports }) => {
      const port = ports.find((one) => !kind.excepts(from, to, one));
      return port ? [{ kind: kind.name, flow: flowOf(from, to, port) }] : [];
    });
};

/** A node always reaches its own pods; ends that no policy of ours selects are not the subject of this proof. */
const isTrusted = (from: Identity, to: Identity): boolean =>
  from.kind === "host" || from.kind === "ingress" || to.kind === "ingress";

const mustLive = (flow: ProofFlow, verdict: Verdict, allowances: readonly Allowance[]): string => {
  const known = allowances.some(({ name }) => name === flow.allowance);
  const cure = known
    ? `allowance ${flow.allowance} must hold a route`
    : `add the allowance ${flow.allowance ?? "that is missing"} with a route`;
  const port = flow.protocol === "ICMP" ? "Port.ping()" : `Port.${flow.protocol.toLowerCase()}(${flow.port})`;
  return `must live: ${flow.name}: ${displayFlow(flow)} is ${verdict.decision}: ${reasons(verdict)}; ${cure} { from: ${flow.from}, to: ${flow.to}, ports: [${port}] }`;
};

const reasons = ({ egress, ingress }: Verdict): string =>
  [explainSide("egress", egress), explainSide("ingress", ingress)].join("; ");
