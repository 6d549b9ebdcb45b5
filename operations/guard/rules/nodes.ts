import { fieldsOf } from "../../../lib/core/fields.ts";
import { APPLY, changesMachine, isControlPlane, nodeOf, onlyVersions, writesWhatRuns } from "../machines.ts";
import { type GuardCheck, type GuardContext, lossOf } from "../rule.ts";
import { loses, type ResourceChange } from "../terraform-plan.ts";

const applies = ({ plan }: GuardContext): ResourceChange[] =>
  plan.changes.filter(({ type }) => type === APPLY);

/** Applies of control planes that a plan lets go, each with its node. */
const lostControlPlanes = (context: GuardContext): { change: ResourceChange; node: string }[] =>
  applies(context)
    .filter((change) => isControlPlane({ ...change, values: change.before }, context.environment))
    .filter(
      (change) =>
        loses(change) ||
        (change.kind === "update" &&
          !isControlPlane({ ...change, values: change.after }, context.environment)),
    )
    .map((change) => ({ change, node: nodeOf(change) }));

export const controlPlane: GuardCheck = {
  name: "control-plane",
  *check(context) {
    for (const { change, node } of lostControlPlanes(context))
      yield {
        resource: change.address,
        reason: `the control plane ${node} would be ${change.kind === "update" ? "made a worker" : lossOf(change)}`,
        cure: `take ${node} out of etcd first; then let it go with a waiver for this address, with an end date`,
      };
  },
};

/** Refuses the loss of a control plane unless etcd has let it go and the rest keeps a quorum. */
export const etcdQuorum: GuardCheck = {
  name: "etcd-quorum",
  *check(context) {
    const lost = lostControlPlanes(context);
    const { plan, environment, evidence } = context;
    const staying = plan.after
      .filter(({ type }) => type === APPLY)
      .filter((resource) => isControlPlane(resource, environment))
      .map(nodeOf);
    for (const { change, node } of lost) {
      const resource = change.address;
      const members = evidence.etcdMembers;
      if (!members) {
        yield {
          resource,
          reason: `nothing shows that ${node} is no member of etcd any more`,
          cure: "talosctl etcd members > members.txt, then guard with --etcd-members members.txt",
        };
        continue;
      }
      if (members.includes(node))
        yield {
          resource,
          reason: `${node} is still a member of etcd: losing it costs quorum`,
          cure: `talosctl etcd remove-member, or talosctl reset --graceful on ${node}`,
        };
      const absent = staying.filter((name) => !members.includes(name));
      if (absent.length > 0)
        yield {
          resource,
          reason: `${absent.join(", ")} would stay and is no member of etcd: no quorum can be counted on`,
          cure: "bring etcd to full health first",
        };
      if (staying.length === 0)
        yield { resource, reason: "no control plane would stay", cure: "keep an odd number" };
      else if (staying.length % 2 === 0)
        yield {
          resource,
          reason: `${staying.length} control planes would stay: an even number bears no more failures than one less`,
          cure: "keep an odd number",
        };
    }
  },
};

/** A removal that wipes is a destroy-time provisioner by another name. */
export const nodeReset: GuardCheck = {
  name: "node-reset",
  *check(context) {
    for (const change of applies(context).filter(({ kind }) => kind === "delete" || kind === "replace"))
      if (fieldsOf(change.before.on_destroy).reset === true)
        yield {
          resource: change.address,
          reason: `${nodeOf(change)} would be wiped: on_destroy.reset is true in the state`,
          cure: "apply a configuration without on_destroy first",
        };
  },
};

/** One machine at a time; a first deploy makes them all. */
export const oneNode: GuardCheck = {
  name: "one-node",
  *check(context) {
    const isFirst = !context.plan.before.some(({ type }) => type === APPLY);
    const touched = applies(context).filter(
      (change) =>
        (change.kind === "create" && !isFirst) ||
        change.kind === "replace" ||
        change.kind === "delete" ||
        change.kind === "forget and create" ||
        (change.kind === "update" &&
          changesMachine(change, context.environment) &&
          !writesWhatRuns(change, context.evidence.running)),
    );
    const name = context.environment.name;
    const names = touched.map(nodeOf);
    if (new Set(names).size < 2) return;
    for (const [index, change] of touched.entries())
      yield {
        resource: change.address,
        reason: `${names[index]} is one of ${names.length} nodes that this plan changes: ${names.join(", ")}`,
        cure: onlyVersions(change)
          ? `once every node runs it: kubectl get nodes -o json > nodes.json, then npm run homelab -- deploy ${name}-cluster --running nodes.json; before that, npm run homelab -- upgrade ${name}`
          : `npm run homelab -- deploy ${name}-cluster --node ${names[index]}, then the next`,
      };
  },
};
