import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Environment } from "../../../environments/schema.ts";
import { networkDiagram } from "../../../operations/diagrams/network-diagram.ts";
import { boxes, classes, type Element, faults, readDrawing, squeezed, visibleText } from "./drawing.ts";
import { anyEnvironment, devEnvironment, realEnvironments } from "./environments.ts";

const draw = (environment: Environment) => readDrawing(networkDiagram(environment));

const changed = (change: (environment: Environment) => Partial<Environment>): Environment => {
  const environment = devEnvironment();
  return { ...environment, ...change(environment) };
};

/** The memory that a machine once reported is no part of the picture, which shows what it has. */
const isEvidence = (path: string) => path.endsWith(".reportedMemory");

/** The texts from a machine's name to the next one's. */
const cardOf = (elements: readonly Element[], name: string): string[] => {
  const lines = elements.filter((element) => element.name === "text");
  const start = lines.findIndex((line) => classes(line).includes("name") && line.text === name);
  const length = lines.slice(start + 1).findIndex((line) => classes(line).includes("name"));
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).map(({ text }) => text);
};

describe.each(realEnvironments)("the picture of $name", (environment) => {
  const elements = draw(environment);
  const shown = visibleText(elements);

  test("keeps texts and boxes apart and inside", () => {
    expect(faults(elements)).toEqual([]);
  });

  test.each(environment.nodes)("tells all about $name", (node) => {
    const card = cardOf(elements, node.name).join(" ");
    expect(card).toContain(node.role === "controlplane" ? "control plane" : "worker");
    expect(card.includes("bootstraps etcd")).toBe(node.name === environment.cluster.bootstrapNode);
    const isAssumed = (field: string) =>
      environment.assumptions.some(({ path }) =>
        [`nodes.*.${field}`, `nodes.${node.name}.${field}`].includes(path),
      );
    const figure = (field: "cpu" | "memory") => `${node[field]}${isAssumed(field) ? "*" : ""}`;
    const hardware = `CPU ${figure("cpu")}   memory ${figure("memory")}   `;
    expect(cardOf(elements, node.name)).toContainEqual(expect.stringContaining(hardware));
    for (const value of [node.installDisk, node.interface, node.mac ?? "MAC unknown*"])
      expect(card).toContain(value);
    for (const address of [...node.vlans.map((vlan) => vlan.address), node.maintenanceAddress ?? "unknown*"])
      expect(cardOf(elements, node.name)).toContain(`${address}`);
  });

  test("names networks, virtual IP, gateway and ranges", () => {
    const { cluster, loadBalancer, argocd } = environment;
    for (const value of [
      cluster.name,
      `https://${cluster.vip}:6443`,
      `VLAN ${loadBalancer.vlan}`,
      cluster.podSubnet,
      cluster.serviceSubnet,
      `${loadBalancer.static.start} – ${loadBalancer.static.stop}`,
      `${loadBalancer.automatic.start} – ${loadBalancer.automatic.stop}`,
      `${argocd.address}ArgoCD, ${argocd.hostname}`,
      `Gateway${`${loadBalancer.static.start}`.replace(/\d+$/, "1")}`,
    ])
      expect(shown).toContain(squeezed(`${value}`));
  });

  test("explains each asterisk", () => {
    const ofNodes = environment.assumptions.filter(({ path }) => path.startsWith("nodes"));
    for (const { path, why } of ofNodes.filter(({ path }) => !isEvidence(path))) {
      expect(shown).toContain(squeezed(`${path}${why}`));
    }
    for (const { path } of ofNodes.filter(({ path }) => isEvidence(path))) expect(shown).not.toContain(path);
    expect(shown).not.toContain("backup");
  });
});

test("any environment: well-formed, inside the picture, nothing over another, every name whole", () => {
  fc.assert(
    fc.property(anyEnvironment, (environment) => {
      const elements = draw(environment);
      const shown = visibleText(elements);
      expect(faults(elements)).toEqual([]);
      for (const { name, vlans } of environment.nodes) {
        for (const text of [name, ...vlans.flatMap(({ id, address }) => [`VLAN${id}`, address])])
          expect(shown).toContain(text);
      }
      expect(shown).toContain(environment.argocd.hostname);
      expect(shown).toContain(environment.cluster.vip);
    }),
    { numRuns: 60 },
  );
});

