import { describe, expect, test } from "vitest";
import type { EnvironmentInput } from "../../environments/schema.ts";
import { SynthesisError } from "../../lib/core/synthesis/synthesize.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { refuseMalformedContext } from "../../stacks/node-context.ts";
import {
  environments,
  homelab,
  stackOf,
  synthesis,
  undemandingApps,
  withUndemandingApps,
} from "./homelab.ts";

test("two syntheses are byte-identical", () => {
  const before = homelab();
  const again = synthesis();
  expect([...again.files]).toEqual([...before.files]);
  expect(again.manifest).toBe(before.manifest);
});

const onlyIn =
  (name: string, change: (input: EnvironmentInput) => void) =>
  (input: EnvironmentInput): void => {
    if (input.name === name) change(input);
  };

/** Every resource and data source of a stack as text, by its address. */
const blocks = (stack: TerraformJson): Map<string, string> =>
  new Map(
    Object.entries({ ...stack.resource, ...stack.data }).flatMap(([type, byId]) =>
      Object.entries(byId).map(([id, block]) => [
        `${stack.data?.[type] ? "data." : ""}${type}.${id}`,
        JSON.stringify(block),
      ]),
    ),
  );

/** Without quotas, which a smaller cluster might not hold. */
const roomy = (change: (input: EnvironmentInput) => void = () => {}) =>
  synthesis(
    environments((input) => {
      input.namespaces = [];
      withUndemandingApps(input);
      change(input);
    }),
    {},
    undemandingApps,
  );

const changedBlocks = (name: string, change: (input: EnvironmentInput) => void): string[] => {
  const before = roomy();
  const after = roomy(onlyIn(name, change));
  const differing = [...before.stacks.keys()].flatMap((name) => {
    const [old, now] = [blocks(stackOf(before, name)), blocks(stackOf(after, name))];
    return [...new Set([...old.keys(), ...now.keys()])]
      .filter((address) => old.get(address) !== now.get(address))
      .map((address) => `${name}: ${address}`);
  });
  return differing.sort();
};

const own = (environment: string, node: string) => [
  `${environment}-cluster: data.talos_machine_configuration.node_${node}`,
  `${environment}-cluster: talos_machine_configuration_apply.node_${node}`,
];

describe("one node changes, and every other node's resources stay untouched", () => {
  test("adding a worker", () => {
    const changed = changedBlocks("dev", ({ nodes }) => {
      const daisy = nodes.find(({ name }) => name === "daisy");
      if (!daisy) throw new Error("no daisy");
      nodes.splice(1, 0, {
        ...daisy,
        name: "dahlia",
        witnesses: [
          {
            figures: ["mac", "maintenanceAddress", "installDisk", "interface"],
            source: "its own label",
            on: "2026-11-01",
          },
        ],
        mac: "00:15:5d:00:cb:22",
        interface: "enx00155d00cb22",
        maintenanceAddress: "192.168.0.107",
        vlans: [
          { id: 111, address: "192.168.111.166/24" },
          { id: 208, address: "192.168.208.166/24", gateway: "192.168.208.1" },
        ],
      });
    });
    expect(changed).toEqual(own("dev", "dahlia"));
  });

  test("removing a worker", () => {
    const changed = changedBlocks("prod", (input) => {
      input.nodes = input.nodes.filter(({ name }) => name !== "pearl");
    });
    expect(changed).toEqual(own("prod", "pearl"));
  });

  test("renaming a worker", () => {
    const changed = changedBlocks("dev", (input) => {
      const daisy = input.nodes.find(({ name }) => name === "daisy");
      if (daisy) daisy.name = "dahlia";
      input.assumptions = input.assumptions.map((assumption) => ({
        ...assumption,
        path: assumption.path.replace("daisy", "dahlia"),
      }));
    });
    expect(changed).toEqual([...own("dev", "dahlia"), ...own("dev", "daisy")].sort());
  });
});

test("a node in maintenance mode is reached elsewhere, as the same resource", () => {
  const before = homelab();
  const after = synthesis(environments(), { maintenanceNodes: "diva" });
  const apply = (of: typeof before, node: string) =>
    stackOf(of, "dev-cluster").resource?.talos_machine_configuration_apply?.[`node_${node}`];
  expect(apply(before, "diva")).toMatchObject({ node: "192.168.111.164", endpoint: "192.168.111.164" });
  expect(apply(after, "diva")).toMatchObject({ node: "192.168.0.164", endpoint: "192.168.0.164" });
  expect(apply(after, "daphne")).toEqual(apply(before, "daphne"));
  expect(after.files.get("prod-cluster")).toBe(before.files.get("prod-cluster"));
});

test.each([
  [{ maintenanceNodes: "nobody" }, "context maintenanceNodes: must name nodes of an environment"],
  [{ stagedNodes: 7 }, "context stagedNodes: must be a list of names: got 7"],
  [{ maintenanceNodes: ["peach"] }, "peach"],
])("refuses the context %j", (context, message) => {
  const refused = () => synthesis(environments(), context);
  expect(refused).toThrow(message);
  expect(refused).toThrow(SynthesisError);
});

test.each(["maintenanceNodes=diva", "[]", "null", '"diva"'])("refuses the text %s for a context", (text) => {
  expect(() => refuseMalformedContext(text)).toThrow(
    new SynthesisError([
      `CDKTF_CONTEXT_JSON: must be a JSON object, e.g. {"maintenanceNodes":"daphne"}: got ${JSON.stringify(text)}`,
    ]),
  );
});

test.each([undefined, "", "{}", '{"maintenanceNodes":"diva"}'])("takes the context %s", (text) => {
  expect(() => refuseMalformedContext(text)).not.toThrow();
});
