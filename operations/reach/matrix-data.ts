/** Packs for the page who reaches whom: decided between classes, with equal rows written once. */
import type { ReachabilityMatrix } from "../../lib/proofs/evaluator/matrix.ts";
import { ENDS } from "../../lib/proofs/network/inventory.ts";
import { exceptionNotes } from "./exception-notes.ts";
import { rejections } from "./question.ts";
import { Numbered, type PackedReason, ReasonRows } from "./reason-rows.ts";
import { Reasons } from "./reasons.ts";
import { type SceneOptions, sceneOf } from "./scene.ts";
import { displayStretches, portOf, type Stretch } from "./stretches.ts";
import type { SynthesizedNetwork } from "./synthesized.ts";

export interface MatrixData {
  readonly environment: string;
  /** Namespaces, and two groups for ends that are not pods. */
  readonly groups: readonly string[];
  /** Each identity as `[name, group, class]`. */
  readonly identities: readonly (readonly [name: string, group: number, classNumber: number])[];
  readonly ports: readonly string[];
  readonly reasons: readonly PackedReason[];
  /** Distinct rows of reasons over the peers' classes, as pairs of reason and how often it repeats. */
  readonly rows: readonly (readonly number[])[];
  /** The row of a class on a port: `egress[port][class]`. */
  readonly egress: readonly (readonly number[])[];
  readonly ingress: readonly (readonly number[])[];
  readonly notes: readonly string[];
}

/** Groups of ends that are not pods; the brackets keep them apart from namespaces. */
const NODES = "(nodes)";
const OUTSIDE = "(outside)";

export const matrixData = (network: SynthesizedNetwork, options: SceneOptions = {}): MatrixData => {
  const scene = sceneOf([network], options);
  const [set] = scene.sets;
  if (!set) throw new Error("scene: must hold a network");
  const matrix = set.over(scene.identities).matrix(scene.ports.map(portOf));
  const ports = portGroups(matrix, scene.ports);
  const rows = new ReasonRows(set, scene.identities, new Reasons(scene.objects[0] ?? []));
  const sides = ports.map(({ stretches: [stretch] }) => rows.on(portOf(stretch)));
  const groups = new Numbered<string>();
  const ordered = [...scene.identities].sort((a, b) => compare(rank(a), rank(b)) || compare(a.id, b.id));
  return {
    environment: network.environment,
    identities: ordered.map((identity) => [
      identity.id,
      groups.of(groupOf(identity)),
      rows.classOf(identity.id),
    ]),
    groups: groups.all,
    ports: ports.map(({ label }) => label),
    reasons: rows.reasons,
    rows: rows.rows,
    egress: sides.map(({ egress }) => egress),
    ingress: sides.map(({ ingress }) => ingress),
    notes: [
      ...(network.audit ? ["Policies are audited: what they deny is logged and not dropped."] : []),
      ...rejections(scene),
      ...exceptionNotes(network.policies),
    ],
  };
};

type Ends = ReturnType<typeof sceneOf>["identities"][number];

const groupOf = (identity: Ends): string =>
  identity.kind === "pod"
    ? identity.namespace
    : ["world", "cidr"].includes(identity.kind) && identity.id !== ENDS.hostDns
      ? OUTSIDE
      : NODES;

/** Orders groups: namespaces by name, then nodes, then the outside. */
const rank = (identity: Ends): string => {
  const group = groupOf(identity);
  return group === OUTSIDE ? "~~" : group === NODES ? "~" : group;
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface PortGroup {
  readonly label: string;
  readonly stretches: readonly [Stretch, ...Stretch[]];
}

/**
 * Ports worth choosing: neighbours that decide alike are one; all that decide like the first of their protocol are
 * the ports that no policy mentions.
 */
const portGroups = (matrix: ReachabilityMatrix, all: readonly Stretch[]): readonly PortGroup[] => {
  const decisions = all.map((_, port) => matrix.decisionsOn(port));
  const first = new Map<string, string>();
  all.forEach(({ protocol }, index) => {
    if (!first.has(protocol)) first.set(protocol, decisions[index] ?? "");
  });
  const others = new Map<string, [Stretch, ...Stretch[]]>();
  const mentioned: { decision: string; stretches: [Stretch, ...Stretch[]] }[] = [];
  all.forEach((stretch, index) => {
    const decision = decisions[index] ?? "";
    const rest = others.get(stretch.protocol);
    const last = mentioned.at(-1);
    const neighbour = last?.stretches.at(-1);
    if (decision === first.get(stretch.protocol)) {
      if (rest) rest.push(stretch);
      else others.set(stretch.protocol, [stretch]);
    } else if (
      last?.decision === decision &&
      neighbour?.protocol === stretch.protocol &&
      neighbour.last + 1 === stretch.first &&
      neighbour.name === stretch.name
    )
      last.stretches.push(stretch);
    else mentioned.push({ decision, stretches: [stretch] });
  });
  return [
    ...mentioned.map(({ stretches }) => ({ label: displayStretches(stretches).join(", "), stretches })),
    ...[...others].map(([protocol, stretches]) => ({
      label: `every other ${protocol} ${protocol.startsWith("ICMP") ? "type" : "port"}`,
      stretches,
    })),
  ];
};
