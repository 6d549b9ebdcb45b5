import type { GitopsNeed } from "../../../environments/recorded/gitops-facts.ts";
import type { Problem } from "../../core/synthesis/problem-report.ts";
import type { Allowance } from "../../network/allowance.ts";
import { platformPods } from "../../network/platform-pods.ts";
import { Evaluator } from "../evaluator/evaluator.ts";
import { displayFinding, lint } from "../evaluator/findings.ts";
import type { Identity, PodIdentity } from "../evaluator/identities.ts";
import type { ReachabilityMatrix } from "../evaluator/matrix.ts";
import { displayPolicy } from "../evaluator/model.ts";
import { PolicySet } from "../evaluator/policy-set.ts";
import { explainSide, type Verdict } from "../evaluator/verdict.ts";
import { DeclaredFlows } from "./declared.ts";
import { displayFlow, type ProofFlow } from "./flow.ts";
import { type ForbiddenFlows, forbiddenFlows } from "./forbidden-flows.ts";
import { halfOpen } from "./half-open.ts";
import { type InventoryProps, inventory, type NetworkInventory } from "./inventory.ts";
import { closedNeeds, type Neighbours, neighbourPods, withNeighbours, withSelected } from "./neighbours.ts";
import { nobodySelected } from "./nobody-selected.ts";
import { isTrusted, type OpenPair, openPairs } from "./open-pairs.ts";
import { platformFlows } from "./platform-flows.ts";
import { type PortRange, representativePorts } from "./ports.ts";
import { routeFlows } from "./route-flows.ts";
import { undeclaredAddresses } from "./undeclared-addresses.ts";
import { unneeded } from "./unneeded.ts";

export interface ProofProps extends InventoryProps {
  /** Version of Cilium that the policies are for, e.g. `1.18.3`. */
  readonly ciliumVersion: string;
  /**
   * True when Cilium runs its host firewall, so that policies can select nodes.
   * @default false
   */
  readonly hostFirewall?: boolean;
  /** The policy objects, as they are applied. */
  readonly policies: readonly unknown[];
  /** Allowances that the policies are meant to open; one that nothing needs is told. */
  readonly allowances: readonly Allowance[];
  /**
   * Allowances that apps declare, which are never idle, because a profile of the namespace may open the same.
   * @default - none
   */
  readonly declaredByApps?: readonly Allowance[];
  /**
   * Pods of the GitOps side, which exceptions may select.
   * @default - none
   */
  readonly neighbours?: readonly PodIdentity[];
}

export interface Proof {
  /** Problems, with what several have in common; empty when everything holds. */
  readonly findings: readonly Problem[];
  /** The texts of the findings. */
  readonly problems: readonly string[];
  /** The number of flows that were decided. */
  readonly flows: number;
}

const proofOf = (findings: readonly Problem[], flows: number): Proof => ({
  findings,
  problems: findings.map(({ text }) => text),
  flows,
});

/**
 * Proves the network of one environment: what must live lives, what must die is dead, nothing is open that no
 * allowance declares, and no policy is other than it seems (see `lint`). Policies are read as if they were enforced, whatever the roll-out's mode.
 *
 * Ports: decisions can change only where some policy or allowance begins or ends a range, so one port of each
 * stretch stands for all 65,535.
 */
