import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layersDiagram } from "../../../operations/diagrams/layers-diagram.ts";
import { type StackSource, stackGraph } from "../../../operations/diagrams/stack-graph.ts";
import { devEnvironment } from "./environments.ts";
import { anyStacks, stackSource } from "./stacks.ts";

const kubeconfig = "${talos_cluster_kubeconfig.cluster.kubernetes_client_configuration.client_key}";

const devStacks = (): StackSource[] => [
  stackSource({ name: "dev-backup", outputs: { key: "${var.etcd_writer_access_key_id}" } }),
  stackSource({ name: "dev-cluster", outputs: { key: kubeconfig, talosconfig: "${data.talos.config}" } }),
  stackSource({ name: "dev-platform", reads: { "dev-backup": ["key"], "dev-cluster": ["key"] } }),
  stackSource({ name: "dev-apps", reads: { "dev-cluster": ["key"] }, dependencies: ["dev-platform"] }),
];

/** Lines of the chart, without its frame. */
const chartOf = (page: string): string[] =>
  (/```mermaid\nflowchart TB\n([\s\S]*?)\n```/.exec(page)?.[1] ?? "").split("\n").map((line) => line.trim());

const NODE = /^(\w+)\["([^"]*)"\]$/;
const EDGE = /^(\w+) (---|-->|-\. order only \.->) (\w+)$/;

describe("dev", () => {
  const page = layersDiagram(devEnvironment(), devStacks());
  const chart = chartOf(page);

  test.each([
    [
      "dev-backup",
      "The bucket vixens-dev-backup*, which outlives the cluster",
      "Changes: yearly. May destroy: nothing.",
    ],
    ["dev-cluster", "Talos v1.12.4 with Kubernetes v1.34.0 on 3 control planes and 1 worker", "Changes: on"],
    ["dev-platform", "network policy audit*, 11 namespaces", "Changes: monthly."],
    ["dev-apps", "The root application: https://github.com/charchess/vixens.git at main.", "Changes: daily."],
  ])("%s says what it holds and where its state is", (name, ...sentences) => {
    const box = chart.find((line) => line.includes(`["${name}<br/>`));
    for (const sentence of sentences) expect(box).toContain(sentence);
    expect(page).toContain(`| ${name} | states/${name} |`);
  });

  test("the operator reads what a stack gives him, and why a value is assumed", () => {
    expect(page).toContain("| dev-cluster | states/dev-cluster |  |  | talosconfig |");
    expect(page).toMatch(/^- `backup\.bucket`: .+ To find out: /m);
  });

  test("each crossing has its values behind its source and an arrow to each reader", () => {
    expect(chart.slice(4)).toEqual([
      'value0["from the operator: etcd_writer_access_key_id"]',
      "stack0 --- value0",
      "value0 --> stack2",
      'value1["talos_cluster_kubeconfig.cluster: client_key"]',
      "stack1 --- value1",
      "value1 --> stack2",
      "value1 --> stack3",
      "stack2 -. order only .-> stack3",
    ]);
  });
});

test("without a root application the apps layer says so", () => {
  const environment = devEnvironment();
  const gitops = { ...environment.gitops, revision: "none" };
  expect(layersDiagram({ ...environment, gitops }, devStacks())).toContain("ArgoCD starts empty");
});

test("what Mermaid would read as its own is written as a character", () => {
  const environment = devEnvironment();
  const gitops = { ...environment.gitops, revision: 'a"]; <b>#1' };
  expect(layersDiagram({ ...environment, gitops }, devStacks())).toContain("at a#34;]; #60;b#62;#35;1.<br/>");
});

test("a new value that crosses changes the picture", () => {
  const [, ...others] = devStacks();
  const more = stackSource({ name: "dev-backup", outputs: { key: "${var.another}" } });
  expect(layersDiagram(devEnvironment(), [more, ...others])).not.toBe(
    layersDiagram(devEnvironment(), devStacks()),
  );
});

test("any stacks: a box for each stack and each crossing, an arrow to each that takes it, nothing else", () => {
  fc.assert(
    fc.property(anyStacks, (stacks) => {
      const page = layersDiagram(devEnvironment(), stacks);
      const chart = chartOf(page);
      const { crossings } = stackGraph(stacks);
      const nodes = chart.flatMap((line) => NODE.exec(line)?.[1] ?? []);
      const edges = chart.flatMap((line) => {
        const edge = EDGE.exec(line);
        return edge ? [edge] : [];
      });
      expect(nodes.length + edges.length).toBe(chart.length);
      const carrying = crossings.filter(({ values }) => values.length > 0);
      expect(new Set(nodes).size).toBe(stacks.length + carrying.length);
      expect(edges.filter(([, , kind]) => kind !== "---")).toHaveLength(
        crossings.flatMap(({ to }) => to).length,
      );
      for (const [, from = "", , to = ""] of edges) expect(nodes).toEqual(expect.arrayContaining([from, to]));
      expect(layersDiagram(devEnvironment(), structuredClone(stacks))).toBe(page);
    }),
    { numRuns: 60 },
  );
});

test("all apps are there, by namespace, and the chart counts them", () => {
  const apps = ["b", "a"].map((name) => ({ name, namespace: "tools", addresses: [] }));
  const page = layersDiagram(devEnvironment(), devStacks(), [
    ...apps,
    { name: "c", namespace: "auth", addresses: [] },
  ]);
  expect(page).toContain("And 3 apps of this repository: see below.");
  expect(page).toContain("| auth | c |\n| tools | b, a |\n");
});

test("a schedule stands on one line", () => {
  const { backup } = devEnvironment();
  for (const { schedule } of backup?.tiers ?? [])
    expect(layersDiagram(devEnvironment(), devStacks())).toContain(
      String(schedule).replaceAll(" ", "\u00a0"),
    );
});
