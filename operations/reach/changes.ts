/** Lists the flows that open and close between two synthesized outputs. */
import type { PodIdentity } from "../../lib/proofs/evaluator/identities.ts";
import type { ReachabilityMatrix } from "../../lib/proofs/evaluator/matrix.ts";
import { displayPolicy } from "../../lib/proofs/evaluator/model.ts";
import type { Decision, Side, SpecRef } from "../../lib/proofs/evaluator/verdict.ts";
import { exceptionNotes } from "./exception-notes.ts";
import { rejections } from "./question.ts";
import { type Scene, type SceneOptions, sceneOf } from "./scene.ts";
import { displayStretches, portOf, type Stretch } from "./stretches.ts";
import type { SynthesizedNetwork } from "./synthesized.ts";

/**
 * The possible changes of a flow, the opening ones first. `may open` and `may close`: the new state depends on what
 * the evaluator does not model.
 */
export const CHANGES = ["opened", "may open", "closed", "may close"] as const;

type Change = (typeof CHANGES)[number];

/** Flows that changed alike: each `from` to each `to` on each port. */
export interface FlowChange {
  readonly change: Change;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** E.g. `443/TCP`, `*` + `/UDP` for every port of a protocol. */
  readonly ports: readonly string[];
  /** The cause, by side: e.g. `egress: allowed by CiliumNetworkPolicy media/jellyfin spec.egress[0]`. */
  readonly by: readonly string[];
}

export interface EnvironmentChanges {
  readonly environment: string;
  /** The presence of the environment in both outputs, or in one of them only: then no flow is compared. */
  readonly presence: "both" | "added" | "removed";
  readonly flows: readonly FlowChange[];
  /** Policies by the change of the object. */
  readonly policies: Readonly<Record<"added" | "removed" | "changed", readonly string[]>>;
  /** Changes of the agent: enforcement, host firewall, version. */
  readonly agent: readonly string[];
  readonly notes: readonly string[];
}

/** True when a reviewer has something to look at: a flow, the agent, or a whole environment. */
export const isChange = ({ presence, flows, agent }: EnvironmentChanges): boolean =>
  presence !== "both" || flows.length > 0 || agent.length > 0;

/** Compares two outputs, environment by environment. */
export const compareNetworks = (
  before: ReadonlyMap<string, SynthesizedNetwork>,
  after: ReadonlyMap<string, SynthesizedNetwork>,
  options: SceneOptions = {},
): readonly EnvironmentChanges[] =>
  [...new Set([...before.keys(), ...after.keys()])].sort().map((environment): EnvironmentChanges => {
    const [old, next] = [before.get(environment), after.get(environment)];
    if (old && next) return compareNetwork(old, next, options);
    return {
      environment,
      presence: next ? "added" : "removed",
      flows: [],
      policies: { added: [], removed: [], changed: [] },
      agent: [],
      notes: exceptionNotes(next?.policies ?? []),
    };
  });

const compareNetwork = (
  before: SynthesizedNetwork,
  after: SynthesizedNetwork,
  options: SceneOptions,
): EnvironmentChanges => {
  const scene = sceneOf([before, after], options);
  const flows = changedFlows(scene);
  const policies = changedObjects(before.policies, after.policies);
  const named = flows.flatMap(({ by }) => by).join("\n");
  const silent = [...policies.added, ...policies.removed, ...policies.changed].filter(
    (policy) => !named.includes(`${policy} `),
  );
  return {
    environment: after.environment,
    presence: "both",
    flows,
    policies,
    agent: changedAgent(before, after),
    notes: [
      ...silent.map((policy) => `${policy} differs, and by itself opens and closes nothing`),
      ...rejections(scene),
      ...exceptionNotes(after.policies),
    ],
  };
};