export const proveNetwork = (props: ProofProps): Proof => {
  const set = PolicySet.compile(props.policies, { ciliumVersion: props.ciliumVersion, resolvers: RESOLVERS });
  const allowances = allowancesOf(props);
  const all = withSelected(
    inventory(props),
    [...(props.demands ?? []), ...allowances],
    props.neighbours ?? [],
  );
  const declared = new DeclaredFlows(allowances, all.identities);
  const living = [...platformFlows(all, props), ...routeFlows(props.demands ?? [], all)];
  const ports = representativePorts(set.specs, [...declared.ports, ...living.map(portRange)]);
  const evaluator = set.over(all.identities);

  const matrix = evaluator.matrix(ports);
  const hidden = hiddenNames(set, all);

  const open = openPairs(all.identities, ports, matrix);
  const forbidden = forbiddenFlows(all, declared).flatMap((kind) => violations(kind, open));
  const named = new Set(forbidden.map(({ flow }) => displayFlow(flow)));
  const undeclared = open
    .filter(({ from, to }) => !isTrusted(from, to))
    .flatMap(({ from, to, ports: opened }) => {
      const [first, ...more] = opened
        .filter((port) => !declared.declares(from, to, port))
        .map((port) => flowOf(from, to, port))
        .filter((flow) => !named.has(displayFlow(flow)));
      return first ? [{ flow: first, more: more.length }] : [];
    });
  const isDeclared = declaredPolicies(allowances);
  const because = (flow: Flow, what: string, text: (reasons: string) => string): Problem => {
    const verdict = evaluator.evaluate(flow);
    return { cause: `${what}: ${opening(verdict, isDeclared)}`, text: text(reasons(verdict)) };
  };
  return proofOf(
    [
      ...lint(set, all.identities).map((finding) => ({
        cause: `${finding.kind}: ${displayPolicy(finding.policy)}`,
        text: displayFinding(finding),
      })),
      ...deadFlows(living, matrix).map((flow) =>
        mustLive(flow, evaluator.evaluate(flow), allowances, set, hidden(flow)),
      ),
      ...forbidden.map(({ kind, flow }) =>
        because(
          flow,
          `must die: ${kind}`,
          (why) => `must die: ${kind}: ${displayFlow(flow)} is open: ${why}`,
        ),
      ),
      ...undeclared.map(({ flow, more }) =>
        because(
          flow,
          "undeclared",
          (why) =>
            `undeclared: ${displayFlow(flow)} is open, and no allowance says so${more === 0 ? "" : `, nor on ${more} other stretches of ports`}: ${why}`,
        ),
      ),
      ...halfOpen(all.identities, ports, matrix, declared).map(({ direction, from, to, port }) => {
        const flow = flowOf(from, to, port);
        const { [direction]: side } = evaluator.evaluate(flow);
        const cause = `half open: ${direction} of ${(direction === "ingress" ? to : from).id}`;
        return {
          cause,
          text: `${cause} lets ${displayFlow(flow)} through, and no allowance says so; only the other half is closed: ${explainSide(direction, side)}`,
        };
      }),
      ...[
        ...nobodySelected([...(props.demands ?? []), ...allowances], all),
        ...undeclaredAddresses(set, allowances),
        ...unneeded(props.allowances, living, evaluator),
      ].map(alone),
    ],
    living.length + all.identities.length ** 2 * ports.length,
  );
};

const allowancesOf = ({ allowances, declaredByApps = [] }: ProofProps): readonly Allowance[] => [
  ...allowances,
  ...declaredByApps,
];

const alone = (text: string): Problem => ({ cause: text, text });

/** The GitOps side, for the proof of coexistence. */
export interface Coexisting extends Neighbours {
  /** True when default deny is in force, so that what it closes is closed. */
  readonly enforced: boolean;
}

/**
 * Proves that everything that must live does so when policies of others apply too: a policy that turns default deny on
 * for the platform's pods can close what ours leave open. What the others open is theirs, and is not judged here.
 */
export const proveCoexistence = (
  props: ProofProps,
  others: readonly unknown[],
  beside?: Coexisting,
): Proof => {
  const own = inventory(props);
  const all: NetworkInventory = beside
    ? {
        ...own,
        identities: withNeighbours(own.identities, beside),
        pods: [
          ...own.pods,
          ...neighbourPods(beside).filter(({ id }) => !own.pods.some((pod) => pod.id === id)),
        ],
      }
    : own;
  const living = [...platformFlows(all, props), ...routeFlows(props.demands ?? [], all)];
  const settings = {
    ciliumVersion: props.ciliumVersion,
    resolvers: RESOLVERS,
    ...(props.hostFirewall && { hostFirewall: true }),
  };
  const set = PolicySet.compile([...props.policies, ...others], settings);
  const evaluator = set.over(all.identities);
  const matrix = evaluator.matrix(representativePorts([], living.map(portRange)));
  const hidden = hiddenNames(set, all);
  const findings = deadFlows(living, matrix).map((flow) =>
    mustLive(flow, evaluator.evaluate(flow), allowancesOf(props), set, hidden(flow)),
  );
  const today = () => PolicySet.compile(others, settings).over(all.identities);
  const closed = beside?.enforced ? closedNeeds(beside.needs, evaluator, today) : [];
  return proofOf([...findings, ...closed.map(closedNeed)], living.length + (beside?.needs.length ?? 0));
};

const closedNeed = (need: GitopsNeed): Problem => ({
  cause: "default deny closes what the GitOps side needs: homelab coexist says what keeps it open",
  text: `default deny closes ${displayFlow(need)}, which is open today and needed: ${need.why}; homelab coexist says what keeps it open`,
});

/**
 * Policies that turn default deny on for somebody without saying so. Where no deny of ours applies yet, such a policy
 * would begin it.
 */
export const silentDenials = (props: ProofProps, policies: readonly unknown[]): string[] =>
  lint(PolicySet.compile(policies, { ciliumVersion: props.ciliumVersion }), inventory(props).identities)
    .filter(({ kind }) => kind === "silent-default-deny")
    .map(displayFinding);

