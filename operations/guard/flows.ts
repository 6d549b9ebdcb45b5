/** Which flows a plan opens and closes: the policies of its state before and after, decided as Cilium would. */
import type { Environment } from "../../environments/schema.ts";
import { type Fields, fieldsOf, isFields } from "../../lib/core/fields.ts";
import { bucketUrl } from "../../lib/core/values/s3-location.ts";
import type { AppPod } from "../../lib/network/app-pod.ts";
import { displayPolicy } from "../../lib/proofs/evaluator/model.ts";
import { PolicySet } from "../../lib/proofs/evaluator/policy-set.ts";
import { displayFlow, type ProofFlow } from "../../lib/proofs/network/flow.ts";
import { anyApp, type InventoryProps, inventory } from "../../lib/proofs/network/inventory.ts";
import { platformFlows } from "../../lib/proofs/network/platform-flows.ts";
import { representativePorts } from "../../lib/proofs/network/ports.ts";
import { kubernetesObject } from "./kubernetes-objects.ts";
import type { Change, PlannedResource } from "./plan.ts";
import type { GuardContext } from "./rule.ts";

const KINDS: Readonly<Record<string, string>> = {
  CiliumNetworkPolicy: "cilium.io/v2",
  CiliumClusterwideNetworkPolicy: "cilium.io/v2",
  NetworkPolicy: "networking.k8s.io/v1",
};

/** Flows of one name that must live and would not. */
export interface DeadFlows {
  readonly name: string;
  /** Each as `from → to port`. */
  readonly flows: readonly string[];
  /** False when they were closed before, too. */
  readonly wereOpen: boolean;
  /** Address of a policy that changes. */
  readonly resource: string;
}

/** What a change of network policies does. */
export interface FlowChanges {
  /** Addresses of the policies that come, go or change. */
  readonly policies: readonly string[];
  /** `from → to ports`, a line for each pair of ends. */
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  readonly dead: readonly DeadFlows[];
  /** Policies that cannot be read, so that nothing about flows is certain. */
  readonly unreadable: readonly { readonly resource: string; readonly why: string }[];
}

interface ReadPolicy {
  readonly address: string;
  readonly object: Fields;
}

const isPolicy = (type: string, values: Fields): boolean => kubernetesObject(type, values).kind in KINDS;

/** Undefined when no policy comes, goes or changes. */
export const flowChanges = ({ plan, environment, evidence }: GuardContext): FlowChanges | undefined => {
  const policies = plan.changes.filter(
    (change) =>
      !["no-op", "read"].includes(change.kind) &&
      !(change.kind === "forget") &&
      (isPolicy(change.type, change.before) || isPolicy(change.type, change.after)),
  );
  if (policies.length === 0) return undefined;
  const unreadable = policies.flatMap(unreadablePolicy);
  const others = (evidence.otherPolicies ?? []).filter(isFields);
  const before = [...others, ...objectsOf(plan.before)];
  const kept = forgotten(plan.changes);
  const after = [...others, ...objectsOf(plan.after), ...kept];
  return {
    policies: policies.map(({ address }) => address),
    ...compare(before, after, policies, environment, unreadable),
  };
};

const unreadablePolicy = ({ address, type, kind, before, after }: Change): FlowChanges["unreadable"] => {
  const { kind: policyKind, object } = kubernetesObject(type, kind === "delete" ? before : after);
  const tense = kind === "delete" ? "what it says" : "what it will say";
  if (!object) return [{ resource: address, why: `${tense} is not known, or is not a text` }];
  const expected = KINDS[policyKind];
  if (object.apiVersion !== expected)
    return [
      { resource: address, why: `its apiVersion is ${object.apiVersion}, and ${expected} can be read` },
    ];
  const problem = formProblem(object);
  return problem === undefined ? [] : [{ resource: address, why: problem }];
};

/** Why an object is no policy at all; Cilium's rejections are not meant. */
const formProblem = (object: Fields): string | undefined => {
  try {
    PolicySet.compile([object]);
    return undefined;
  } catch (error) {
    return (error as Error).message.replaceAll("policies[0].", "");
  }
};

const readable = (resource: Pick<PlannedResource, "address" | "type" | "values">): ReadPolicy[] => {
  const { kind, object } = kubernetesObject(resource.type, resource.values);
  return object && object.apiVersion === KINDS[kind] && formProblem(object) === undefined
    ? [{ address: resource.address, object }]
    : [];
};

const objectsOf = (resources: readonly PlannedResource[]): Fields[] =>
  resources.flatMap(readable).map(({ object }) => object);

/** A policy that Terraform only lets go of is still in force. */
const forgotten = (changes: readonly Change[]): Fields[] =>
  changes
    .filter(({ kind }) => kind === "forget")
    .flatMap((change) => readable({ ...change, values: change.before }))
    .map(({ object }) => object);

