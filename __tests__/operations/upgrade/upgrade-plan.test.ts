import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { inventoryOf } from "../../../operations/talos/inventory.ts";
import { observe } from "../../../operations/upgrade/observation.ts";
import { planUpgrade, type UpgradeStep } from "../../../operations/upgrade/upgrade-plan.ts";
import { lab } from "../../environments/lab.ts";
import { labCluster } from "./operator.ts";

const OLD = { version: "v1.11.6", schematic: "0".repeat(64) };
const names = (steps: readonly UpgradeStep[]): string[] =>
  steps.map((step) => (step.kind === "talos" ? step.node.name : step.kind));

const look = async () => {
  const cluster = labCluster();
  return {
    inventory: cluster.inventory,
    observation: await observe(cluster.dependencies, cluster.inventory),
  };
};

describe("the order", () => {
  test("control planes, the bootstrap node last among them, then workers, then Kubernetes", async () => {
    const { inventory, observation } = await look();
    const { steps, problems } = planUpgrade(inventory, observation, "v1.12.4");
    expect({ steps: names(steps), problems }).toEqual({
      steps: ["bea", "cleo", "ada", "dora", "kubernetes"],
      problems: [],
    });
  });

  test("holds for every bootstrap node, every order of the data and every part that is already done", async () => {
    const { observation } = await look();
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(lab().nodes, { minLength: 4 }),
        fc.constantFrom("ada", "bea", "cleo"),
        fc.subarray(["ada", "bea", "cleo", "dora"]),
        async (nodes, bootstrapNode, done) => {
          const data = lab();
          const inventory = inventoryOf(
            parseEnvironment({ ...data, nodes, cluster: { ...data.cluster, bootstrapNode } }),
          );
          const machines = new Map(
            inventory.nodes.map(({ name, schematic }) => {
              const seen = observation.machines.get(name);
              if (!seen) throw new Error(name);
              return [
                name,
                done.includes(name) ? { ...seen, version: "v1.12.4", schematic } : { ...seen, ...OLD },
              ];
            }),
          );
          const order = names(planUpgrade(inventory, { ...observation, machines }, "v1.12.4").steps);
          const controlPlanes = order.filter((name) => ["ada", "bea", "cleo"].includes(name));
          expect([...order].sort()).toEqual(
            [...["ada", "bea", "cleo", "dora"].filter((name) => !done.includes(name)), "kubernetes"].sort(),
          );
          expect(order.slice(0, controlPlanes.length)).toEqual(controlPlanes);
          if (controlPlanes.includes(bootstrapNode)) expect(controlPlanes.at(-1)).toBe(bootstrapNode);
          expect(order.at(-1)).toBe("kubernetes");
        },
      ),
      { numRuns: 100 },
    );
  });
});

test("the image counts as much as the version", async () => {
  const { inventory, observation } = await look();
  const machines = new Map(
    inventory.nodes.map(({ name, schematic }) => [
      name,
      {
        ...OLD,
        bootId: "",
        secureBoot: false,
        status: { stage: "running", ready: true },
        version: "v1.12.4",
        schematic: name === "cleo" ? undefined : schematic,
      },
    ]),
  );
  expect(names(planUpgrade(inventory, { ...observation, machines }, "v1.12.4").steps)).toEqual([
    "cleo",
    "kubernetes",
  ]);
});

test("a machine that booted the other way than the environment says stops the plan", async () => {
  const { inventory, observation } = await look();
  const bea = observation.machines.get("bea");
  if (!bea) expect.unreachable();
  const machines = new Map([...observation.machines, ["bea", { ...bea, secureBoot: true }]]);
  expect(planUpgrade(inventory, { ...observation, machines }, "v1.12.4")).toEqual({
    steps: [],
    problems: [
      "bea: booted with secure boot, and its image is for the opposite: set nodes.bea.secureBoot to true",
    ],
  });
});

test("a machine with secure boot gets the installer for it", () => {
  const [first, ...others] = lab().nodes;
  if (!first) expect.unreachable();
  const { nodes } = inventoryOf(
    parseEnvironment({ ...lab(), nodes: [{ ...first, secureBoot: true }, ...others] }),
  );
  expect(nodes.find(({ name }) => name === first.name)?.image).toContain("/metal-installer-secureboot/");
  expect(nodes.filter(({ image }) => image.includes("secureboot"))).toHaveLength(1);
});

test("nothing is planned while a version is unknown or the path is not allowed", async () => {
  const { inventory, observation } = await look();
  const machines = new Map([...observation.machines].filter(([name]) => name !== "dora"));
  expect(planUpgrade(inventory, { ...observation, machines }, "v1.12.4")).toEqual({
    steps: [],
    problems: ["dora: must say which version of Talos it runs"],
  });
  expect(
    planUpgrade(inventory, { ...observation, nodes: undefined, staticPods: undefined }, "v1.12.4").problems,
  ).toEqual(["Kubernetes must say which version it is"]);
  const tooFar = { ...inventory, target: { ...inventory.target, talos: "v1.13.0" } };
  expect(planUpgrade(tooFar, observation, "v1.13.0").steps).toEqual([]);
});

test("the images are of the environment's schematics, at the version to reach", () => {
  const { nodes } = inventoryOf(parseEnvironment(lab()), { talos: "v1.12.9", kubernetes: "v1.33.2" });
  expect(nodes.map(({ image }) => image)).toEqual(
    nodes.map(({ schematic }) => `factory.talos.dev/metal-installer/${schematic}:v1.12.9`),
  );
  expect(nodes.map(({ name, address }) => [name, address])).toEqual([
    ["bea", "10.1.10.12"],
    ["cleo", "10.1.10.13"],
    ["ada", "10.1.10.11"],
    ["dora", "10.1.10.14"],
  ]);
});
