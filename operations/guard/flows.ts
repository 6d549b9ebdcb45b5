/** Finds the flows that a plan opens and closes: the policies of both sides, decided as Cilium would. */

import { backupUrlOf } from "../../environments/absent.ts";
import type { GuardRule } from "../../environments/guard-rules.ts";
import type { Environment } from "../../environments/schema.ts";
import { type Fields, fieldsOf, isFields, listOf } from "../../lib/core/fields.ts";
import { grouped, someOf } from "../../lib/core/lists.ts";
import { platformPods } from "../../lib/network/platform-pods.ts";
import { displayPolicy } from "../../lib/proofs/evaluator/model.ts";
import { PolicySet } from "../../lib/proofs/evaluator/policy-set.ts";
import { displayFlow } from "../../lib/proofs/network/flow.ts";
import { anyApp, ENDS, inventory } from "../../lib/proofs/network/inventory.ts";
import { platformFlows } from "../../lib/proofs/network/platform-flows.ts";
import { compareNetworks, type FlowChange } from "../reach/changes.ts";
import type { SynthesizedNetwork } from "../reach/synthesized.ts";
import { contentsOf } from "./contents.ts";
import { applicationsOf, type WorldObject } from "./plan-world.ts";
import type { Found, GuardContext } from "./rule.ts";
import type { ResourceChange } from "./terraform-plan.ts";

const KINDS: Readonly<Record<string, string>> = {
  CiliumNetworkPolicy: "cilium.io/v2",
  CiliumClusterwideNetworkPolicy: "cilium.io/v2",
  NetworkPolicy: "networking.k8s.io/v1",
};

type FlowRefusal = Found & { readonly rule: GuardRule };

/** The effect of a change of network policies on flows. */
export interface FlowChanges {
  /** `from → to on ports`, a line for each group of flows that change alike. */
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  readonly refusals: readonly FlowRefusal[];
}

interface ReadPolicy {
  readonly address: string;
  readonly object: Fields;
}

/** Undefined when no policy comes, goes or changes. */
export const flowChanges = (context: GuardContext): FlowChanges | undefined => {
  const { plan, world } = context;
  const changed = plan.changes.filter((change) => isPolicyChange(change));
  if (changed.length === 0) return undefined;
  const [before, after] = [world.before.flatMap(readable), world.after.flatMap(readable)];
  const unreadable = changed.flatMap(unreadablePolicy);
  const assumed = [...before, ...after].some(({ object }) => deniesByDefault(object)) ? [] : [ASSUMED_DENY];
  // Before the first default deny, everything was open.
  const isFirst = assumed.length === 0 && !before.some(({ object }) => deniesByDefault(object));
  const flows = isFirst ? [] : compared([...before, ...assumed], [...after, ...assumed], context);
  const addressOf = (flow: FlowChange) =>
    [...after, ...before].find(
      ({ address, object }) =>
        changed.some((change) => change.address === address) &&
        flow.by.some((cause) => `${cause} `.includes(`${nameOf(object)} `)),
    )?.address ?? `${changed[0]?.address}`;
  return {
    opened: flows.filter(({ change }) => /open/.test(change)).map(displayGroup),
    closed: isFirst
      ? ["every flow that no policy lets through"]
      : flows.filter(({ change }) => /close/.test(change)).map(displayGroup),
    refusals: [
      ...unreadable,
      ...mustLive(before, after, `${changed[0]?.address}`, context),
      ...openings(flows, addressOf, context),
      ...brokenFlows(flows, addressOf, context),
    ],
  };
};

export const flowRefusals = ({ refusals }: FlowChanges): readonly FlowRefusal[] => refusals;

const sides = ({ before, after, afterUnknown }: ResourceChange) =>
  [
    { values: before, unknown: {}, sensitive: false },
    { values: after, unknown: afterUnknown, sensitive: false },
  ] as const;

const isPolicyChange = (change: ResourceChange): boolean =>
  !["read", "forget"].includes(change.kind) &&
  (change.kind !== "no-op" || JSON.stringify(change.before) !== JSON.stringify(change.after)) &&
  sides(change).some((side) => contentsOf(change.type, side).some(({ kind }) => kind in KINDS));

const nameOf = (object: Fields): string => {
  const { name, namespace } = fieldsOf(object.metadata);
  return displayPolicy({
    kind: object.kind as "NetworkPolicy",
    name: String(name),
    ...(typeof namespace === "string" && { namespace }),
  });
};

/** Stand-in for the platform's default deny, when the plan does not hold it. */
const ASSUMED_DENY: ReadPolicy = {
  address: "assumed",
  object: {
    apiVersion: "cilium.io/v2",
    kind: "CiliumClusterwideNetworkPolicy",
    metadata: { name: "assumed-default-deny" },
    spec: { endpointSelector: {}, ingress: [{}], egress: [{}] },
  },
};

