/** Fits what the living cluster was seen to request into it with its largest node lost. */
import { Quantity } from "../../core/values/quantity.ts";
import { assessCapacity, type CapacityProps } from "./capacity.ts";

/** The accepted risk of a cluster whose pods do not all fit when its largest node is lost. */
export const NODE_LOST_RISK = "capacity-node-lost";

/** The requests of all pods together on a day, those included that no app of ours declares. */
export interface MeasuredRequests {
  readonly memory: Quantity;
  /** The record that says so. */
  readonly source: string;
  /** Its day, YYYY-MM-DD. */
  readonly on: string;
}

export interface MeasuredFit {
  /** Memory that some pods would wait for; undefined when everything fits. */
  readonly short: Quantity | undefined;
  /** The arithmetic in a sentence. */
  readonly arithmetic: string;
}

/** Every node counts, control planes too: what was measured holds their static pods and DaemonSets as well. */
export const measuredFit = (
  { nodes, controlPlane }: Pick<CapacityProps, "nodes" | "controlPlane">,
  { memory, source, on }: MeasuredRequests,
): MeasuredFit => {
  const allocatable = assessCapacity({ nodes, controlPlane, namespaces: [] })
    .nodes.map(({ name, capacity, firmware, kubelet, eviction }) => ({
      name,
      memory: capacity.memory.minus(Quantity.sum([firmware.memory, kubelet.memory, eviction.memory])),
    }))
    .toSorted((a, b) => (a.memory.isMoreThan(b.memory) ? -1 : 1));
  const [largest, ...others] = allocatable;
  const left = Quantity.sum(others.map((node) => node.memory));
  const short = memory.isMoreThan(left) ? memory.minus(left) : undefined;
  const sum = others.map((node) => `${node.name} ${rounded(node.memory)}`).join(" + ");
  return {
    short,
    arithmetic: `${memory} were requested on ${on} (${source}); without ${largest?.name} there are ${sum} = ${rounded(left)}: ${short ? `short of ${rounded(short)}` : "it fits"}`,
  };
};

/** In whole mebibytes, for people. */
const rounded = (amount: Quantity): string => `${Math.round(amount.toNumber() / 1024 ** 2)}Mi`;

/** A shortage that nobody accepted, or an accepted one that is not there. */
export const measuredProblems = (
  props: Pick<CapacityProps, "nodes" | "controlPlane">,
  measured: MeasuredRequests | undefined,
  acceptedRisks: readonly string[],
): string[] => {
  const fit = measured && measuredFit(props, measured);
  const accepted = acceptedRisks.includes(NODE_LOST_RISK);
  if (fit?.short && !accepted) {
    return [
      `measuredRequests.memory: must fit with one node lost: ${fit.arithmetic} (the accepted risk ${NODE_LOST_RISK} would silence this)`,
    ];
  }
  if (fit?.short || !accepted) return [];
  return [
    `acceptedRisks.${NODE_LOST_RISK}: must silence something; ${fit?.arithmetic ?? "nothing was measured"}: got "${NODE_LOST_RISK}"`,
  ];
};
