/** Checks stacks against real providers, real Terraform and Talos' own library, as far as a machine has them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { Environment } from "../../environments/schema.ts";
import { minorOf } from "../../environments/versions.ts";
import { listOf, textOf } from "../../lib/core/fields.ts";
import type { RunCommand } from "../../lib/core/process/command.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { configurationDrift } from "../../operations/talos/configuration-drift.ts";
import { ClusterStack } from "../../stacks/cluster-stack.ts";
import type { Checks } from "../checks.ts";
import { madeUpCredentials } from "./credentials.ts";
import { crossStackProblems } from "./cross-stack.ts";
import { keptPart, keptProblems, writeSchema } from "./kept-schemas.ts";
import { machineFieldProblems } from "./machine-fields.ts";
import {
  buildMachinery,
  type ConfiguredMachine,
  judgeMachines,
  type Library,
  libraries,
  machineInputs,
} from "./machinery.ts";
import { type MirroredStack, mirroredStack } from "./mirrored-stack.ts";
import { offlinePlan } from "./offline-plan.ts";
import type { ProviderMirror } from "./provider-mirror.ts";
import type { KnownSchema } from "./provider-schema.ts";
import { pinnedProviders, type RequiredProvider } from "./required-providers.ts";
import { judgeStack } from "./schema-check.ts";
import { printedSchemas, validationProblems } from "./validation.ts";
import { type TerraformProgram, terraformPrograms, Workspace } from "./workspace.ts";

const FILL = "npm run homelab -- providers";

export interface ContractProps {
  readonly run: RunCommand;
  readonly mirror: ProviderMirror;
  readonly stacks: ReadonlyMap<string, TerraformJson>;
  readonly environments: readonly Environment[];
  /** Schemas that are kept as files. */
  readonly kept: readonly KnownSchema[];
  /** The directory of the kept schemas. */
  readonly keptIn: string;
  /** Texts of the project's sources, for the types whose schemas are kept. */
  readonly sources: readonly string[];
  /** True to keep the schemas that the providers print now. */
  readonly updateSchemas: boolean;
  readonly checks: Checks;
}

/** Runs all of it, one after the other. */
export const runContract = async (props: ContractProps): Promise<void> => {
  const { stacks, checks, kept } = props;
  checks.judge("every output that a stack reads is put out by another", crossStackProblems(stacks));
  for (const [name, stack] of stacks) {
    const { problems, unjudged, otherVersions, judged } = judgeStack(stack, kept);
    // With `--update-schemas`, a block whose schema was not kept before is no problem.
    const untold = props.updateSchemas ? [] : unjudged;
    checks.judge(`${name}: ${judged} blocks by the kept schemas`, [...problems, ...untold]);
    for (const line of otherVersions) checks.note(line);
  }
  const planned = await withPrograms(props);
  await machines(props, planned);
};

/** Machine configurations by program and stack, as plans gave them. */
type Planned = readonly {
  readonly from: string;
  readonly stack: string;
  readonly machines: ReadonlyMap<string, string>;
}[];

const withPrograms = async (given: ContractProps): Promise<Planned> => {
  const sources = pinnedProviders(given.stacks.values()).map(({ source }) => source);
  const { mirror, broken } = await given.mirror.withoutBroken(given.run, sources);
  const props = { ...given, mirror };
  const { run, stacks, checks } = props;
  for (const name of broken)
    checks.leaveOut(`${name} of the mirror`, `its program does not start: remove it, then ${FILL}`);
  const programs = await terraformPrograms(run, mirror);
  for (const name of ["terraform", "tofu"])
    if (!programs.some(({ label }) => label.startsWith(name)))
      checks.leaveOut(name, `not installed${name === "tofu" ? `: ${FILL} --opentofu` : ""}`);
  const mirrored = new Map([...stacks].map(([name, stack]) => [name, mirroredStack(stack, mirror)]));
  const complete = [...mirrored].filter(([name, { missing }]) => {
    if (missing.length > 0)
      checks.leaveOut(`${name}: validate and plan`, `the mirror lacks ${missing.join(", ")}: ${FILL}`);
    return missing.length === 0;
  });
  const substituted = new Set(complete.flatMap(([, each]) => each.substituted));
  for (const line of substituted) {
    const names = complete.flatMap(([name, each]) => (each.substituted.includes(line) ? [name] : []));
    checks.note(`with ${line}, which the mirror lacks: ${names.join(", ")}`);
  }
  const [first] = programs;
  if (first) await compareSchemas(props, first, mirrored);
  const planned: Planned[number][] = [];
  for (const program of programs) planned.push(...(await withProgram(props, program, complete)));
  return planned;
};