const compare = (
  before: readonly Fields[],
  after: readonly Fields[],
  changed: readonly Change[],
  environment: Environment,
  unreadable: FlowChanges["unreadable"],
): Omit<FlowChanges, "policies"> => {
  const props = inventoryProps(environment, [...before, ...after]);
  const all = inventory(props);
  const living = platformFlows(all, props);
  const settings = { ciliumVersion: environment.versions.cilium };
  const sets = { old: PolicySet.compile(before, settings), now: PolicySet.compile(after, settings) };
  const ports = representativePorts(
    [...sets.old.specs, ...sets.now.specs],
    living.map(({ protocol, port }) => ({ protocol, start: port, end: port })),
  );
  const [old, now] = [sets.old.over(all.identities), sets.now.over(all.identities)];
  const [oldMatrix, nowMatrix] = [old.matrix(ports), now.matrix(ports)];
  const opened = new Map<string, string[]>();
  const closed = new Map<string, string[]>();
  for (const from of all.identities)
    for (const to of all.identities)
      for (const [index, { protocol, port }] of ports.entries()) {
        if (from === to) continue;
        const was = oldMatrix.decision(from.id, to.id, index) !== "denied";
        const is = nowMatrix.decision(from.id, to.id, index) !== "denied";
        if (was === is) continue;
        const lines = is ? opened : closed;
        const pair = `${from.id} → ${to.id}`;
        lines.set(pair, [...(lines.get(pair) ?? []), `${port}/${protocol}`]);
      }
  const resource = changed[0]?.address ?? "plan";
  return {
    unreadable: [
      ...unreadable,
      ...sets.now.rejected
        .filter(
          ({ policy }) =>
            !sets.old.rejected.some((old) => displayPolicy(old.policy) === displayPolicy(policy)),
        )
        .map(({ policy, error }) => ({ resource, why: `Cilium rejects ${displayPolicy(policy)}: ${error}` })),
    ],
    opened: linesOf(opened),
    closed: linesOf(closed),
    dead: deadFlows(
      living.map((flow) => ({
        flow,
        isOpen: now.evaluate(flow).decision === "allowed",
        wasOpen: old.evaluate(flow).decision === "allowed",
      })),
      resource,
    ),
  };
};

interface JudgedFlow {
  readonly flow: ProofFlow;
  readonly isOpen: boolean;
  readonly wasOpen: boolean;
}

const deadFlows = (judged: readonly JudgedFlow[], resource: string): DeadFlows[] => {
  const dead = judged.filter(({ isOpen }) => !isOpen);
  const names = [...new Set(dead.map(({ flow }) => flow.name))];
  return names.flatMap((name) =>
    [true, false].flatMap((wereOpen) => {
      const flows = dead.filter(({ flow, wasOpen }) => flow.name === name && wasOpen === wereOpen);
      return flows.length === 0
        ? []
        : [{ name, wereOpen, resource, flows: flows.map(({ flow }) => displayFlow(flow)) }];
    }),
  );
};

const SHOWN_PORTS = 4;

const linesOf = (flows: ReadonlyMap<string, readonly string[]>): string[] =>
  [...flows].map(([pair, ports]) => {
    const more = ports.length - SHOWN_PORTS;
    return `${pair} ${ports.slice(0, SHOWN_PORTS).join(", ")}${more > 0 ? ` and ${more} more ranges` : ""}`;
  });

/** The environment's own ends, and the pods that policies of a namespace select by name. */
const inventoryProps = (
  { gitops, backup, namespaces }: Environment,
  policies: readonly Fields[],
): InventoryProps => {
  const selected = policies.flatMap(selectedPods);
  const apps = [...namespaces.map(({ name }) => anyApp(name)), ...selected];
  const names = apps.map((app) => JSON.stringify(app.labels) + app.namespace);
  return {
    repository: gitops.repository,
    backupEndpoint: bucketUrl(backup),
    apps: apps.filter((_, index) => names.indexOf(names[index] ?? "") === index),
  };
};

const selectedPods = (policy: Fields): AppPod[] => {
  const { namespace, name } = fieldsOf(policy.metadata);
  if (typeof namespace !== "string") return [];
  const specs = [policy.spec, ...(Array.isArray(policy.specs) ? policy.specs : [])].map(fieldsOf);
  return specs.flatMap(({ endpointSelector, podSelector }) => {
    const { matchLabels } = fieldsOf(endpointSelector ?? podSelector);
    const labels = Object.entries(fieldsOf(matchLabels))
      .filter(
        (entry): entry is [string, string] =>
          typeof entry[1] === "string" && !entry[0].includes("io.kubernetes.pod."),
      )
      .map(([key, value]) => [key.replace(/^(k8s|any):/, ""), value] as const);
    if (labels.length === 0 || namespace === "kube-system" || namespace === "argocd") return [];
    return [{ namespace, labels: { "app.kubernetes.io/name": `${name}`, ...Object.fromEntries(labels) } }];
  });
};