/** Old and new decisions of every pair of identities that neither state tells apart. */
const changedFlows = (scene: Scene): readonly FlowChange[] => {
  const { sets, identities, ports, derived } = scene;
  const [old, next] = sets.map((set) => set.over(identities));
  if (!old || !next) throw new Error("scene: must hold two networks");
  const asked = ports.map(portOf);
  const [before, after] = [old.matrix(asked), next.matrix(asked)];
  const groups = alike(scene, before, after);
  const changes: SingleChange[] = [];
  for (const from of groups)
    for (const to of groups) {
      if (before.isClosed(from.before, to.before) && after.isClosed(from.after, to.after)) continue;
      for (const [index, stretch] of ports.entries()) {
        const was = before.decisionOfClasses(from.before, to.before, index);
        const is = after.decisionOfClasses(from.after, to.after, index);
        const change = changeOf(was, is);
        if (change !== undefined) changes.push({ change, from, to, stretch, port: index });
      }
    }
  // Many flows change for one reason: it is kept once, and told apart by its number.
  const reasons = new Map<string, { readonly by: readonly string[]; readonly why: number }>();
  return grouped(
    withoutImplied(changes, groups, ports.length, derived).map((each): CausedChange => {
      const flow = { from: each.from.ids[0] ?? "", to: each.to.ids[0] ?? "", ...portOf(each.stretch) };
      const [past, present] = [old.evaluate(flow), next.evaluate(flow)];
      const by = (["egress", "ingress"] as const).flatMap((side) => causes(side, past[side], present[side]));
      const text = by.join("\n");
      const reason = reasons.get(text) ?? { by, why: reasons.size };
      reasons.set(text, reason);
      return { ...each, ...reason };
    }),
  );
};

const changeOf = (was: Decision, is: Decision): Change | undefined => {
  if (was === is) return undefined;
  if (is === "unknown") return was === "denied" ? "may open" : "may close";
  return is === "allowed" ? "opened" : "closed";
};

/** Identities that both states decide alike. */
interface Group {
  /** Position among the groups. */
  readonly number: number;
  readonly ids: readonly string[];
  readonly before: number;
  readonly after: number;
  /** One of them. */
  readonly pod: PodIdentity | undefined;
}

interface SingleChange {
  readonly change: Change;
  readonly from: Group;
  readonly to: Group;
  readonly stretch: Stretch;
  /** Position of the stretch among those asked for. */
  readonly port: number;
}

/** A change with the rules that made it. */
interface CausedChange extends SingleChange {
  readonly by: readonly string[];
  /** The number of the reason. */
  readonly why: number;
}

const alike = (
  { identities }: Scene,
  before: ReachabilityMatrix,
  after: ReachabilityMatrix,
): readonly Group[] => {
  const groups = new Map<string, Group & { ids: string[] }>();
  for (const identity of identities) {
    const [old, next] = [before.classOf(identity.id), after.classOf(identity.id)];
    const key = `${old} ${next}`;
    const group = groups.get(key);
    if (group) group.ids.push(identity.id);
    else
      groups.set(key, {
        number: groups.size,
        ids: [identity.id],
        before: old,
        after: next,
        pod: identity.kind === "pod" ? identity : undefined,
      });
  }
  return [...groups.values()];
};

/**
 * Leaves out changes that say nothing new: about a pod that only selectors tell of, when one with fewer of its labels
 * has the same change.
 */
const withoutImplied = (
  changes: readonly SingleChange[],
  groups: readonly Group[],
  ports: number,
  derived: ReadonlySet<string>,
): readonly SingleChange[] => {
  const key = ({ change, port }: SingleChange, from: Group, to: Group): number =>
    ((CHANGES.indexOf(change) * ports + port) * groups.length + from.number) * groups.length + to.number;
  const known = new Set(changes.map((change) => key(change, change.from, change.to)));
  const general = new Map(
    groups.map((group) => [
      group,
      group.ids.every((id) => derived.has(id))
        ? groups.filter((other) => hasFewerLabels(other.pod, group.pod))
        : [],
    ]),
  );
  const covering = (group: Group): readonly Group[] => [group, ...(general.get(group) ?? [])];
  return changes.filter(
    (change) =>
      !covering(change.from).some((from) =>
        covering(change.to).some(
          (to) => (from !== change.from || to !== change.to) && known.has(key(change, from, to)),
        ),
      ),
  );
};

