/** Checks the machines through talosctl: images, secure boot, etcd, and their configuration. */
import type { Environment } from "../../environments/schema.ts";
import { Doubt } from "../../lib/core/process/command.ts";
import { controlPlanesOf, type Inventory, type InventoryNode, inventoryOf } from "../talos/inventory.ts";
import { machineDrift } from "../talos/machine-drift.ts";
import { Talosctl } from "../talos/talosctl.ts";
import { etcdProblems } from "../upgrade/health.ts";
import type { ConfigurationFiles } from "./certificates.ts";
import { type Diagnosis, fail, ok, unknown, warn } from "./diagnosis.ts";
import type { Probes } from "./probes.ts";

const LOOK = "see the Talos API and talosconfig above, then look again";

/** Asks every node; those that do not answer are said in a finding of their own. */
const ofEach = async <T>(
  check: string,
  nodes: readonly InventoryNode[],
  ask: (node: InventoryNode) => Promise<T>,
): Promise<{
  readonly answers: readonly (readonly [InventoryNode, T])[];
  readonly silent: readonly Diagnosis[];
}> => {
  const results = await Promise.all(
    nodes.map(async (node) => {
      try {
        return { node, answer: await ask(node) };
      } catch (error) {
        if (error instanceof Doubt) return { node };
        throw error;
      }
    }),
  );
  const answers = results.flatMap((each) =>
    "answer" in each ? [[each.node, each.answer as T] as const] : [],
  );
  const names = results.filter((each) => !("answer" in each)).map(({ node }) => node.name);
  return { answers, silent: silenceOf(check, names) };
};

const silenceOf = (check: string, names: readonly string[]): Diagnosis[] =>
  names.length === 0 ? [] : [unknown(check, `${names.join(", ")} did not say`, LOOK)];

const talosctlOf = (probes: Probes, inventory: Inventory, { talosconfig }: ConfigurationFiles): Talosctl =>
  new Talosctl(probes.run, inventory, { talosconfig });

/** Each machine's schematic and secure boot against the environment. */
export const imagesCheck = async (
  probes: Probes,
  environment: Environment,
  files: ConfigurationFiles,
): Promise<Diagnosis[]> => {
  const inventory = inventoryOf(environment);
  const talosctl = talosctlOf(probes, inventory, files);
  const { answers, silent } = await ofEach("images", inventory.nodes, async (node) => ({
    schematic: await talosctl.schematic(node),
    secureBoot: await talosctl.secureBoot(node),
  }));
  const other = answers.filter(([node, { schematic }]) => schematic !== node.schematic);
  const booted = answers.filter(([node, { secureBoot }]) => secureBoot !== node.secureBoot);
  return [
    ...silent,
    ...(other.length === 0
      ? answers.length > 0
        ? [ok("images", `${answers.length} machines run the schematic of the environment`)]
        : []
      : [
          fail(
            "images",
            other
              .map(
                ([node, { schematic }]) =>
                  `${node.name} runs the schematic ${schematic?.slice(0, 12) ?? "unknown"}`,
              )
              .join(", "),
            `homelab upgrade ${environment.name}: the image differs even if the version is the same`,
          ),
        ]),
    ...booted.map(([node, { secureBoot }]) =>
      fail(
        "secure boot",
        `${node.name} booted ${secureBoot ? "with" : "without"} secure boot; the environment says the opposite`,
        `set nodes.${node.name}.secureBoot to ${secureBoot}, or an installer that does not boot is written`,
      ),
    ),
  ];
};

/** etcd as the upgrade judges it before a node goes down: alarms, members, leader, learners, lag, size. */
export const etcdCheck = async (
  probes: Probes,
  environment: Environment,
  files: ConfigurationFiles,
): Promise<Diagnosis[]> => {
  const inventory = inventoryOf(environment);
  const talosctl = talosctlOf(probes, inventory, files);
  try {
    const [etcdAlarms, etcdMembers, etcdStatus] = await Promise.all([
      talosctl.etcdAlarms(),
      talosctl.etcdMembers(),
      talosctl.etcdStatus(),
    ]);
    const problems = etcdProblems(inventory, { etcdAlarms, etcdMembers, etcdStatus });
    return problems.length === 0
      ? [ok("etcd", `${controlPlanesOf(inventory).length} members, no alarm`)]
      : problems.map((problem) =>
          fail("etcd", problem.replace(/^etcd: /, ""), todoOf(problem, `docs/runbooks/${environment.name}`)),
        );
  } catch (error) {
    if (error instanceof Doubt) return [unknown("etcd", "the control planes did not say", LOOK)];
    throw error;
  }
};

const DEFRAG = "talosctl etcd defrag, one member at a time, then talosctl etcd alarm disarm";

/** The next step for a problem of etcd, by what it says; the first that fits. */
const TODOS: readonly (readonly [RegExp, (runbook: string) => string])[] = [
  [/CORRUPT/, (runbook) => `take no snapshot of that member; ${runbook}/corrupt-member.md`],
  [/NOSPACE|90 %/, () => DEFRAG],
  [
    /must see the members/,
    (runbook) => `talosctl etcd remove-member for one too many; ${runbook}/lost-node.md`,
  ],
  [/must answer once|no leader|one leader/, (runbook) => `${runbook}/lost-majority.md, if most are gone`],
];

const todoOf = (problem: string, runbook: string): string =>
  TODOS.find(([pattern]) => pattern.test(problem))?.[1](runbook) ?? `${runbook}/etcd.md`;

/** Compares each machine's configuration with the written one: no plan shows a `talosctl patch`. */
export const configurationCheck = async (
  probes: Probes,
  environment: Environment,
  files: ConfigurationFiles,
): Promise<Diagnosis[]> => {
  const talosctl = talosctlOf(probes, inventoryOf(environment), files);
  const machines = await machineDrift(environment, talosctl, await probes.machinePatches(environment));
  const silent = machines.filter(({ differences }) => differences === undefined);
  const drifted = machines.flatMap(({ machine, differences: [first, ...more] = [] }) =>
    first === undefined
      ? []
      : [
          warn(
            "configuration",
            `${machine}: ${first}${more.length > 0 ? `, and ${more.length} more` : ""}`,
            `homelab deploy ${environment.name}-cluster, or write it into the environment`,
          ),
        ],
  );
  const well = machines.length - silent.length - drifted.length;
  return [
    ...silenceOf(
      "configuration",
      silent.map(({ machine }) => machine),
    ),
    ...drifted,
    ...(well > 0 ? [ok("configuration", `${well} machines run what is written`)] : []),
  ];
};
