/** The application's synth: against an empty process, against its slowest form, and as environments grow. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesizeHomelab } from "../../stacks/homelab.ts";
import { generatedApps } from "./apps.ts";
import { generatedEnvironment } from "./environments.ts";
import { type Command, timeInterleaved } from "./processes.ts";
import type { Row } from "./report.ts";
import { median, type Sample, worstGrowth } from "./statistics.ts";

const MOST_TIMES_OF_NODE = { unchanged: 3, anew: 8 };
const STEEPEST_GROWTH = 1.1;
const SIZES = [10, 30, 100, 300, 1000];
const ROUNDS = 5;

/** Runs `measure` with a directory for what is synthesized, which is gone afterwards. */
const withOutdir = <T>(measure: (outdir: string) => T): T => {
  const outdir = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    return measure(outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

/** Both environments in a process of their own, beside `node -e 0` and tsx with stack traces. */
export const benchProcesses = (): Row[] => {
  const node = { name: "node -e 0", file: process.execPath, args: ["-e", "0"], rounds: 31 };
  const synth = (name: string, ...more: string[]) => ({
    name,
    file: process.execPath,
    args: ["bin/synth.mjs", ...more],
    rounds: 31,
  });
  const unchanged = synth("synth, nothing changed");
  const anew = synth("synth --no-cache", "--no-cache");
  const tsx = {
    name: "DEBUG_STACK_TRACE=1 npx tsx main.ts",
    file: "npx",
    args: ["--no-install", "tsx", "main.ts"],
    env: { DEBUG_STACK_TRACE: "1" },
    rounds: 5,
  };
  const seconds = withOutdir((outdir) =>
    timeInterleaved(
      [node, unchanged, anew, tsx].map((command: Command) => ({
        ...command,
        env: { ...command.env, CDKTF_OUTDIR: outdir },
      })),
    ),
  );
  const time = ({ name, rounds }: Command): Row => ({
    name: `${name}, median of ${rounds}`,
    value: seconds(name),
    unit: "s",
  });
  const ratio = (a: Command, b: Command, atMost?: number): Row => ({
    name: `${a.name} / ${b.name}`,
    value: seconds(a.name) / seconds(b.name),
    unit: "×",
    ...(atMost !== undefined && { atMost }),
  });
  return [
    ...[node, unchanged, anew, tsx].map(time),
    ratio(unchanged, node, MOST_TIMES_OF_NODE.unchanged),
    ratio(anew, node, MOST_TIMES_OF_NODE.anew),
    ratio(anew, tsx, 1),
  ];
};

/**
 * Measures synthesis from data to Terraform, in this process: one environment with more and more nodes, then
 * namespaces, then apps. The sizes take turns.
 */
export const benchGrowth = (): Row[] =>
  withOutdir((outdir) => {
    const kinds = [
      ["nodes", (count: number) => ({ nodes: count, namespaces: 3, apps: 0 })],
      ["namespaces", (count: number) => ({ nodes: 4, namespaces: count, apps: 0 })],
      ["apps", (count: number) => ({ nodes: 4, namespaces: 3, apps: count })],
    ] as const;
    return kinds.flatMap(([kind, size]): Row[] => {
      synthesisSeconds(size(100), outdir);
      const rounds = Array.from({ length: ROUNDS }, () =>
        SIZES.map((count) => synthesisSeconds(size(count), outdir)),
      );
      const samples = SIZES.map(
        (count, at): Sample => ({
          size: count,
          seconds: median(rounds.map((round) => round[at] ?? Number.NaN)),
        }),
      );
      return [
        ...samples.map(
          ({ size: count, seconds }): Row => ({
            name: `synth of ${count} ${kind}`,
            value: seconds,
            unit: "s",
          }),
        ),
        {
          name: `growth with ${kind}, exponent`,
          value: worstGrowth(samples),
          unit: "",
          atMost: STEEPEST_GROWTH,
        },
      ];
    });
  });

const synthesisSeconds = (
  size: { nodes: number; namespaces: number; apps: number },
  outdir: string,
): number => {
  const input = generatedEnvironment(size);
  const apps = generatedApps(size.apps);
  const start = performance.now();
  synthesizeHomelab([input], apps, outdir);
  return (performance.now() - start) / 1000;
};
