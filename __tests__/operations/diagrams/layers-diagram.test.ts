import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Environment } from "../../../environments/schema.ts";
import { layersDiagram } from "../../../operations/diagrams/layers-diagram.ts";
import { type StackSource, stackGraph } from "../../../operations/diagrams/stack-graph.ts";
import {
  boxes,
  classes,
  type Element,
  faults,
  piercings,
  readDrawing,
  segments,
  squeezed,
  visibleText,
} from "./drawing.ts";
import { devEnvironment } from "./environments.ts";
import { anyStacks, stackSource } from "./stacks.ts";

const kubeconfig = "${talos_cluster_kubeconfig.cluster.kubernetes_client_configuration.client_key}";

const devStacks = (): StackSource[] => [
  stackSource({ name: "dev-backup", outputs: { key: "${var.etcd_writer_access_key_id}" } }),
  stackSource({ name: "dev-cluster", outputs: { key: kubeconfig, talosconfig: "${data.talos.config}" } }),
  stackSource({ name: "dev-platform", reads: { "dev-backup": ["key"], "dev-cluster": ["key"] } }),
  stackSource({ name: "dev-apps", reads: { "dev-cluster": ["key"] }, dependencies: ["dev-platform"] }),
];

const draw = (environment: Environment, stacks = devStacks()) =>
  readDrawing(layersDiagram(environment, stacks));

const lines = (elements: readonly Element[]) =>
  elements.filter((element) => classes(element).includes("line"));

describe("dev", () => {
  const elements = draw(devEnvironment());
  const shown = visibleText(elements);

  test.each([
    [
      "dev-backup",
      "The bucket vixens-dev-backup*, which outlives the cluster",
      "Changes: yearly. May destroy: nothing.",
    ],
    [
      "dev-cluster",
      "Talos v1.12.4 with Kubernetes v1.34.0 on 3 control planes and 1 worker",
      "gives the operator talosconfig",
    ],
    ["dev-platform", "network policy audit, 11 namespaces", "Changes: monthly."],
    ["dev-apps", "The root application: https://github.com/charchess/vixens.git at main.", "Changes: daily."],
  ])("%s says what it holds and where its state is", (name, ...sentences) => {
    for (const sentence of [...sentences, `state states/${name}`])
      expect(shown).toContain(squeezed(sentence));
  });

  test("each crossing has its values at its source and an arrow at each reader", () => {
    expect(shown).toContain("fromtheoperatoretcd_writer_access_key_id");
    expect(shown).toContain("talos_cluster_kubeconfig.clusterclient_key");
    expect(shown).toContain(squeezed("Order only deployed first, no value is read"));
    const arrows = elements.filter(({ name, attributes }) => name === "path" && attributes.d?.endsWith("z"));
    expect(arrows).toHaveLength(1 + 2 + 1);
  });

  test("the words of the picture name every crossing", () => {
    const description = elements.find(({ name }) => name === "desc")?.text;
    expect(description).toContain("From dev-backup to dev-platform: var.etcd_writer_access_key_id.");
    expect(description).toContain("dev-apps comes after dev-platform and reads nothing of it.");
  });
});

test("without a root application the apps layer says so", () => {
  const environment = devEnvironment();
  const gitops = { ...environment.gitops, revision: "none" };
  expect(visibleText(draw({ ...environment, gitops }))).toContain(squeezed("ArgoCD starts empty"));
});

test("a new value that crosses changes the picture", () => {
  const [backup, ...others] = devStacks();
  const more = stackSource({ name: "dev-backup", outputs: { key: "${var.another}" } });
  expect(backup).toBeDefined();
  expect(layersDiagram(devEnvironment(), [more, ...others])).not.toBe(
    layersDiagram(devEnvironment(), devStacks()),
  );
});

test("any stacks: well-formed, inside the picture, nothing over another, no line through a box, an arrow each", () => {
  fc.assert(
    fc.property(anyStacks, (stacks) => {
      const elements = draw(devEnvironment(), stacks);
      const { crossings } = stackGraph(stacks);
      expect(faults(elements)).toEqual([]);
      expect(piercings(lines(elements).flatMap(segments), boxes(elements))).toEqual([]);
      expect(boxes(elements)).toHaveLength(stacks.length + crossings.length);
      expect(elements.filter((element) => classes(element).includes("solid"))).toHaveLength(
        crossings.flatMap(({ to }) => to).length,
      );
      for (const { name } of stacks) expect(visibleText(elements)).toContain(name);
      expect(layersDiagram(devEnvironment(), structuredClone(stacks))).toBe(
        layersDiagram(devEnvironment(), stacks),
      );
    }),
    { numRuns: 60 },
  );
});
