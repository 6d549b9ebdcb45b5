import { networkName } from "../../environments/interfaces.ts";
import type { Environment, Node } from "../../environments/schema.ts";
import { counted } from "../../lib/core/lists.ts";
import { AssumptionMarks } from "./assumptions.ts";
import { type DiagramBlock, stack, text } from "./block.ts";
import type { DrawnApp } from "./drawn-apps.ts";
import { loadBalancerBlock } from "./load-balancer.ts";
import { type Matrix, type MatrixRow, matrix } from "./matrix.ts";
import {
  addressBox,
  CARD_WIDTH,
  CELL_WIDTH,
  clusterFacts,
  fixtures,
  machineCard,
  maintenanceBox,
  maintenanceHead,
  networkColor,
  networkHead,
} from "./network-boxes.ts";
import { type Network, networksOf } from "./networks.ts";
import { page } from "./page.ts";
import { shape } from "./svg.ts";

/** Rows before the machines: the heads of the networks, and what the networks hold by themselves. */
const ROWS_BEFORE = 2;
/** Columns before the networks: maintenance. */
const COLUMNS_BEFORE = 1;
const RANGES_GAP = 22;
/** Distance, right of the boxes, of the line that joins the virtual IP to its possible holders. */
const BRACKET_GAP = 16;

/**
 * The machines of an environment and the networks between them, as SVG. Same data, same bytes.
 * @param apps whose load-balancer addresses are shown
 */
export const networkDiagram = (environment: Environment, apps: readonly DrawnApp[] = []): string => {
  const { name, cluster, versions } = environment;
  const marks = new AssumptionMarks(environment);
  const networks = networksOf(environment);
  const machines = machinesOf(environment);
  const table = matrix({
    leadWidth: CARD_WIDTH,
    cellWidth: CELL_WIDTH,
    rails: ["gray dashed", ...networks.map(networkColor)],
    rows: [
      heads(machines, networks),
      {
        lead: apiServer(environment, marks),
        joined: false,
        cells: [undefined, ...networks.map((network) => fixtures(environment, network, marks))],
      },
      ...machines.map((node) => ({
        lead: machineCard(environment, node, marks),
        joined: true,
        cells: [maintenanceBox(node, marks), ...networks.map((network) => addressBox(node, network, marks))],
      })),
    ],
  });
  const ranges = loadBalancerBlock({
    environment,
    apps,
    marks,
    width: table.width,
    barStart: table.place(0, 0).x,
  });
  return page({
    id: `${name}-network`,
    title: `${name}: machines and networks of ${cluster.name}`,
    subtitle: [
      `Talos ${marks.mark(versions.talos, "versions.talos")}`,
      `Kubernetes ${marks.mark(versions.kubernetes, "versions.kubernetes")}`,
      `Cilium ${marks.mark(versions.cilium, "versions.cilium")}`,
      cluster.controlPlane === "converged"
        ? "converged: control planes run workloads too"
        : "dedicated: workloads run on workers only",
    ].join(" · "),
    description: describe(environment, apps, machines, networks),
    width: table.width,
    blocks: [overRanges(table, networks, machines, ranges), clusterFacts(environment, marks, table.width)],
    marks,
  });
};

/** Control planes first: those are joined to the virtual IP. */
const machinesOf = ({ nodes }: Environment): Node[] => [
  ...nodes.filter(({ role }) => role === "controlplane"),
  ...nodes.filter(({ role }) => role === "worker"),
];

const population = (machines: readonly Node[]): string => {
  const workers = machines.filter(({ role }) => role === "worker").length;
  return `${counted(machines.length - workers, "control plane")}, ${counted(workers, "worker")}`;
};

const heads = (machines: readonly Node[], networks: readonly Network[]): MatrixRow => ({
  lead: stack([
    text("Machines", "heading", CARD_WIDTH),
    text(population(machines), "prose", CARD_WIDTH),
    text("The uplink of each carries its VLANs, tagged.", "label", CARD_WIDTH),
  ]),
  joined: false,
  cells: [maintenanceHead(), ...networks.map(networkHead)],
});