const specsOf = ({ spec, specs }: Fields): Fields[] => [spec, ...listOf(specs)].filter(isFields);

/** A rule without a peer allows nobody, and turns default deny on. */
const deniesByDefault = (object: Fields): boolean =>
  specsOf(object).some(({ ingress, egress }) =>
    [...listOf(ingress), ...listOf(egress)].some((rule) => Object.keys(fieldsOf(rule)).length === 0),
  );

const unreadablePolicy = (change: ResourceChange): FlowRefusal[] => {
  const isGone = change.kind === "delete";
  return contentsOf(change.type, sides(change)[isGone ? 0 : 1])
    .filter(({ kind }) => kind in KINDS)
    .flatMap(({ kind, value }) => {
      const why = unreadableBecause(kind, fieldsOf(value), isGone);
      return why === undefined
        ? []
        : [
            {
              rule: "must-live-flow" as const,
              resource: change.address,
              reason: `it is a network policy, and ${why}: flows cannot be decided`,
              cure: "apply what it depends on first, then plan again",
            },
          ];
    });
};

const unreadableBecause = (kind: string, object: Fields, isGone: boolean): string | undefined => {
  if (Object.keys(object).length === 0 || object.kind === undefined)
    return isGone
      ? "what it says is not known, or is not a text"
      : "what it will say is not known, or is not a text";
  if (object.apiVersion !== KINDS[kind])
    return `its apiVersion is ${object.apiVersion}, and ${KINDS[kind]} can be read`;
  return formProblem(object);
};

/** The reason why an object is no policy at all, or one that Cilium rejects. */
const formProblem = (object: Fields): string | undefined => {
  try {
    const { rejected } = PolicySet.compile([object]);
    return rejected[0] && `Cilium rejects it: ${rejected[0].error}`;
  } catch (error) {
    return (error as Error).message.replaceAll("policies[0].", "");
  }
};

const readable = ({ address, kind, object }: WorldObject): ReadPolicy[] =>
  kind in KINDS && object.apiVersion === KINDS[kind] && compiles(object) ? [{ address, object }] : [];

const compiles = (object: Fields): boolean => {
  try {
    PolicySet.compile([object]);
    return true;
  } catch {
    return false;
  }
};

const compared = (
  before: readonly ReadPolicy[],
  after: readonly ReadPolicy[],
  { environment, world }: GuardContext,
): readonly FlowChange[] => {
  const network = (policies: readonly ReadPolicy[]): SynthesizedNetwork => ({
    environment: environment.name,
    stacks: [],
    policies: policies.map(({ object }) => object),
    settings: {
      ciliumVersion: environment.versions.cilium,
      hostFirewall: environment.networkPolicy.nodes !== "off",
    },
    audit: false,
    namespaces: new Map([
      ...environment.namespaces.map(({ name }) => [name, {}] as const),
      ...namespacesOf(world.after),
    ]),
    pods: [],
    apps: new Map(),
    served: new Map(),
    services: [],
    repository: environment.gitops.repository,
    backupEndpoint: backupUrlOf(environment),
  });
  const [old, now] = [before, after].map((policies) => new Map([[environment.name, network(policies)]]));
  return old && now ? (compareNetworks(old, now)[0]?.flows ?? []) : [];
};

const namespacesOf = (objects: readonly WorldObject[]) =>
  objects.filter(({ kind }) => kind === "Namespace").map(({ name }) => [name, {}] as const);

const some = (names: readonly string[]): string => someOf(names, 4);

const displayGroup = ({ from, to, ports }: FlowChange): string =>
  `${some(from)} → ${some(to)} on ${some(ports)}`;

/**
 * True for a flow that opens because its app comes whole with the plan: its own policy opens it, and one end is in
 * the app's namespace. ArgoCD fetches new charts from where they are. Nobody is let in from the internet but by a
 * first deploy, in which everything is new.
 */
const newcomers = ({ world, plan }: GuardContext): ((flow: FlowChange) => boolean) => {
  const names = (objects: readonly WorldObject[], kind: string) =>
    new Set(objects.filter((object) => object.kind === kind).map(({ name }) => name));
  const before = names(world.before, "Application");
  const added = applicationsOf(world.after).filter(({ name }) => !before.has(name));
  if (added.length > 0 && !plan.before.some(({ type }) => type === "kubectl_manifest")) return () => true;
  const isFetched = ({ from, to }: FlowChange) =>
    from.every((id) => id === platformPods.argocdRepoServer.id) &&
    to.every((id) => id.startsWith("fqdn:") || id === ENDS.git);
  return (flow) =>
    added.some(({ name, namespace }) => {
      if (isFetched(flow)) return true;
      const isOwn = flow.by.every((cause) => `${cause} `.includes(` app-${name} `));
      const isWithin = (id: string) => namespaceOf(id) === namespace;
      return (
        isOwn &&
        flow.from.every(
          (from) => from !== ENDS.world && flow.to.every((to) => isWithin(from) || isWithin(to)),
        )
      );
    });
};

