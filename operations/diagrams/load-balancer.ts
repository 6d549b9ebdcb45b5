/** The addresses that Services get: one bar per range, with the addresses whose holder is known. */

import type { Environment } from "../../environments/schema.ts";
import { grouped } from "../../lib/core/lists.ts";
import { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import type { Ipv4Range } from "../../lib/core/values/ipv4-range.ts";
import { type AssumptionMarks, markNameserver } from "./assumptions.ts";
import { box, type DiagramBlock, innerWidth, stack, text } from "./block.ts";
import type { DrawnApp } from "./drawn-apps.ts";
import { distinct } from "./networks.ts";
import { shape } from "./svg.ts";

const BAR_HEIGHT = 18;
/** The share of its width that the bar takes; the label of its last address gets the rest. */
const BAR_SHARE = 0.55;
/** Ranges up to this size show each address as a cell. */
const CELLS_SHOWN = 32;
const LABEL_GAP = 6;
const MIN_SEGMENT = 8;

/** An address whose holder is known. */
interface Holding {
  readonly address: Ipv4Address;
  readonly shown: string;
  readonly who: string;
}

export interface LoadBalancerProps {
  readonly environment: Environment;
  readonly apps: readonly DrawnApp[];
  readonly marks: AssumptionMarks;
  readonly width: number;
  /** Distance of the bars from the left. */
  readonly barStart: number;
}

export const loadBalancerBlock = ({
  environment,
  apps,
  marks,
  width,
  barStart,
}: LoadBalancerProps): DiagramBlock => {
  const { loadBalancer } = environment;
  const inner = innerWidth(width);
  const leadWidth = barStart - (width - inner) / 2;
  const holdings = holdingsOf(environment, apps, marks);
  const range = (name: "static" | "automatic", addresses: Ipv4Range, use: string): DiagramBlock => {
    const { start, stop, size } = addresses;
    const shown = marks.mark(`${start} – ${stop}`, `loadBalancer.${name}.start`, `loadBalancer.${name}.stop`);
    return sideBySide(
      stack(
        [
          text(name === "static" ? "Static" : "Automatic", "heading", leadWidth),
          text(shown, "value", leadWidth),
          text(`${size} ${size === 1 ? "address" : "addresses"}; ${use}`, "label", leadWidth),
        ],
        1,
      ),
      bar(addresses, holdings, inner - leadWidth),
      leadWidth,
    );
  };
  return box(
    "orange",
    width,
    stack(
      [
        stack(
          [
            text(
              `Load-balancer addresses on VLAN ${marks.mark(String(loadBalancer.vlan), "loadBalancer.vlan")}`,
              "heading",
              inner,
            ),
            text(
              `Cilium answers ARP for them on the interfaces ${marks.mark(loadBalancer.interfaces.join(", "), "loadBalancer.interfaces")}`,
              "label",
              inner,
            ),
          ],
          1,
        ),
        range("static", loadBalancer.static, "a Service asks for its own"),
        range("automatic", loadBalancer.automatic, "a Service gets the next free one"),
      ],
      12,
    ),
  );
};

/** Every address whose holder is known: ArgoCD's, those that apps ask for, and nameservers that may be Services here. */
const holdingsOf = (
  { argocd, nodes }: Environment,
  apps: readonly DrawnApp[],
  marks: AssumptionMarks,
): Holding[] => {
  const nameservers = distinct(nodes.flatMap((node) => node.nameservers));
  const named = [
    {
      address: argocd.address,
      shown: marks.mark(argocd.address, "argocd.address"),
      who: `ArgoCD, ${marks.mark(argocd.hostname, "argocd.hostname")}`,
    },
    ...apps.flatMap(({ name, addresses }) =>
      addresses.map((address) => ({ address: Ipv4Address.parse(address), shown: address, who: name })),
    ),
    ...nameservers.map((address) => ({
      address,
      shown: markNameserver(address, nodes, marks),
      who: "nameserver of the machines",
    })),
  ];
  return [...grouped(named, ({ address }) => `${address}`).values()].flatMap((same) => {
    const last = same.at(-1);
    return last ? [{ ...last, who: same.map(({ who }) => who).join("; ") }] : [];
  });
};

const sideBySide = (left: DiagramBlock, right: DiagramBlock, leftWidth: number): DiagramBlock => ({
  width: leftWidth + right.width,
  height: Math.max(left.height, right.height),
  draw: (x, y) => [...left.draw(x, y), ...right.draw(x + leftWidth, y)],
});

/** Labels hang below the bar, the rightmost highest: so no leader crosses a label. */
const bar = (range: Ipv4Range, holdings: readonly Holding[], width: number): DiagramBlock => {
  const length = Math.round(width * BAR_SHARE);
  const cell = length / range.size;
  const held = holdings
    .filter(({ address }) => range.contains(address))
    .sort((a, b) => b.address.compare(a.address));
  const labels = held.map(({ address, shown, who }) => {
    const start = Math.min((address.value - range.start.value) * cell, length - MIN_SEGMENT);
    const segment = Math.max(cell, MIN_SEGMENT);
    const x = start + segment / 2;
    return { x, start, segment, label: holdingLabel(shown, who, width - x - 14) };
  });
  const top = (index: number) =>
    labels.slice(0, index).reduce((y, { label }) => y + label.height + LABEL_GAP, BAR_HEIGHT + LABEL_GAP);
  return {
    width,
    height: labels.length > 0 ? top(labels.length) - LABEL_GAP : BAR_HEIGHT,
    draw: (x, y) => [
      shape("rect", { class: "frame orange", x, y, width: length, height: BAR_HEIGHT }),
      ...labels.map(({ start, segment }) =>
        shape("rect", {
          class: "solid orange",
          x: x + start + 2,
          y: y + 2,
          width: segment - 4,
          height: BAR_HEIGHT - 4,
        }),
      ),
      ...(range.size <= CELLS_SHOWN ? separators(x, y, cell, range.size) : []),
      ...labels.flatMap(({ x: center, label }, index) => {
        const middle = y + top(index) + 9;
        return [
          shape("path", {
            class: "line thin orange",
            d: `M${x + center} ${y + BAR_HEIGHT}V${middle}H${x + center + 9}`,
          }),
          ...label.draw(x + center + 14, y + top(index)),
        ];
      }),
    ],
  };
};

const holdingLabel = (address: string, who: string, width: number): DiagramBlock =>
  stack([text(address, "strong", width), text(who, "label", width)], 0);

const separators = (x: number, y: number, cell: number, count: number): string[] =>
  Array.from({ length: count - 1 }, (_, index) => {
    const at = x + (index + 1) * cell;
    return shape("path", { class: "line thin orange", d: `M${at} ${y}v${BAR_HEIGHT}` });
  });
