/** Runs `homelab upgrade`: reports, and returns the exit code. */
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { KNOWN_TALOS } from "../../environments/versions.ts";
import { Doubt, type RunCommand } from "../../lib/core/process/command.ts";
import { type Inventory, inventoryOf } from "../talos/inventory.ts";
import { Talosctl } from "../talos/talosctl.ts";
import { healthProblems } from "./health.ts";
import { JournalFile } from "./journal.ts";
import { Kubectl } from "./kubectl.ts";
import { observe } from "./observation.ts";
import {
  type RunningMachine,
  runningMachines,
  type ShownStep,
  shownSteps,
  showRunning,
  showSteps,
} from "./show.ts";
import { planUpgrade } from "./upgrade-plan.ts";
import { upgradeRoute } from "./upgrade-route.ts";
import { runUpgrade, type UpgradeDependencies } from "./upgrade-run.ts";

export interface UpgradeRequest {
  /** Talos and Kubernetes to reach. @default - the environment's */
  readonly to?: string | undefined;
  readonly kubernetes?: string | undefined;
  /** Show the stops on the way to `to`, the newest known by default, and ask nothing. @default false */
  readonly plan?: boolean;
  /** Do it, not only show it. */
  readonly apply: boolean;
  /** Put the journal of an unfinished run aside. */
  readonly forget: boolean;
  /** Files in place of those that talosctl and kubectl find. */
  readonly talosconfig?: string | undefined;
  readonly kubeconfig?: string | undefined;
  /** Print what was seen and done as JSON; lines for a person go where progress goes. @default false */
  readonly json?: boolean;
  /** Directory of journal and snapshots. @default - below `stateHome` */
  readonly stateDir?: string | undefined;
}

/** The world around the command. */
export interface UpgradeTerminal {
  readonly run: RunCommand;
  readonly clock: UpgradeDependencies["clock"];
  readonly fileSize: UpgradeDependencies["fileSize"];
  readonly out: (line: string) => void;
  /** Progress. */
  readonly err: (line: string) => void;
  /** Asks a person; undefined when there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** The directory for the state of programs, e.g. `~/.local/state`. */
  readonly stateHome: string;
}

/** The shape of what `--json` prints. */
interface UpgradeReport {
  readonly environment: string;
  readonly talos: string;
  readonly kubernetes: string;
  readonly result: "shown" | "upgraded" | "refused" | "stopped";
  /** The doubt at which it stopped. */
  readonly why?: string;
  /** The machines and what is to be done; undefined where it could not be seen. */
  readonly seen?: Seen | undefined;
}

interface Seen {
  readonly machines: readonly RunningMachine[];
  readonly steps: readonly ShownStep[];
  /** Reasons why nothing may be done. */
  readonly refused: readonly string[];
  /** Problems at which a run would stop. */
  readonly unwell: readonly string[];
}

/** Returns the exit code. */
export const upgradeCommand = async (
  environment: Environment,
  { json = false, ...values }: UpgradeRequest,
  terminal: UpgradeTerminal,
): Promise<number> => {
  if (values.plan) return showRoute(environment, values.to, terminal);
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
    log: terminal.err,
  };
  const say = json ? terminal.err : terminal.out;
  let seen: Seen | undefined;
  const end = (result: UpgradeReport["result"], code: number, why?: string): number => {
    const report: UpgradeReport = {
      environment: environment.name,
      ...target,
      result,
      ...(why !== undefined && { why }),
      seen,
    };
    if (json) terminal.out(JSON.stringify(report, null, 2));
    return code;
  };
  differences(environment, inventory).forEach(say);
  try {
    if (values.forget) journal.forget(new Date(terminal.clock.now()).toISOString());
    seen = await look(inventory, dependencies, say);
    if (!values.apply) {
      say(`\nNothing was changed. Do it with: ${commandLine(environment, { ...values, apply: true })}`);
      return end("shown", seen.refused.length + seen.unwell.length === 0 ? 0 : 1);
    }
    if (seen.refused.length > 0) return end("refused", 1);
    if (!(await isConfirmed(environment, terminal.ask, say))) return end("refused", 1);
    await journal.exclusively(() => runUpgrade(inventory, dependencies));
    say(`\n${environment.name} runs Talos ${target.talos} and Kubernetes ${target.kubernetes}.`);
    say(
      `Then deploy ${environment.name}-cluster, so that the machine configurations say the same:\n` +
        "  kubectl get nodes -o json > nodes.json\n" +
        `  npm run homelab -- deploy ${environment.name}-cluster --running nodes.json`,
    );
    return end("upgraded", 0);
  } catch (error) {
    if (!(error instanceof Doubt)) throw error;
    say(`\nStopped:\n${indented(error.message)}`);
    say(
      values.apply
        ? `\n${howToResume(journal, commandLine(environment, { ...values, forget: false }))}`
        : "\nNothing was changed.",
    );
    return end("stopped", 1, error.message);
  }
};

/** Returns the exit code. */
const showRoute = (
  environment: Environment,
  to = Object.values(KNOWN_TALOS).at(-1) ?? environment.versions.talos,
  { clock, out }: UpgradeTerminal,
): number => {
  const route = upgradeRoute(environment, to, new Date(clock.now()).toISOString().slice(0, 10));
  if ("refused" in route) {
    out(`Refused: ${route.refused}`);
    return 1;
  }
  route.lines.forEach(out);
  return 0;
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

const look = async (
  inventory: Inventory,
  dependencies: UpgradeDependencies,
  say: (line: string) => void,
): Promise<Seen> => {
  const { target, environment, nodes } = inventory;
  say(`${environment}: to Talos ${target.talos} and Kubernetes ${target.kubernetes}`);
  say(`Order: ${nodes.map(({ name }) => name).join(", ")}, then Kubernetes.\n`);
  const version = await dependencies.talosctl.clientVersion();
  const observation = await observe(dependencies, inventory);
  const plan = planUpgrade(inventory, observation, version);
  const journal = dependencies.journal.read();
  const unfinished = journal?.finishedAt === null ? journal : undefined;
  const seen: Seen = {
    machines: runningMachines(inventory, observation),
    steps: shownSteps(inventory, plan, dependencies, dependencies.snapshotDirectory),
    refused: plan.problems,
    unwell: healthProblems(inventory, observation, unfinished),
  };
  const lines = [
    ...showRunning(seen.machines),
    ...(unfinished ? [`\nA run of ${unfinished.startedAt} is unfinished; this goes on with it.`] : []),
    ...(seen.refused.length > 0
      ? [
          "\nRefused:",
          ...seen.refused.map(indented),
          ...(seen.refused.some((line) => line.includes("Talos must go up one minor"))
            ? [
                `The stops on the way: npm run homelab -- upgrade ${inventory.environment} --plan --to ${inventory.target.talos}`,
              ]
            : []),
        ]
      : seen.steps.length === 0
        ? ["\nThere is nothing to upgrade."]
        : ["", ...showSteps(seen.steps)]),
    ...(seen.unwell.length > 0 ? ["\nNot well, so a run would stop:", ...seen.unwell.map(indented)] : []),
  ];
  lines.forEach(say);
  return seen;
};

const isConfirmed = async (
  { name, production }: Environment,
  ask: UpgradeTerminal["ask"],
  say: (line: string) => void,
): Promise<boolean> => {
  if (!production) return true;
  if (ask === undefined) {
    say(`\nRefused: ${name} is upgraded by a person at a terminal only.`);
    return false;
  }
  const answer = await ask(`\nType the environment's name to upgrade it: `);
  if (answer.trim() === name) return true;
  say("Refused: another name.");
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
