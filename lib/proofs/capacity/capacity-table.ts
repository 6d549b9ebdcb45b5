import { tableLines } from "../../core/text-table.ts";
import type { Quantity } from "../../core/values/quantity.ts";
import type { Capacity, ComputeResource, NodeShare } from "./capacity-shape.ts";

type Row = readonly string[];

const HEADINGS = [
  "",
  "capacity",
  "firmware",
  "kubelet",
  "eviction",
  "static pods",
  "DaemonSets",
  "for workloads",
];

const nodeRow = (node: NodeShare, resource: ComputeResource): Row => [
  node.name,
  ...[
    node.capacity,
    node.firmware,
    node.kubelet,
    node.eviction,
    node.staticPods,
    node.daemonSets,
    node.free,
  ].map((amount) => String(amount[resource])),
];

const totalRow = (label: string, amount: Quantity): Row => [
  label,
  ...HEADINGS.slice(2).map(() => ""),
  String(amount),
];

const align = (rows: readonly Row[]): string =>
  tableLines(rows, Object.keys(HEADINGS).slice(1).map(Number)).join("\n");

type Arithmetic = Omit<Capacity, "table" | "problems"> & { readonly namespaces: number };

const resourceTable = (title: string, resource: ComputeResource, arithmetic: Arithmetic): string => {
  const { nodes, lost, platform, quotas, headroom, namespaces } = arithmetic;
  const gone = lost[resource];
  return align([
    [title, ...HEADINGS.slice(1)],
    ...nodes.map((node) => nodeRow(node, resource)),
    ...(gone ? [totalRow(`- lost: ${gone.name}`, gone.free[resource])] : []),
    totalRow("- platform pods", platform[resource]),
    totalRow(`- quotas of ${namespaces} namespaces`, quotas[resource]),
    totalRow("= headroom", headroom[resource]),
  ]);
};

/** Both resources, every term of the sum on a line of its own. */
export const capacityTable = (arithmetic: Arithmetic): string =>
  [resourceTable("cpu", "cpu", arithmetic), resourceTable("memory", "memory", arithmetic)].join("\n");