const hasFewerLabels = (general: PodIdentity | undefined, special: PodIdentity | undefined): boolean => {
  if (!general || !special || general.namespace !== special.namespace) return false;
  const [few, many] = [Object.entries(general.labels ?? {}), special.labels ?? {}];
  return few.length < Object.keys(many).length && few.every(([key, value]) => many[key] === value);
};

/** Names the rules that turned the decision of a side. Ports are left out: rules are named once for all of theirs. */
const causes = (side: "egress" | "ingress", past: Side, present: Side): string[] => {
  if (past.decision === present.decision) return [];
  const [was, is] = [past.reason, present.reason];
  const say = (what: string, ...specs: readonly SpecRef[]): string[] => [
    `${side}: ${what}${specs.map((spec) => ` ${displayPolicy(spec.policy)} ${spec.path}`).join(",")}`,
  ];
  if (is.kind === "not-modelled")
    return is.constructs.flatMap(({ construct, rule }) => say(`depends on ${construct} in`, rule));
  if (is.kind === "deny-rule") return say("denied by", is.rule);
  if (present.decision === "denied")
    return was.kind === "allow-rule"
      ? say("no longer allowed by", was.rule)
      : say("default deny by", ...(is.kind === "default-deny" ? is.specs : []));
  if (was.kind === "deny-rule") return say("no longer denied by", was.rule);
  if (is.kind === "allow-rule") return say("allowed by", is.rule);
  return say("no default deny any more by", ...(was.kind === "default-deny" ? was.specs : []));
};

/** First ports of one pair, then destinations, then sources: what changed alike stands in one line. */
const grouped = (changes: readonly CausedChange[]): readonly FlowChange[] => {
  const cells = groupBy(
    changes,
    ({ change, why, from, to }) => `${change} ${from.number} ${to.number} ${why}`,
  ).map((same) => {
    const { change, by, why, from, to } = same[0];
    const ports = displayStretches(same.map(({ stretch }) => stretch));
    return { change, by, ports, alike: `${change} ${ports} ${why}`, from, to: [to] };
  });
  const rows = groupBy(cells, ({ alike, from }) => `${from.number} ${alike}`).map((same) => ({
    ...same[0],
    to: same.flatMap(({ to }) => to),
  }));
  return groupBy(rows, ({ alike, to }) => `${to.map(({ number }) => number)} ${alike}`)
    .map((same) => ({
      change: same[0].change,
      from: same.flatMap(({ from }) => from.ids),
      to: same[0].to.flatMap(({ ids }) => ids),
      ports: same[0].ports,
      by: same[0].by,
    }))
    .sort((a, b) => CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change));
};

const groupBy = <T>(items: readonly T[], key: (item: T) => string): readonly (readonly [T, ...T[]])[] => {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups.values()];
};

const changedObjects = (
  before: readonly unknown[],
  after: readonly unknown[],
): EnvironmentChanges["policies"] => {
  const [old, next] = [byName(before), byName(after)];
  return {
    added: [...next.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !next.has(name)),
    changed: [...next]
      .filter(([name, text]) => old.has(name) && old.get(name) !== text)
      .map(([name]) => name),
  };
};

const byName = (objects: readonly unknown[]): ReadonlyMap<string, string> =>
  new Map(
    objects.map((object) => {
      const { kind, metadata } = object as {
        readonly kind: "NetworkPolicy";
        readonly metadata: { readonly name: string; readonly namespace?: string };
      };
      return [displayPolicy({ kind, ...metadata }), JSON.stringify(object)];
    }),
  );

const changedAgent = (before: SynthesizedNetwork, after: SynthesizedNetwork): readonly string[] => {
  const enforcement = ({ audit }: SynthesizedNetwork) => (audit ? "audited" : "enforced");
  const firewall = ({ settings }: SynthesizedNetwork) => (settings.hostFirewall ? "on" : "off");
  const version = ({ settings }: SynthesizedNetwork) => settings.ciliumVersion ?? "unknown";
  const facts = [
    ["policies", enforcement],
    ["host firewall", firewall],
    ["Cilium", version],
  ] as const;
  return facts
    .filter(([, read]) => read(before) !== read(after))
    .map(([name, read]) => `${name}: ${read(before)} → ${read(after)}`);
};