const withProgram = async (
  { run, mirror, stacks, checks }: ContractProps,
  program: TerraformProgram,
  complete: readonly (readonly [string, MirroredStack])[],
): Promise<Planned> => {
  const workspace = new Workspace(run, program, mirror);
  const planned: Planned[number][] = [];
  const credentials = await madeUpCredentials(run);
  try {
    for (const [name, { json, substituted, strange }] of complete) {
      const what = `${program.label}: ${name}${substituted.length > 0 ? ` with ${substituted.join(", ")}` : ""}`;
      const invalid = await validationProblems(workspace, name, json);
      if (invalid.length > 0 && strange.length > 0) {
        checks.leaveOut(
          `${what}: validate and plan`,
          `no pinned version in the mirror: ${invalid[0]}: ${FILL}`,
        );
        continue;
      }
      checks.judge(`${what}: init and validate`, invalid);
      if (!credentials) {
        checks.leaveOut(`${what}: plan`, "not installed: openssl, which makes up credentials");
        continue;
      }
      const { problems, without, machines } = await offlinePlan(workspace, name, json, stacks, credentials);
      checks.judge(`${what}: plan from nothing, offline`, problems);
      if (without.length > 0)
        checks.leaveOut(`${name}: the plan of ${without.join(", ")}`, "it asks a server");
      planned.push({ from: program.label, stack: name, machines });
    }
    return planned;
  } finally {
    workspace.remove();
  }
};

/**
 * The kept schemas are those of the very providers; stacks are judged by the whole of these as well. When the mirror
 * has another version than the pinned one, the kept schema of the pinned version is neither compared with it nor
 * replaced.
 */
const compareSchemas = async (
  { run, mirror, kept, keptIn, sources, updateSchemas, stacks, checks }: ContractProps,
  program: TerraformProgram,
  mirrored: ReadonlyMap<string, MirroredStack>,
): Promise<void> => {
  const providers = new Map<string, RequiredProvider>(
    [...mirrored.values()].flatMap((each) => each.providers).map((each) => [each.source, each]),
  );
  if (providers.size === 0) return;
  const workspace = new Workspace(run, program, mirror);
  let printed: KnownSchema[];
  try {
    printed = await printedSchemas(workspace, [...providers.values()]);
  } catch (error) {
    checks.judge("schemas of the real providers", [(error as Error).message]);
    return;
  } finally {
    workspace.remove();
  }
  const pins = new Set(pinnedProviders(stacks.values()).map(({ source, version }) => `${source} ${version}`));
  for (const known of printed) {
    const { source, version } = known;
    const before = kept.find((each) => each.source === source);
    const isPinned = (one: string) => pins.has(`${source} ${one}`);
    const isKeptOfAnother = before && (updateSchemas ? isPinned(before.version) : before.version !== version);
    if (isKeptOfAnother && !isPinned(version)) {
      checks.leaveOut(`the kept schema of ${source} ${before.version}`, `the mirror has ${version}`);
      continue;
    }
    const part = keptPart(known, sources);
    if (updateSchemas) writeSchema(keptIn, part);
    checks.judge(
      `${source} ${version} prints the kept schema`,
      keptProblems(updateSchemas ? part : before, part),
    );
  }
  for (const [name, { json, missing }] of mirrored) {
    // Which providers are lacked is said already; without them the stack seems to require none.
    if (missing.length > 0) continue;
    const { problems, judged } = judgeStack(json, printed);
    if (judged > 0) checks.judge(`${name}: ${judged} blocks by the whole schemas`, problems);
  }
};

/**
 * Talos' own validation of every machine, and every field against the environment: by the library of each known minor
 * version, as the environment would be written for it. What the stacks hold is judged by the library of its own minor.
 */
