/** Synthesis as people and CI run it, against an empty process, and as environments grow. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fieldsOf } from "../../lib/core/fields.ts";
import { runCommandSync } from "../../lib/core/process/command.ts";
import { managedResources, type TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { USUAL } from "./environments.ts";
import { GROWN, type GrownSize } from "./grown.ts";
import type { Measurement } from "./measurements.ts";
import { type TimedCommand, timeInterleaved } from "./processes.ts";
import { type Sample, worstGrowth } from "./statistics.ts";

const STEEPEST_GROWTH = 1.1;
/** Of machines fewer: the proof of the start order loses each two of them. */
const SIZES = { nodes: [10, 30, 100], namespaces: [10, 100, 300, 1000], apps: [10, 100, 300, 1000] } as const;
const LARGEST = 1000;
/** 5 s where `node -e 0` takes 0.13 s. */
const MOST_FOR_A_THOUSAND = 38;

/** Runs `measure` with a directory, which is gone afterwards. */
const withDirectory = <T>(measure: (directory: string) => T): T => {
  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    return measure(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
};

const NODE: TimedCommand = { name: "node -e 0", file: process.execPath, args: ["-e", "0"], rounds: 9 };

const ROOT = resolve(import.meta.dirname, "../..");
/** Of a checkout, what a synthesis reads. */
const SOURCES = [
  ...["apps", "bin", "environments", "labs", "lib", "operations", "stacks", "main.ts", "cdktf.json"],
  ...["package.json", "package-lock.json", "tsconfig.json"],
];
const EDITED = "apps/whoami.ts";

/** A copy of this checkout. */
const copied = (directory: string): string => {
  const copy = join(directory, "checkout");
  mkdirSync(copy);
  for (const source of SOURCES) cpSync(join(ROOT, source), join(copy, source), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
};

/** Gives the app another flow before each run: what it is proved to reach changes with it. */
const editing = (checkout: string): (() => void) => {
  const file = join(checkout, EDITED);
  const source = readFileSync(file, "utf8");
  let edits = 0;
  return () =>
    writeFileSync(
      file,
      source
        .replace("{ app }", "{ app, egressTo }")
        .replace(/\n\}\);\s*$/, `\n  network: [egressTo("edit-${edits++}.example.org")],\n});\n`),
    );
};

const cdktfCommands = (directory: string, synthesis: string): TimedCommand[] => {
  const cdktf = join(ROOT, "node_modules/.bin/cdktf");
  const isThere = ["terraform", cdktf].every((program) => runCommandSync(program, ["--version"]).code === 0);
  if (!isThere) return [];
  const empty = join(directory, "empty");
  mkdirSync(empty);
  writeFileSync(join(empty, "cdktf.json"), '{"language":"typescript","app":"node main.cjs","projectId":"x"}');
  writeFileSync(
    join(empty, "main.cjs"),
    `const { App, TerraformStack } = require(${JSON.stringify(join(ROOT, "node_modules/cdktf"))});
const app = new App(); new TerraformStack(app, "empty"); app.synth();`,
  );
  const env = { CHECKPOINT_DISABLE: "1" };
  return [
    { name: "cdktf synth", file: cdktf, args: ["synth"], rounds: 2, cwd: synthesis, env },
    { name: "cdktf synth of an empty app", file: cdktf, args: ["synth"], rounds: 2, cwd: empty, env },
  ];
};

/** Plans of a first deploy of prod's stacks, in files. */
const planned = (directory: string, checkout: string): string[] =>
  ["backup", "cluster", "platform", "apps"].map((layer) => {
    const stack = `prod-${layer}`;
    const json = readFileSync(join(checkout, "cdktf.out/stacks", stack, "cdk.tf.json"), "utf8");
    const resources = managedResources(fieldsOf(JSON.parse(json)) as TerraformJson);
    const plan = {
      format_version: "1.2",
      terraform_version: "1.11.4",
      complete: true,
      errored: false,
      planned_values: { root_module: {} },
      configuration: { root_module: {} },
      resource_changes: resources.map(({ address, type, id, block }) => ({
        ...{ address, type, name: id, mode: "managed", provider_name: type },
        change: { actions: ["create"], before: null, after: block, after_unknown: {} },
      })),
    };
    const file = join(directory, `${stack}.json`);
    writeFileSync(file, JSON.stringify(plan));
    return file;
  });

const time = (seconds: (name: string) => number, { name, rounds }: TimedCommand): Measurement => ({
  name: `${name}, median of ${rounds}`,
  value: seconds(name),
  unit: "s",
});

