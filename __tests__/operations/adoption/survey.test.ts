import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BrownfieldShape } from "../../../environments/differences.ts";
import {
  type BrownfieldNode,
  brownfieldAddresses,
  forgottenAddresses,
  movedBlocks,
} from "../../../lib/adoption/brownfield.ts";
import { survey } from "../../../operations/adoption/survey.ts";

const cp = (name: string): BrownfieldNode => ({ name, role: "controlplane" });
const worker = (name: string): BrownfieldNode => ({ name, role: "worker" });
const DEV = [cp("daphne"), cp("diva"), cp("dulce")];
const PROD = [cp("powder"), cp("poison"), cp("phoebe"), worker("pearl"), worker("peach")];
const SHAPES: BrownfieldShape[] = ["H", "1109f65"];

const addresses = (shape: BrownfieldShape, nodes: readonly BrownfieldNode[]) =>
  brownfieldAddresses(shape, nodes).map(({ from }) => from);
const TALOS = "module.environment.module.talos_cluster";

describe("counts of managed instances, as the living states have them", () => {
  test.each([
    ["H", DEV, 23],
    ["H", PROD, 29],
    ["1109f65", DEV, 22],
    ["1109f65", PROD, 28],
  ] as const)("%s: %#", (shape, nodes, count) => {
    const found = survey(addresses(shape, nodes), nodes);
    expect(found).toMatchObject({ shape, expected: count, found: count, problems: [], remarks: [] });
    expect(found.mapped).toHaveLength(count);
  });
});

test("what continues moves to the addresses that this project has", () => {
  expect(movedBlocks([cp("diva"), worker("daisy")])).toEqual([
    { from: `${TALOS}.talos_machine_secrets.cluster`, to: "talos_machine_secrets.cluster" },
    {
      from: `${TALOS}.talos_machine_configuration_apply.control_plane["diva"]`,
      to: "talos_machine_configuration_apply.node_diva",
    },
    {
      from: `${TALOS}.talos_machine_configuration_apply.worker["daisy"]`,
      to: "talos_machine_configuration_apply.node_daisy",
    },
    { from: `${TALOS}.talos_machine_bootstrap.this`, to: "talos_machine_bootstrap.cluster" },
    { from: `${TALOS}.talos_cluster_kubeconfig.this`, to: "talos_cluster_kubeconfig.cluster" },
  ]);
});

test("whatever the nodes and the shape, each address moves or is forgotten, and secrets are never forgotten", () => {
  const clusters = fc.record({
    names: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/), { minLength: 1, maxLength: 8 }),
    workers: fc.nat({ max: 4 }),
    shape: fc.constantFrom(...SHAPES),
  });
  fc.assert(
    fc.property(clusters, ({ names, workers, shape }) => {
      const nodes = names.map((name, index) => (index > 0 && index <= workers ? worker(name) : cp(name)));
      const moved = new Set(movedBlocks(nodes).map(({ from }) => from));
      const forgotten = new Set(forgottenAddresses());
      for (const address of addresses(shape, nodes))
        expect([address, moved.has(address) || forgotten.has(address.replace(/\[.*\]$/, ""))]).toEqual([
          address,
          true,
        ]);
      expect(
        [...forgotten].filter((address) => /secrets|bootstrap|cluster_kubeconfig/.test(address)),
      ).toEqual([]);
      expect(survey(addresses(shape, nodes), nodes)).toMatchObject({ shape, problems: [] });
    }),
    { numRuns: 60 },
  );
});

describe("the shape", () => {
  test("of H without the CSR approval is told by the resets of its workers", () => {
    const partial = addresses("H", PROD).filter((address) => !address.includes("auto_approve_csr"));
    const found = survey(partial, PROD);
    expect(found).toMatchObject({ shape: "H", problems: [] });
    expect(found.remarks).toEqual([
      `${TALOS}.null_resource.auto_approve_csr: is not there; it would only have been forgotten`,
    ]);
  });

  test("mixed is refused", () => {
    const mixed = [...addresses("H", PROD), `${TALOS}.null_resource.worker_reset_on_destroy["pearl"]`];
    const found = survey(mixed, PROD);
    expect(found.shape).toBe("unknown");
    expect(found.problems[0]).toContain("the state mixes both shapes");
  });

  test("without the optional secret is adoptable", () => {
    const without = addresses("H", DEV).filter((address) => !address.includes("infisical"));
    expect(survey(without, DEV)).toMatchObject({ problems: [], found: 22, expected: 23 });
  });
});

describe.each(SHAPES)("%s refuses", (shape) => {
  const all = addresses(shape, DEV);

  test.each([
    ["an unknown type", "module.environment.null_resource.surprise", "no shape has this address"],
    ["another module", "module.other.helm_release.cilium", "no shape has this address"],
    [
      "a node that the environment does not have",
      `${TALOS}.talos_machine_configuration_apply.control_plane["onyx"]`,
      "the environment has no node onyx",
    ],
    [
      "a node of another role",
      `${TALOS}.talos_machine_configuration_apply.worker["diva"]`,
      "diva is a controlplane in the environment",
    ],
    ["a second instance", `${TALOS}.talos_machine_secrets.cluster[0]`, "this shape has no such instance"],
    ["a new address beside the old", "talos_machine_secrets.cluster", "adopted halfway?"],
  ])("%s", (_, address, message) => {
    const { problems } = survey([...all, address], DEV);
    expect(problems.join("\n")).toContain(message);
    expect(problems.join("\n")).toContain(address);
  });

  test.each([
    "talos_machine_secrets.cluster",
    "talos_machine_bootstrap.this",
    "talos_cluster_kubeconfig.this",
  ])("a state without %s", (name) => {
    const { problems } = survey(
      all.filter((address) => !address.endsWith(name)),
      DEV,
    );
    expect(problems).toEqual([expect.stringContaining(`${TALOS}.${name}: must be in the state`)]);
  });

  test("an environment with a node that the state has not", () => {
    expect(survey(all, [...DEV, worker("daisy")]).problems).toEqual([
      expect.stringContaining("the state has no node daisy: take it out of the environment"),
    ]);
  });

  test("an address that is there twice", () => {
    expect(survey([...all, ...all.slice(0, 1)], DEV).problems[0]).toContain("is there twice");
  });
});

test("an empty state, a foreign one and an adopted one", () => {
  expect(survey([], DEV)).toMatchObject({
    shape: "unknown",
    problems: ["the state is empty: there is nothing to adopt"],
  });
  expect(survey(["aws_s3_bucket.x"], DEV)).toMatchObject({
    shape: "unknown",
    problems: ["aws_s3_bucket.x: neither an address of the brownfield nor one of this project"],
  });
  const adopted = [
    ...movedBlocks(DEV).map(({ to }) => to),
    "talos_image_factory_schematic.schematic_virtual",
  ];
  expect(survey(adopted, DEV)).toMatchObject({ shape: "adopted", problems: [], remarks: [] });
  expect(survey([...adopted, "null_resource.stranger"], DEV).problems).toEqual([
    "null_resource.stranger: neither an address of the brownfield nor one of this project",
  ]);
});