const machines = async (
  { run, stacks, environments, checks }: ContractProps,
  planned: Planned,
): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), "machinery-"));
  try {
    for (const library of libraries()) {
      const built = await buildMachinery(run, directory, library);
      if ("reason" in built) {
        const whose = library.file === "go.mod" ? "Talos' validation" : `that of Talos ${library.version}`;
        checks.leaveOut(`machine configurations before ${whose}`, built.reason);
        continue;
      }
      const { program } = built;
      for (const environment of environments) {
        const context = { run, program, version: library.version, environment, checks };
        const stack = `${environment.name}-cluster`;
        if (libraryFor(environment).file !== library.file) {
          const upgraded = {
            ...environment,
            versions: { ...environment.versions, talos: library.version },
          };
          const what = `${stack} with Talos ${library.version}`;
          await judge({ ...context, environment: upgraded }, what, machineInputs(clusterStackOf(upgraded)));
          continue;
        }
        const generated = machineInputs(stacks.get(stack) ?? {});
        await judge(context, `${stack}, generated by Talos' library`, generated);
        const real = planned.filter((each) => each.stack === stack && each.machines.size > 0);
        if (real.length === 0)
          checks.leaveOut(`${stack}: machine configurations as the provider makes them`, "no plan of it");
        for (const { from, machines: configurations } of real) {
          const given = [...configurations].map(([name, configuration]) => ({ name, configuration }));
          await judge(context, `${stack}, planned by ${from}`, given);
        }
      }
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** The library of the environment's minor version; the oldest where there is none of it. */
const libraryFor = ({ versions }: Environment): Library => {
  const [oldest, ...newer] = libraries();
  if (oldest === undefined) throw new Error("labs/contract/machinery: must hold a library");
  return newer.find(({ version }) => minorOf(version) === minorOf(versions.talos)) ?? oldest;
};

/** The stack of an environment's machines alone. */
const clusterStackOf = (environment: Environment): TerraformJson =>
  new ClusterStack(new App(), environment, { maintenanceNodes: [], stagedNodes: [] }).toTerraform();

interface Judging {
  readonly run: RunCommand;
  readonly program: string;
  readonly version: string;
  readonly environment: Environment;
  readonly checks: Checks;
}

const judge = async (
  { run, program, version, environment, checks }: Judging,
  what: string,
  given: readonly ConfiguredMachine[],
): Promise<void> => {
  const { nodes, versions, adoption } = environment;
  const judged = await judgeMachines(run, program, given);
  const named = new Map(judged.map((each) => [each.name, each]));
  if (version !== versions.talos)
    checks.note(`machines of ${environment.name} run Talos ${versions.talos}, and are judged by ${version}`);
  const problems = nodes.flatMap((node) => {
    const machine = named.get(`node_${node.name}`);
    if (!machine) return [`${node.name}: has no machine configuration`];
    return machine.errors.map((error) => `${node.name}: ${error}`);
  });
  const strangers = judged.filter(({ name }) => !nodes.some((node) => name === `node_${node.name}`));
  checks.judge(`${what}: ${given.length} machines before Talos ${version} (metal, strict)`, [
    ...problems,
    ...strangers.map(({ name }) => `${name}: is no node of the environment`),
  ]);
  for (const { name, warnings } of judged)
    for (const each of warnings) checks.note(`${what}: ${name}: ${each}`);
  if (given.some(({ inputs }) => inputs))
    checks.judge(
      `${what}: a machine that runs it shows no drift`,
      given.flatMap(({ name, inputs }) =>
        configurationDrift(
          named.get(name)?.configuration ?? "",
          listOf(inputs?.config_patches).map(textOf),
        ).map((line) => `${name}: ${line}`),
      ),
    );
  if (adoption) {
    checks.leaveOut(`${what}: fields against the environment`, "the adoption withholds some of them");
    return;
  }
  checks.judge(
    `${what}: each field against the environment`,
    nodes.flatMap((node) =>
      machineFieldProblems(environment, node, named.get(`node_${node.name}`)?.configuration ?? ""),
    ),
  );
};