/** Both environments with all their proofs in a process of their own, beside `node -e 0`; cdktf's command; the guard. */
export const benchProcesses = (): Measurement[] =>
  withDirectory((directory) => {
    const checkout = copied(directory);
    const synth = (name: string, cwd: string, ...more: string[]): TimedCommand => ({
      ...{ name, file: process.execPath, args: ["bin/synth.mjs", ...more], rounds: 3, cwd },
    });
    const edited = copied(mkdtempSync(join(directory, "edited-")));
    const unchanged = synth("synth, nothing changed", checkout);
    const edit = { ...synth("synth after an edit of one app", edited), before: editing(edited) };
    const anew = synth("synth --no-cache", checkout, "--no-cache");
    const commands = [NODE, anew, unchanged, edit];
    const seconds = timeInterleaved(commands);
    const cdktf = cdktfCommands(directory, checkout);
    const cdktfSeconds = cdktf.length > 0 ? timeInterleaved(cdktf) : undefined;
    const guard: TimedCommand = {
      ...{ name: "guard over prod's four stacks", file: "bash", rounds: 3, cwd: checkout },
      // It refuses some of what a first deploy makes: 1 is an answer.
      args: [
        ...["-c", '"$0" bin/homelab.mjs guard "$@" || [ $? = 1 ]', process.execPath],
        ...planned(directory, checkout),
      ],
    };
    const guardSeconds = timeInterleaved([guard, anew]);
    const ratio = (command: TimedCommand, atMost: number): Measurement => ({
      name: command.name,
      value: seconds(command.name) / seconds(NODE.name),
      ...{ unit: "×", atMost, against: NODE.name },
    });
    return [
      ...commands.map((command) => time(seconds, command)),
      ...cdktf.map((command) => time(cdktfSeconds ?? seconds, command)),
      ratio(unchanged, 3),
      ratio(edit, 5),
      ratio(anew, 8),
      ...(cdktfSeconds
        ? [
            {
              name: "cdktf synth, nothing changed",
              value: cdktfSeconds("cdktf synth") / cdktfSeconds("cdktf synth of an empty app"),
              ...{ unit: "×" as const, atMost: 1.1, against: "cdktf synth of an empty app" },
            },
          ]
        : []),
      {
        name: guard.name,
        value: guardSeconds(guard.name) / guardSeconds(anew.name),
        ...{ unit: "×", atMost: 2, against: anew.name },
      },
    ];
  });

/** One environment with more and more nodes, then namespaces, then apps, each in a process of its own. */
export const benchGrowth = (): Measurement[] =>
  withDirectory((directory) => {
    const kinds = [
      ["nodes", (count: number) => ({ nodes: count, namespaces: 3, apps: 0 })],
      ["namespaces", (count: number) => ({ nodes: 4, namespaces: count, apps: 0 })],
      ["apps", (count: number) => ({ nodes: 16, namespaces: 3, apps: count })],
    ] as const;
    return kinds.flatMap(([kind, size]) => growthRows(directory, kind, size));
  });

const RUN_GROWN = `import { runBundle } from ${JSON.stringify(join(ROOT, "bin/build.mjs"))};
await runBundle("labs/bench/grown.ts");`;

const growthRows = (
  directory: string,
  kind: keyof typeof SIZES,
  size: (count: number) => GrownSize,
): Measurement[] => {
  const sizes: readonly number[] = SIZES[kind];
  const outdir = (count: number) => join(directory, `${kind}-${count}`);
  const memoryFile = (count: number) => `${outdir(count)}.memory`;
  const commands = sizes.map(
    (count): TimedCommand => ({
      ...{ name: `synth of ${count} ${kind}`, file: process.execPath, rounds: count < LARGEST ? 2 : 1 },
      args: ["--input-type=module", "-e", RUN_GROWN],
      env: {
        ...{ [GROWN.size]: JSON.stringify(size(count)), [GROWN.memory]: memoryFile(count) },
        CDKTF_OUTDIR: outdir(count),
      },
    }),
  );
  const seconds = timeInterleaved([NODE, ...commands]);
  const samples = sizes.map(
    (count): Sample => ({ size: count, seconds: seconds(`synth of ${count} ${kind}`) }),
  );
  const memory = (count: number) => Number(readFileSync(memoryFile(count), "utf8"));
  const exponent = {
    name: `growth with ${kind}, exponent`,
    value: worstGrowth(samples),
    ...{ unit: "" as const, atMost: STEEPEST_GROWTH, against: `${sizes.join(", ")} ${kind}` },
  };
  const rows: Measurement[] = [...commands.map((command) => time(seconds, command)), exponent];
  if (kind !== "apps") return rows;
  return [
    ...rows,
    {
      name: `synth of ${LARGEST} apps`,
      value: seconds(`synth of ${LARGEST} apps`) / seconds(NODE.name),
      ...{ unit: "×", atMost: MOST_FOR_A_THOUSAND, against: NODE.name },
    },
    ...sizes.map(
      (count): Measurement => ({ name: `memory of ${count} apps`, value: memory(count), unit: "MiB" }),
    ),
    {
      name: "memory for each app more, from 300 to 1000 against from 100 to 300",
      value: (memory(1000) - memory(300)) / 700 / ((memory(300) - memory(100)) / 200),
      ...{ unit: "×", atMost: 1.1, against: "linear growth" },
    },
    reachRow(outdir(LARGEST)),
  ];
};

const reachRow = (outdir: string): Measurement => {
  const name = `reach --matrix of ${LARGEST} apps`;
  const args = ["bin/homelab.mjs", "reach", USUAL.name, "--matrix", `${outdir}.html`, "--out", outdir];
  const seconds = timeInterleaved([{ name, file: process.execPath, args, rounds: 1, cwd: ROOT }]);
  return { name, value: seconds(name), unit: "s", atMost: 3, against: "processor time of this machine" };
};
