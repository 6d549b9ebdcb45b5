/** The checks of the real talosctl: every line that is written, every answer that is read, and faults. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Environment } from "../../environments/schema.ts";
import { type Fields, fieldsOf } from "../../lib/core/fields.ts";
import { commandLine, type RunCommand, runCommand } from "../../lib/core/process/command.ts";
import type { Diagnosis } from "../../operations/doctor/diagnosis.ts";
import { configurationCheck, etcdCheck, imagesCheck } from "../../operations/doctor/machines.ts";
import { workstation } from "../../operations/doctor/probes.ts";
import { controlPlanesOf, inventoryOf } from "../../operations/talos/inventory.ts";
import { writtenPatches } from "../../operations/talos/machine-drift.ts";
import { Talosctl } from "../../operations/talos/talosctl.ts";
import { observeMachine } from "../../operations/upgrade/observation.ts";
import { type Checks, LeftOut, must } from "../checks.ts";
import {
  answering,
  CONFIGURATION,
  EXTENSION,
  holding,
  type MachineChange,
  memberOf,
  type PlayedMachines,
  SECURITY,
} from "./played-machines.ts";
import { quotedLines, typedLines } from "./written.ts";

/** Commands that ask Kubernetes' API as well, of which only flags are checked. */
const WITH_KUBERNETES = /\b(upgrade-k8s|rotate-ca)\b/;

/** The answers that talosctl printed, and the flags that it has, by command. */
export interface Recorded {
  readonly flags: Record<string, readonly string[]>;
  readonly answers: Record<string, string>;
}

export interface Lab {
  readonly environment: Environment;
  readonly directory: string;
  readonly checks: Checks;
  readonly machines: PlayedMachines;
  readonly configurations: ReadonlyMap<string, string>;
  /** The snapshot that machines give, with the revision that etcd itself says. */
  readonly snapshot: { readonly content: Buffer; readonly revision: number };
  readonly recorded: Recorded;
}

/** Runs talosctl, and keeps the first answer to each command; none with secrets. */
const recording =
  ({ recorded, directory }: Lab): RunCommand =>
  async (command, args, options) => {
    const result = await runCommand(command, args, options);
    const key = args.slice(args.indexOf("--nodes") + 2).join(" ");
    if (result.stdout !== "" && !/machineconfig/.test(key))
      recorded.answers[key.replaceAll(directory, "/operator")] ??= result.stdout.replaceAll(
        directory,
        "/operator",
      );
    return result;
  };

const shell = (directory: string, line: string) =>
  runCommand("sh", ["-c", line], { directory, timeout: 60_000, variables: { HOME: directory } });

/** The problem of a line's command and flags, by talosctl's own help; undefined when it knows all of them. */
export const unknownToTalosctl = async (
  line: string,
  directory: string,
  flags: Recorded["flags"] = {},
): Promise<string | undefined> => {
  const plain = line.replace(/ > .*$/, "").replaceAll(/<[^>]*>/g, "X");
  // A flag at the end may want a value.
  const { code, stdout, stderr } = await shell(directory, `${plain.replace(/ --?[\w-]+$/, "$& X")} --help`);
  if (code !== 0) return `${line}: ${stderr.trim().split("\n")[0]}`;
  if (/^Available Commands:/m.test(stdout)) return `${line}: there is no such command`;
  const [, name = ""] = /^Usage:\n +talosctl ((?:[\w-]+ ?)+?)(?= [<[]|$)/m.exec(stdout) ?? [];
  const last = name.split(" ").at(-1) ?? "";
  const [, aliases = last] = /^Aliases:\n +(.+)$/m.exec(stdout) ?? [];
  for (const alias of aliases.split(", "))
    flags[name.replace(/\S+$/, alias)] = [...stdout.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(
      ([, flag = ""]) => flag,
    );
  return undefined;
};

const problemsOf = async (
  lines: readonly string[],
  ask: (line: string) => Promise<string | undefined>,
): Promise<string[]> => {
  const problems: string[] = [];
  // In order: a line may need the file that another writes.
  for (const line of lines) problems.push(...[(await ask(line)) ?? []].flat());
  return problems;
};

/** Each line that is written: known to talosctl, and those of runbooks typed one after the other. */
export const writtenChecks = async (lab: Lab): Promise<void> => {
  const { environment, directory, checks, snapshot } = lab;
  const typed = new Map(typedLines(environment));
  const upgrades = new Talosctl(runCommand, inventoryOf(environment));
  const lines = [
    ...quotedLines(),
    ...new Set([...typed.values()].flat()),
    ...(["dry-run", "apply"] as const).map((mode) => commandLine(upgrades.kubernetesCommand(mode))),
  ];
  checks.judge(
    `${lines.length} lines name commands and flags that talosctl has`,
    await problemsOf(lines, (line) => unknownToTalosctl(line, directory, lab.recorded.flags)),
  );
  const [{ address } = { address: "" }] = controlPlanesOf(inventoryOf(environment));
  typed.set(
    "alerts",
    quotedLines().flatMap((line) => (/ NODE /.test(line) ? [line.replace("NODE", address)] : [])),
  );
  const [waiting = ""] = Object.entries(lab.machines).find(([, { maintenance }]) => maintenance) ?? [];
  const saved = [...lab.configurations.keys()].map((name) => `${name}.yaml`);
  for (const [scenario, all] of typed) {
    const place = join(directory, scenario);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "db.snapshot"), snapshot.content);
    for (const name of ["", "-new"])
      copyFileSync(join(directory, "talosconfig"), join(place, `talosconfig-${environment.name}${name}`));
    // A runbook begins with the files that another one has saved of the machines.
    for (const file of scenario === "lost-cluster" ? saved : [])
      if (existsSync(join(directory, "etcd", file)))
        copyFileSync(join(directory, "etcd", file), join(place, file));
    const run = all.filter((line) => !WITH_KUBERNETES.test(line));
    if (run.length < all.length)
      checks.leaveOut(`${scenario}: rotate-ca`, "asks Kubernetes' API too; its flags are checked");
    if (run.length === 0) continue;
    const problems = await problemsOf(run, async (line) => {
      const { code, stderr } = await shell(
        place,
        line.replace(/\bID$/, memberOf(0).shown).replace("MAINTENANCE-ADDRESS", waiting),
      );
      return code === 0 ? undefined : `${line}: ${stderr.trim()}`;
    });
    checks.judge(`${scenario}: ${run.length} lines do what they say`, problems);
  }
};