test("the same data gives the same bytes", () => {
  fc.assert(
    fc.property(anyEnvironment, (environment) => {
      expect(networkDiagram({ ...environment, nodes: [...environment.nodes] })).toBe(
        networkDiagram(environment),
      );
    }),
    { numRuns: 10 },
  );
});

test("the document is self-contained, labelled, and has a dark form", () => {
  const svg = networkDiagram(devEnvironment());
  const [root, title, description] = readDrawing(svg);
  expect(root?.attributes).toMatchObject({
    role: "img",
    "aria-labelledby": "dev-network-title dev-network-desc",
  });
  expect(title).toMatchObject({ name: "title", attributes: { id: "dev-network-title" } });
  expect(description?.attributes.id).toBe("dev-network-desc");
  expect(description?.text).toContain(
    "daphne, control plane, bootstraps etcd: 192.168.111.162/24 on VLAN 111",
  );
  expect(svg).toContain("@media (prefers-color-scheme:dark)");
  expect(svg).not.toMatch(/<script|<image|<foreignObject|href|@import|url\(/);
  expect(readDrawing(svg).map(({ name }) => name)).not.toContain("a");
});

test("the virtual IP is joined to each control plane and to no worker", () => {
  const joints = draw(devEnvironment()).filter(({ name }) => name === "circle");
  expect(joints).toHaveLength(3);
  const [firstOnly] = devEnvironment().nodes;
  expect(
    draw(changed(() => ({ nodes: firstOnly ? [firstOnly] : [] }))).filter(({ name }) => name === "circle"),
  ).toHaveLength(1);
});

test("a machine that is not on a VLAN has no box there", () => {
  const withoutServices = draw(
    changed(({ nodes }) => ({
      nodes: nodes.map((node) => (node.name === "daisy" ? { ...node, vlans: node.vlans.slice(0, 1) } : node)),
    })),
  );
  expect(visibleText(withoutServices)).not.toContain("192.168.208.165");
  expect(boxes(withoutServices)).toHaveLength(boxes(draw(devEnvironment())).length - 1);
});

test.each([
  ["nodes.*.memory", 4],
  ["nodes.daphne", 13],
  ["nodes.daphne.vlans.111.address", 1],
  ["cluster.vip", 2],
  ["gitops.revision", 0],
])("the assumption %s marks %i values", (path, count) => {
  const environment = changed(() => ({ assumptions: [{ path, why: "Nobody knows.", verify: "Look." }] }));
  const elements = draw(environment);
  const marked = elements.filter(({ attributes, text }) => attributes.class && text.endsWith("*"));
  expect(marked).toHaveLength(count);
  expect(visibleText(elements).includes(squeezed(`${path}Nobody knows. To find out: Look.`))).toBe(count > 0);
});

test.each([
  ["off", "nothing is denied"],
  ["audit", "default deny, reported only"],
  ["enforce", "default deny, both directions"],
] as const)("network policy %s reads: %s", (mode, remark) => {
  expect(
    visibleText(
      draw(
        changed(() => ({
          networkPolicy: { mode, nodes: "off", exceptions: [] },
        })),
      ),
    ),
  ).toMatch(new RegExp(`${mode}\\*?${squeezed(remark)}`));
});

test("every load-balancer address whose holder is known is shown, with all that it is for", () => {
  const environment = devEnvironment();
  const { start } = environment.loadBalancer.static;
  const other = `${start}`.replace(/\d+$/, (last) => `${Number(last) + 5}`);
  const svg = networkDiagram(environment, [
    { name: "gateway", namespace: "edge", addresses: [`${start}`] },
    { name: "resolver", namespace: "dns", addresses: [other] },
    { name: "quiet", namespace: "dns", addresses: [] },
  ]);
  const shown = readDrawing(svg).map(({ text }) => text);
  expect(shown).toEqual(expect.arrayContaining([`${start}`, other, "resolver"]));
  expect(shown.some((text) => /^gateway(; nameserver of the machines)?$/.test(text))).toBe(true);
  expect(shown).not.toContain("quiet");
});
