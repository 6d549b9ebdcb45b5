/** The boxes of a network diagram: machines, their addresses, and what the networks hold by themselves. */
import type { Environment, Node } from "../../environments/schema.ts";
import { type AssumptionMarks, markNameserver } from "./assumptions.ts";
import {
  badge,
  box,
  card,
  type DiagramBlock,
  type Fact,
  facts,
  flow,
  innerWidth,
  stack,
  text,
} from "./block.ts";
import { distinct, type Network } from "./networks.ts";
import type { Accent } from "./theme.ts";

export const CARD_WIDTH = 368;
export const CELL_WIDTH = 178;

const CARD_TEXT = innerWidth(CARD_WIDTH);
const CELL_TEXT = innerWidth(CELL_WIDTH);

export const networkColor = ({ roles }: Network): Accent =>
  roles.includes("cluster") ? "blue" : roles.includes("services") ? "orange" : "purple";

export const machineCard = (environment: Environment, node: Node, marks: AssumptionMarks): DiagramBlock => {
  const color = node.role === "controlplane" ? "blue" : "green";
  const detail = (label: string, field: keyof Node, value: unknown): Fact => ({
    label,
    value: marks.mark(value, `nodes.${node.name}.${field}`),
  });
  return card(
    color,
    CARD_WIDTH,
    stack(
      [
        flow(
          [
            text(node.name, "name", CARD_TEXT),
            badge(color, node.role === "controlplane" ? "control plane" : "worker"),
            ...(node.name === environment.cluster.bootstrapNode
              ? [badge("blue thick", "bootstraps etcd")]
              : []),
          ],
          CARD_TEXT,
          8,
        ),
        facts(
          [
            detail("CPU", "cpu", node.cpu),
            detail("memory", "memory", node.memory),
            detail("disk", "installDisk", node.installDisk),
            detail("interface", "interface", node.interface),
            detail("schematic", "schematic", node.schematic),
            detail("MAC", "mac", node.mac ?? "unknown"),
          ],
          CARD_TEXT,
        ),
      ],
      5,
    ),
  );
};

/** The address that a machine has on a network; undefined where it is not attached. */
export const addressBox = (
  node: Node,
  network: Network,
  marks: AssumptionMarks,
): DiagramBlock | undefined => {
  const vlan = node.vlans.find(({ id }) => id === network.id);
  if (!vlan) return undefined;
  const shown = marks.mark(vlan.address, `nodes.${node.name}.vlans.${vlan.id}.address`);
  return box(networkColor(network), CELL_WIDTH, text(shown, "value", CELL_TEXT));
};

export const maintenanceBox = (node: Node, marks: AssumptionMarks): DiagramBlock => {
  const shown = marks.mark(node.maintenanceAddress ?? "unknown", `nodes.${node.name}.maintenanceAddress`);
  return box("gray dashed", CELL_WIDTH, text(shown, "value", CELL_TEXT));
};

const titled = (kind: Accent, title: string, value: string, remark: string): DiagramBlock =>
  box(
    `${kind} thick`,
    CELL_WIDTH,
    stack(
      [text(title, "heading", CELL_TEXT), text(value, "strong", CELL_TEXT), text(remark, "label", CELL_TEXT)],
      1,
    ),
  );

export const maintenanceHead = (): DiagramBlock =>
  titled("gray", "Maintenance", "untagged, DHCP", "until installed");

export const networkHead = (network: Network): DiagramBlock =>
  titled(
    networkColor(network),
    network.id === null ? "No tag" : `VLAN ${network.id}`,
    network.subnets.join(", "),
    network.roles.length > 0 ? network.roles.join(" and ") : "other",
  );

/** Boxes of a network beside its machines: the virtual IP first, then gateways; undefined when there are none. */
export const fixtures = (
  { cluster, nodes }: Environment,
  network: Network,
  marks: AssumptionMarks,
): DiagramBlock | undefined => {
  const blocks = [
    ...(network.roles.includes("cluster")
      ? [titled("blue", "Virtual IP", marks.mark(cluster.vip, "cluster.vip"), "on one control plane")]
      : []),
    ...network.gateways.map((gateway) => {
      const paths = nodes.map(({ name }) => `nodes.${name}.vlans.${network.id}.gateway`);
      return titled(networkColor(network), "Gateway", marks.mark(gateway, ...paths), "default route");
    }),
  ];
  return blocks.length > 0 ? stack(blocks, 10) : undefined;
};

const policyRemarks = {
  off: "nothing is denied",
  audit: "default deny, reported only",
  enforce: "default deny, both directions",
} as const satisfies Record<Environment["networkPolicy"]["mode"], string>;

/** Facts about the whole cluster, side by side over the width given. */
export const clusterFacts = (
  environment: Environment,
  marks: AssumptionMarks,
  width: number,
): DiagramBlock => {
  const { cluster, networkPolicy, nodes } = environment;
  const nameservers = distinct(nodes.flatMap((node) => node.nameservers)).map((address) =>
    markNameserver(address, nodes, marks),
  );
  const entries: [title: string, value: string, remark: string][] = [
    ["Pods", marks.mark(cluster.podSubnet, "cluster.podSubnet"), "Cilium, through VXLAN"],
    ["Services", marks.mark(cluster.serviceSubnet, "cluster.serviceSubnet"), "inside the cluster only"],
    [
      "Network policy",
      marks.mark(networkPolicy.mode, "networkPolicy.mode"),
      policyRemarks[networkPolicy.mode],
    ],
    ["Nameservers", nameservers.join(" "), "asked by the machines"],
  ];
  const gap = 14;
  const each = Math.floor((width - gap * (entries.length - 1)) / entries.length);
  const contents = entries.map(([title, value, remark]) =>
    stack(
      [
        text(title, "heading", innerWidth(each)),
        text(value, "value", innerWidth(each)),
        text(remark, "label", innerWidth(each)),
      ],
      1,
    ),
  );
  const height = Math.max(...contents.map((content) => content.height));
  return flow(
    contents.map((content) => box("plain", each, { ...content, height })),
    width,
    gap,
  );
};