const callsOf = (directory: string): Fields[] =>
  [...readFileSync(join(directory, "calls.jsonl"), "utf8").matchAll(/.+/g)].map(([line]) => JSON.parse(line));

const same = (what: string, got: unknown, wanted: unknown): void =>
  must(
    isDeepStrictEqual(got, wanted),
    `${what}: must be ${JSON.stringify(wanted)}: got ${JSON.stringify(got)}`,
  );

/** Every answer that an upgrade reads, and every request that it makes. */
export const answerChecks = async (lab: Lab): Promise<void> => {
  const { environment, directory, checks, configurations, snapshot } = lab;
  const inventory = inventoryOf(environment);
  const controlPlanes = controlPlanesOf(inventory);
  const [node] = controlPlanes;
  if (node === undefined) throw new Error("no control plane");
  const talosctl = new Talosctl(recording(lab), inventory);
  await checks.run("each machine: version, schematic, secure boot, stage, boot, configuration", async () => {
    for (const each of inventory.nodes) {
      const { bootId, ...seen } = await observeMachine({ talosctl }, each);
      must(bootId !== "", "no boot id");
      same(each.name, seen, {
        ...{ version: environment.versions.talos, schematic: each.schematic, secureBoot: each.secureBoot },
        status: { stage: "running", ready: true },
      });
      same("configuration", await talosctl.machineConfiguration(each), configurations.get(each.name));
    }
    return `${inventory.nodes.length} machines`;
  });
  await checks.run("etcd's status, members and alarms; clocks", async () => {
    const status = await talosctl.etcdStatus();
    same(
      "status",
      status.map(({ node: at, member, raftIndex }) => [at, member, raftIndex]),
      [...controlPlanes.map(({ address }) => [address, expect(address, lab), 53_391])],
    );
    const members = await talosctl.etcdMembers();
    same("members", members.length, controlPlanes.length ** 2);
    same("alarms", await talosctl.etcdAlarms(), []);
    same("clocks", (await talosctl.times()).length, inventory.nodes.length);
    return `${members.length} rows of members`;
  });
  await checks.run("a snapshot is saved whole, and bootstrap uploads it", async () => {
    const path = join(directory, "taken.snapshot");
    const taken = await talosctl.snapshot(node, path);
    same(
      "snapshot",
      [taken.path, taken.bytes, taken.revision],
      [path, snapshot.content.length, snapshot.revision],
    );
    const sum = createHash("sha256").update(readFileSync(path)).digest("hex");
    const uploads = callsOf(directory).filter(({ method }) => method === "EtcdRecover");
    must(uploads.length > 0, "no runbook uploaded a snapshot");
    for (const { uploaded } of uploads) same("upload", uploaded, sum);
    return `${taken.keys} keys, hash ${taken.hash}`;
  });
  await checks.run("pull, upgrade, power cycle: the requests, and a new boot", async () => {
    const before = await talosctl.bootId(node);
    const made = callsOf(directory).length;
    await talosctl.pullImage(node);
    await talosctl.upgrade(node);
    await talosctl.powerCycle(node);
    const requests = callsOf(directory)
      .slice(made)
      .filter(({ method }) => /Pull|Upgrade|Reboot/.test(String(method)));
    same(
      "requests",
      requests.map(({ method, nodes, request }) => [method, nodes, request]),
      [
        ["ImagePull", [node.address], { namespace: "NS_SYSTEM", reference: node.image }],
        ["Upgrade", [node.address], { image: node.image }],
        ["Reboot", [node.address], { mode: "POWERCYCLE" }],
      ],
    );
    must((await talosctl.bootId(node)) !== before, "the boot is the one before");
    return "";
  });
};