const namespaceOf = (id: string): string | undefined =>
  id.includes("/") && !/^[\d.:a-f]+\//.test(id) ? id.split("/")[0] : undefined;

/** Flows to the world or across namespaces that were closed, but for those of apps that come with the plan. */
const openings = (
  flows: readonly FlowChange[],
  addressOf: (flow: FlowChange) => string,
  context: GuardContext,
): FlowRefusal[] => {
  const isNew = newcomers(context);
  const isWithin = (from: string, to: string) =>
    namespaceOf(from) !== undefined && namespaceOf(from) === namespaceOf(to);
  const opened = flows.filter(
    (flow) =>
      /open/.test(flow.change) &&
      !isNew(flow) &&
      flow.from.some((from) => flow.to.some((to) => !isWithin(from, to))),
  );
  const byAddress = grouped(opened, addressOf);
  return [...byAddress].map(([resource, groups]) => {
    const lines = groups.map(displayGroup);
    const isDenyGone = groups.some(({ by }) => by.some((cause) => /no default deny any more/.test(cause)));
    return {
      rule: "opened-flow",
      resource,
      path: "flows",
      before: "closed",
      after: lines.join("; "),
      reason: `${isDenyGone ? "default deny is gone: it" : "it"} opens ${lines[0]}${lines.length > 1 ? ` and ${lines.length - 1} more groups of flows` : ""}`,
      cure: "close it, or waive just these flows",
    };
  });
};

/** Flows that one end still declares and the other no longer lets by, and routes that the gateway cannot serve. */
const brokenFlows = (
  flows: readonly FlowChange[],
  addressOf: (flow: FlowChange) => string,
  { world }: GuardContext,
): FlowRefusal[] => {
  const routed = new Set(
    world.after.filter(({ kind }) => kind === "Ingress").map(({ namespace }) => namespace),
  );
  return flows
    .filter(({ change }) => /close/.test(change))
    .flatMap((flow) => {
      const { from, to, by } = flow;
      const isBetweenPods = [...from, ...to].every((id) => namespaceOf(id) !== undefined);
      const isHalf = isBetweenPods && by.length === 1 && /no longer allowed by/.test(by[0] ?? "");
      const isRoute =
        by.some((cause) => /no longer allowed by/.test(cause)) &&
        from.some((id) => id.startsWith("traefik/")) &&
        to.some((id) => routed.has(namespaceOf(id) ?? ""));
      if (!isHalf && !isRoute) return [];
      return [
        {
          rule: "must-live-flow" as const,
          resource: addressOf(flow),
          path: "flows",
          before: "open",
          after: `closed: ${displayGroup(flow)}`,
          reason: isRoute
            ? `closes ${displayGroup(flow)}, and the route stays: the gateway could not serve it`
            : `closes ${displayGroup(flow)}, which the other end still declares: ${by[0]}`,
          cure: "let both ends name each other, or take the flow out of both",
        },
      ];
    });
};

/** Refuses changes that close a flow which the platform needs. */
const mustLive = (
  before: readonly ReadPolicy[],
  after: readonly ReadPolicy[],
  resource: string,
  { environment }: GuardContext,
): FlowRefusal[] => {
  const props = inventoryProps(environment);
  const all = inventory(props);
  const settings = { ciliumVersion: environment.versions.cilium };
  const [old, now] = [before, after].map((policies) =>
    PolicySet.compile(
      policies.map(({ object }) => object),
      settings,
    ).over(all.identities),
  );
  const dead = platformFlows(all, props).filter((flow) => now?.evaluate(flow).decision !== "allowed");
  return [...grouped(dead, ({ name }) => name)].flatMap(([name, flows]) =>
    [true, false].flatMap((wereOpen) => {
      const those = flows.filter((flow) => (old?.evaluate(flow).decision === "allowed") === wereOpen);
      const [first] = those;
      if (!first) return [];
      return [
        {
          rule: "must-live-flow" as const,
          resource,
          path: `flows: ${name}`,
          before: wereOpen ? "open" : "closed",
          after: "closed",
          reason: `${wereOpen ? "closes" : "leaves closed"} ${those.length} ${those.length === 1 ? "flow" : "flows"} that must live: ${name}, e.g. ${displayFlow(first)}`,
          cure: "keep the allowance: lib/network/platform-allowances.ts",
        },
      ];
    }),
  );
};

const inventoryProps = (environment: Environment) => ({
  repository: environment.gitops.repository,
  backupEndpoint: backupUrlOf(environment),
  apps: environment.namespaces.map(({ name }) => anyApp(name)),
});