const apiServer = ({ cluster }: Environment, marks: AssumptionMarks): DiagramBlock =>
  stack([
    text("Kubernetes API", "heading", CARD_WIDTH),
    text(marks.mark(cluster.endpoint, "cluster.vip"), "value", CARD_WIDTH),
    text("One control plane at a time holds the virtual IP.", "label", CARD_WIDTH),
  ]);

/** The table, the load-balancer ranges at the foot of their network's rail, and the virtual IP's bracket. */
const overRanges = (
  table: Matrix,
  networks: readonly Network[],
  machines: readonly Node[],
  ranges: DiagramBlock,
): DiagramBlock => {
  const height = table.height + RANGES_GAP + ranges.height;
  return {
    width: table.width,
    height,
    draw: (x, y) => [
      ...networks.flatMap((network, index) => {
        if (!network.roles.includes("services")) return [];
        const head = table.place(0, COLUMNS_BEFORE + index);
        const path = `M${x + head.x + head.width / 2} ${y + head.y}V${y + height - ranges.height}`;
        return [shape("path", { class: `line rail ${networkColor(network)}`, d: path })];
      }),
      ...table.draw(x, y),
      ...networks.flatMap((network, index) =>
        network.roles.includes("cluster")
          ? bracket(table, COLUMNS_BEFORE + index, holderRows(machines, network), x, y)
          : [],
      ),
      ...ranges.draw(x, y + height - ranges.height),
    ],
  };
};

const holderRows = (machines: readonly Node[], network: Network): number[] =>
  machines.flatMap(({ role, vlans }, index) =>
    role === "controlplane" && vlans.some(({ id }) => id === network.id) ? [ROWS_BEFORE + index] : [],
  );

/** Line from the virtual IP's box to the box of every control plane that may hold it. */
const bracket = (table: Matrix, column: number, rows: readonly number[], x: number, y: number): string[] => {
  const vip = table.place(1, column);
  const right = x + vip.x + vip.width;
  const side = right + BRACKET_GAP;
  const ends = rows.map((row) => y + table.place(row, column).y + 8);
  const last = ends.at(-1);
  if (last === undefined) return [];
  return [
    shape("path", { class: "line dashed blue", d: `M${right} ${y + vip.y + 18}H${side}V${last}` }),
    ...ends.flatMap((end) => [
      shape("path", { class: "line dashed blue", d: `M${side} ${end}H${right + 4}` }),
      shape("circle", { class: "line open blue", cx: right, cy: end, r: 4 }),
    ]),
  ];
};

const describe = (
  { cluster, loadBalancer, argocd }: Environment,
  apps: readonly DrawnApp[],
  machines: readonly Node[],
  networks: readonly Network[],
): string =>
  [
    `The cluster ${cluster.name} has ${population(machines)}.`,
    ...machines.map(
      ({ name, role, vlans, maintenanceAddress }) =>
        `${name}, ${role === "controlplane" ? "control plane" : "worker"}${name === cluster.bootstrapNode ? ", bootstraps etcd" : ""}: ` +
        `${vlans.map(({ id, address }) => `${address} on ${networkName(id)}`).join(", ")}, ` +
        `${maintenanceAddress ?? "unknown"} for maintenance.`,
    ),
    `The Kubernetes API answers at the virtual IP ${cluster.vip}, which one of the control planes holds.`,
    ...networks.flatMap(({ id, gateways }) =>
      gateways.map((gateway) => `The default route leaves ${networkName(id)} through ${gateway}.`),
    ),
    `Load balancers on ${networkName(loadBalancer.vlan)}: ${loadBalancer.static.start} to ${loadBalancer.static.stop} by request, ` +
      `${loadBalancer.automatic.start} to ${loadBalancer.automatic.stop} automatically; ArgoCD has ${argocd.address}${apps.flatMap(({ name, addresses }) => addresses.map((address) => `, ${name} ${address}`)).join("")}.`,
    `Pods use ${cluster.podSubnet}, Services ${cluster.serviceSubnet}.`,
  ].join(" ");