const expect = (address: string, { machines }: Lab): string => {
  const [answer] = machines[address]?.answers.EtcdStatus ?? [];
  return BigInt(String(fieldsOf(answer?.memberStatus).memberId)).toString(16);
};

/** Faults, each on the second control plane: what doctor says then. */
const faultsOf = ({
  environment,
  configurations,
}: Lab): Readonly<Record<string, readonly [MachineChange, RegExp]>> => {
  const [, node] = controlPlanesOf(inventoryOf(environment));
  const members = environment.nodes.filter(({ role }) => role === "controlplane");
  const place = members.findIndex(({ name }) => name === node?.name);
  const alarm = (name: string): MachineChange =>
    answering("EtcdAlarmList", { memberAlarms: [{ memberId: memberOf(place).id, alarm: name }] });
  const name = node?.name ?? "";
  return {
    "a corrupt member": [alarm("CORRUPT"), new RegExp(`CORRUPT of ${name} [0-9a-f]{16}$`)],
    "a full database": [alarm("NOSPACE"), new RegExp(`NOSPACE of ${name} [0-9a-f]{16}$`)],
    "another schematic": [
      (machine) => {
        const rest = machine.resources.filter(({ spec }) => !spec.includes('"schematic"'));
        const other = { metadata: { name: "schematic", version: "0123abcd" } };
        return holding(EXTENSION, "9", other)({ ...machine, resources: rest });
      },
      new RegExp(`^${name} runs the schematic 0123abcd`),
    ],
    "secure boot": [
      holding(SECURITY, "securitystate", { secureBoot: true }),
      new RegExp(`^${name} booted with secure`),
    ],
    "a patch by hand": [
      holding(
        CONFIGURATION,
        "v1alpha1",
        (configurations.get(name) ?? "").replace(/^machine:\n( +)/m, "machine:\n$1env: {A: b}\n$1"),
      ),
      new RegExp(`^${name}: machine.env: is written by nobody here`),
    ],
    "a silent machine": [
      (machine) => ({ ...machine, silent: true }),
      new RegExp(`\\b${name} (did not say|must answer once)|got none$|WARNING`),
    ],
  };
};

/** Doctor is quiet where all is well, and names each fault. */
export const doctorChecks = async (lab: Lab, play: (machines: PlayedMachines) => void): Promise<void> => {
  const { environment, checks, machines, directory } = lab;
  const patches = await writtenPatches(environment);
  const probes = { ...workstation(directory), run: recording(lab), machinePatches: async () => patches };
  const look = async (): Promise<Diagnosis[]> => {
    const found = [imagesCheck, etcdCheck, configurationCheck].map((check) => check(probes, environment, {}));
    return (await Promise.all(found)).flat();
  };
  const shown = (found: readonly Diagnosis[]): string => found.map(({ says }) => says).join("; ");
  await checks.run("doctor: all is well", async () => {
    const found = await look();
    const isWell = found.every(({ status }) => status === "ok");
    must(isWell, shown(found));
    return shown(found);
  });
  const [, node] = controlPlanesOf(inventoryOf(environment));
  const address = node?.address ?? "";
  for (const [fault, [change, said]] of Object.entries(faultsOf(lab))) {
    const machine = machines[address];
    if (machine === undefined) throw new LeftOut("there is no second control plane");
    // Alarms are told by whoever is asked.
    const all = fault.startsWith("a corrupt") || fault.startsWith("a full");
    play(
      all
        ? Object.fromEntries(Object.entries(machines).map(([at, each]) => [at, change(each)]))
        : { ...machines, [address]: change(machine) },
    );
    await checks.run(`doctor: ${fault}`, async () => {
      const found = (await look()).filter(({ status }) => status !== "ok");
      must(found.length > 0 && found.every(({ says }) => said.test(says)), shown(found) || "says nothing");
      return shown(found);
    });
    play(machines);
  }
};