/** The pods that resolve names for others. */
const RESOLVERS = [platformPods.coredns.id];

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

const mustLive = (
  flow: ProofFlow,
  verdict: Verdict,
  allowances: readonly Allowance[],
  { specs }: PolicySet,
  isHidden: boolean,
): Problem => {
  const cure = isHidden
    ? `let Cilium see the name resolve: give ${flow.from} a DNS rule on its way to CoreDNS (rules.dns), as Peer.fqdn does, for`
    : cureOf(flow, verdict, allowances, (name) => specs.some(({ policy }) => policy.name === name));
  const why = closing(verdict);
  return {
    cause: `must live: ${flow.name} is ${verdict.decision}: ${why}; ${cure}`,
    text: `must live: ${flow.name}: ${displayFlow(flow)} is ${verdict.decision}: ${reasons(verdict)}; ${cure} ${routeOf(flow)}`,
  };
};

/** Decides of a flow that dies: true when it would live if its name were resolved, so a DNS rule is missing. */
const hiddenNames = (
  { specs, settings }: PolicySet,
  { identities }: NetworkInventory,
): ((flow: ProofFlow) => boolean) => {
  const { resolvers: _, ...resolved } = settings;
  const evaluator = new Evaluator(specs, identities, resolved);
  const named = new Set(
    identities.flatMap((identity) => (identity.kind === "cidr" && identity.dnsNames ? [identity.id] : [])),
  );
  return (flow) => named.has(flow.to) && evaluator.evaluate(flow).decision === "allowed";
};

const routeOf = ({ from, to, protocol, port }: ProofFlow): string =>
  `{ from: ${from}, to: ${to}, ports: [${protocol === "ICMP" ? "Port.ping()" : `Port.${protocol.toLowerCase()}(${port})`}] }`;

/** The change that would let the flow live. */
const cureOf = (
  { allowance }: ProofFlow,
  { egress, ingress }: Verdict,
  allowances: readonly Allowance[],
  isApplied: (policy: string) => boolean,
): string => {
  const sides = [egress, ingress].filter(({ decision }) => decision === "denied");
  const [deny] = sides.flatMap(({ reason }) => (reason.kind === "deny-rule" ? [reason.rule] : []));
  if (deny) return `take back ${displayPolicy(deny.policy)} ${deny.path}, which denies`;
  const isNode = sides.some(
    ({ reason }) =>
      reason.kind === "default-deny" &&
      reason.specs.some(({ policy }) => policy.name.startsWith("platform-host-")),
  );
  if (isNode) return "add the host allowance that is missing (lib/network/host-allowances.ts) for";
  if (!allowances.some(({ name }) => name === allowance))
    return `add the allowance ${allowance ?? "that is missing"} with a route`;
  return isApplied(allowance ?? "")
    ? `allowance ${allowance} must hold a route`
    : `no stack applies the allowance ${allowance}, which would hold a route`;
};

/** Names in a few words who closes a flow. */
const closing = ({ egress, ingress }: Verdict): string =>
  [egress, ingress]
    .flatMap(({ decision, reason }) => {
      if (decision !== "denied" && decision !== "unknown") return [];
      if (reason.kind === "deny-rule") return [`denied by ${displayPolicy(reason.rule.policy)}`];
      return reason.kind === "default-deny" ? ["nothing allows it"] : [reason.kind];
    })
    .filter((text, at, all) => all.indexOf(text) === at)
    .join(", ");

/** Names of the policies that allowances make. */
const declaredPolicies = (allowances: readonly Allowance[]): ReadonlySet<string> =>
  new Set(allowances.map(({ name }) => name));

/** Names in a few words who opens a flow: the policy without an allowance behind it, when there is one. */
const opening = ({ egress, ingress }: Verdict, declared: ReadonlySet<string>): string => {
  const sides = [
    ["egress", egress.reason],
    ["ingress", ingress.reason],
  ] as const;
  for (const [side, reason] of sides)
    if (reason.kind === "no-policy" || reason.kind === "no-default-deny")
      return `${side} is not denied by default`;
  const rules = sides.flatMap(([, reason]) => (reason.kind === "allow-rule" ? [reason.rule] : []));
  const strange = rules.filter(({ policy }) => !declared.has(policy.name));
  return (strange.length > 0 ? strange : rules)
    .map(({ policy, path }) => `${displayPolicy(policy)} ${path}`)
    .join(" and ");
};

const reasons = ({ egress, ingress }: Verdict): string =>
  [explainSide("egress", egress), explainSide("ingress", ingress)].join("; ");
