/** Runs `homelab upgrade`: reports, and returns the exit code. */
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { Doubt, type RunCommand } from "../../lib/core/process/command.ts";
import { type Inventory, inventoryOf } from "../talos/inventory.ts";
import { Talosctl } from "../talos/talosctl.ts";
import { healthProblems } from "./health.ts";
import { JournalFile } from "./journal.ts";
import { Kubectl } from "./kubectl.ts";
import { observe } from "./observation.ts";
import { planUpgrade } from "./plan.ts";
import { showPlan, showRunning } from "./show.ts";
import { runUpgrade, type UpgradeDependencies } from "./upgrade-run.ts";

export interface UpgradeRequest {
  /** Talos and Kubernetes to reach. @default - the environment's */
  readonly to?: string | undefined;
  readonly kubernetes?: string | undefined;
  /** Do it, not only show it. */
  readonly apply: boolean;
  /** Put the journal of an unfinished run aside. */
  readonly forget: boolean;
  /** Files in place of those that talosctl and kubectl find. */
  readonly talosconfig?: string | undefined;
  readonly kubeconfig?: string | undefined;
  /** Directory of journal and snapshots. @default - below `stateHome` */
  readonly stateDir?: string | undefined;
}

/** The world around the command. */
export interface UpgradeTerminal {
  readonly run: RunCommand;
  readonly clock: UpgradeDependencies["clock"];
  readonly fileSize: UpgradeDependencies["fileSize"];
  readonly out: (line: string) => void;
  /** Asks a person; undefined when there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** The directory for the state of programs, e.g. `~/.local/state`. */
  readonly stateHome: string;
}

/** Returns the exit code. */
export const upgradeCommand = async (
  environment: Environment,
  values: UpgradeRequest,
  terminal: UpgradeTerminal,
): Promise<number> => {
  const target = {
    talos: values.to ?? environment.versions.talos,
    kubernetes: values.kubernetes ?? environment.versions.kubernetes,
  };
  const inventory = inventoryOf(environment, target);
  const directory = join(values.stateDir ?? join(terminal.stateHome, "terravixens"), environment.name);
  const journal = new JournalFile(directory);
  const dependencies: UpgradeDependencies = {
    talosctl: new Talosctl(terminal.run, inventory, values),
    kubectl: new Kubectl(terminal.run, inventory, values),
    journal,
    clock: terminal.clock,
    snapshotDirectory: directory,
    fileSize: terminal.fileSize,
    log: (line) => terminal.out(line),
  };
  for (const line of differences(environment, inventory)) terminal.out(line);
  try {
    if (values.forget) journal.forget(new Date(terminal.clock.now()).toISOString());
    const { isAllowed, isWell } = await show(inventory, dependencies, terminal.out);
    if (!values.apply) {
      terminal.out(
        `\nNothing was changed. Do it with: ${commandLine(environment, { ...values, apply: true })}`,
      );
      return isAllowed && isWell ? 0 : 1;
    }
    if (!isAllowed) return 1;
    if (!(await isConfirmed(environment, terminal))) return 1;
    await journal.exclusively(() => runUpgrade(inventory, dependencies));
    terminal.out(`\n${environment.name} runs Talos ${target.talos} and Kubernetes ${target.kubernetes}.`);
    terminal.out(
      `Then deploy ${environment.name}-cluster, so that the machine configurations say the same:\n` +
        "  kubectl get nodes -o json > nodes.json\n" +
        `  npm run homelab -- deploy ${environment.name}-cluster --running nodes.json`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof Doubt)) throw error;
    terminal.out(`\nStopped:\n${indented(error.message)}`);
    terminal.out(
      values.apply
        ? `\n${howToResume(journal, commandLine(environment, { ...values, forget: false }))}`
        : "\nNothing was changed.",
    );
    return 1;
  }
};

/**
 * Differences between the environment's versions and those upgraded to: until they are written down, the next deploy
 * would write the other version into machines.
 */
const differences = ({ name, versions }: Environment, { target }: Inventory): string[] =>
  (["talos", "kubernetes"] as const)
    .filter((key) => versions[key] !== target[key])
    .map(
      (key) =>
        `environments/${name}.ts says ${key} ${versions[key]}: set versions.${key} to ${target[key]} before the next deploy of ${name}-cluster, which would write ${versions[key]} again.`,
    );

const show = async (
  inventory: Inventory,
  dependencies: UpgradeDependencies,
  out: (line: string) => void,
): Promise<{ isAllowed: boolean; isWell: boolean }> => {
  const { target, environment, nodes } = inventory;
  out(`${environment}: to Talos ${target.talos} and Kubernetes ${target.kubernetes}`);
  out(`Order: ${nodes.map(({ name }) => name).join(", ")}, then Kubernetes.\n`);
  const version = await dependencies.talosctl.clientVersion();
  const observation = await observe(dependencies, inventory);
  const plan = planUpgrade(inventory, observation, version);
  const journal = dependencies.journal.read();
  const unfinished = journal?.finishedAt === null ? journal : undefined;
  const problems = healthProblems(inventory, observation, unfinished).map(indented);
  const lines = [
    ...showRunning(inventory, observation),
    ...(unfinished ? [`\nA run of ${unfinished.startedAt} is unfinished; this goes on with it.`] : []),
    ...(plan.problems.length > 0
      ? ["\nRefused:", ...plan.problems.map(indented)]
      : plan.steps.length === 0
        ? ["\nThere is nothing to upgrade."]
        : ["", ...showPlan(inventory, plan, dependencies, dependencies.snapshotDirectory)]),
    ...(problems.length > 0 ? ["\nNot well, so a run would stop:", ...problems] : []),
  ];
  lines.forEach(out);
  return { isAllowed: plan.problems.length === 0, isWell: problems.length === 0 };
};

const isConfirmed = async (
  { name, production }: Environment,
  { ask, out }: UpgradeTerminal,
): Promise<boolean> => {
  if (!production) return true;
  if (ask === undefined) {
    out(`\nRefused: ${name} is upgraded by a person at a terminal only.`);
    return false;
  }
  const answer = await ask(`\nType the environment's name to upgrade it: `);
  if (answer.trim() === name) return true;
  out("Refused: another name.");
  return false;
};

/** The command line that asks for the same again. */
const commandLine = ({ name }: Environment, request: UpgradeRequest): string => {
  const options = Object.entries(request).flatMap(([option, value]) => {
    const flag = `--${option === "stateDir" ? "state-dir" : option}`;
    return value === true ? [flag] : value ? [flag, value] : [];
  });
  return ["npm run homelab -- upgrade", name, ...options].join(" ");
};

const howToResume = (journal: JournalFile, again: string): string => {
  const { cordoned = null, inFlight = null } = journalOf(journal) ?? {};
  return [
    ...(inFlight
      ? [`${inFlight.node} was sent its upgrade at ${inFlight.sentAt}; leave it alone until it is back.`]
      : []),
    ...(cordoned ? [`${cordoned} stays cordoned; the next run sees to it.`] : []),
    "No other node was begun. Put right what is said above, then run the same again; it goes on from what it finds:",
    `  ${again}`,
  ].join("\n");
};

const journalOf = (journal: JournalFile) => {
  try {
    return journal.read();
  } catch {
    return undefined;
  }
};

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `  - ${line}`)
    .join("\n");
