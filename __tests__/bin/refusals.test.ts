/** Runs broken data through the program that users run: `bin/synth.mjs`, with the bundle that it makes. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { apps } from "../../apps/index.ts";
import { told } from "../../bin/told.mjs";
import { dev } from "../../environments/dev.ts";
import "../../lib/core/token-resolution.ts";
import { synthesizeHomelab } from "../../stacks/homelab.ts";
import { BROKEN, type Broken, brokenInput } from "./broken.ts";

interface Said {
  readonly code: number | undefined;
  readonly text: string;
}

/** A line of a problem: path, rule, value. */
const LINE = /^ *\S[^:]*: must .+: got .+$/s;

const projects: string[] = [];

/** A copy of the project, to be broken. */
const project = (): string => {
  const root = mkdtempSync(join(tmpdir(), "broken-"));
  projects.push(root);
  for (const part of [
    "apps",
    "bin",
    "environments",
    "lib",
    "stacks",
    "main.ts",
    "package.json",
    "tsconfig.json",
  ])
    cpSync(part, join(root, part), { recursive: true });
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  return root;
};

afterAll(() => {
  for (const root of projects) rmSync(root, { recursive: true });
});

const replaceIn = (file: string, text: string | RegExp, replacement: string) =>
  writeFileSync(file, readFileSync(file, "utf8").replace(text, replacement));

/** Each so manieth case is run by the program itself as well. */
const EVERY = 12;

/** Answers of the program to cases: one process runs the entry again and again, each time with the next case. */
const saidByProgram = (root: string, cases: readonly number[]): readonly Said[] => {
  renameSync(join(root, "apps/index.ts"), join(root, "apps/all.ts"));
  writeFileSync(
    join(root, "environments/index.ts"),
    `import { BROKEN, brokenInput } from "../broken.ts";
import { dev } from "./dev.ts";
export const environments = [brokenInput(BROKEN[globalThis.broken], dev)];`,
  );
  writeFileSync(
    join(root, "apps/index.ts"),
    `import { BROKEN } from "../broken.ts";
import { apps as all } from "./all.ts";
export const apps = BROKEN[globalThis.broken].apps?.([]) ?? all;`,
  );
  writeFileSync(
    join(root, "run.mjs"),
    `const said = [];
let text = "";
console.error = (line) => { text += line; };
for (const at of ${JSON.stringify(cases)}) {
  text = "";
  process.exitCode = undefined;
  globalThis.broken = at;
  await import("./bin/synth.mjs?" + at);
  said.push({ code: process.exitCode, text });
}
process.exitCode = 0;
process.stdout.write(JSON.stringify(said));`,
  );
  cpSync("__tests__/bin/broken.ts", join(root, "broken.ts"));
  replaceIn(join(root, "broken.ts"), /\.\.\/\.\.\//g, "./");
  const output = execFileSync(process.execPath, ["run.mjs"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, DEBUG_STACK_TRACE: "" },
  });
  return JSON.parse(output);
};

const synth = (root: string, environment: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, ["bin/synth.mjs"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, DEBUG_STACK_TRACE: "", ...environment },
  });

describe("every broken environment and app ends in lines", () => {
  const outdir = join(tmpdir(), `broken-${process.pid}`);

  /** The answer of the program to a case, by its own functions, in this process. */
  const saidTo = (broken: Broken): Said => {
    vi.stubEnv("DEBUG_STACK_TRACE", "");
    try {
      const inputs = [brokenInput(broken, dev)];
      synthesizeHomelab(inputs, (broken.apps?.([]) as typeof apps | undefined) ?? apps, outdir);
      return { code: undefined, text: "" };
    } catch (error) {
      return { code: 1, text: `${told(error)}` };
    } finally {
      vi.unstubAllEnvs();
    }
  };

  test.each(BROKEN)("$name", (broken) => {
    const { code, text } = saidTo(broken);
    const [head = "", ...lines] = text.split("\n");
    expect(text).toContain(broken.says);
    expect(code).toBe(1);
    expect(head).toMatch(/\d+ problems?(, nothing was written)?:$/);
    expect(text).not.toMatch(/^\s+at /m);
    const isGrouped = lines.some((line) => /^ {2}all \d+ are in /.test(line));
    if (!isGrouped) expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
    expect(Math.max(...text.split("\n").map(({ length }) => length))).toBeLessThan(800);
    expect(existsSync(outdir)).toBe(false);
  });

  test("the program says the very same", { timeout: 300_000 }, () => {
    const chosen = BROKEN.flatMap((_, at) => (at % EVERY === 0 ? [at] : []));
    expect(chosen.length).toBeGreaterThanOrEqual(5);
    const root = project();
    expect(saidByProgram(root, chosen)).toEqual(chosen.flatMap((at) => BROKEN[at] ?? []).map(saidTo));
    expect(existsSync(join(root, "cdktf.out"))).toBe(false);
  });
});

describe("as a process of its own", () => {
  test("two app files that import each other", () => {
    const root = project();
    const file = (name: string, other: string) =>
      `import { app, uses } from "../lib/app/index.ts";
import { ${other} } from "./${other}.ts";
export const ${name} = app("${name}", { image: "example/${name}:v1", port: 80, environments: ["dev"], size: "xs", network: [uses(${other})] });`;
    writeFileSync(join(root, "apps/one.ts"), file("one", "two"));
    writeFileSync(join(root, "apps/two.ts"), file("two", "one"));
    writeFileSync(
      join(root, "apps/index.ts"),
      'import { one } from "./one.ts";\nimport { two } from "./two.ts";\nexport const apps = [one, two];',
    );
    const { status, stderr } = synth(root);
    expect(stderr).toMatch(
      /apps\.two\.network\[0\]\.app: must be an app that app\(\) made; files under apps\/ that import each other leave one of them undefined: say its name in quotes there: got nothing/,
    );
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });

  test("an environment's file", () => {
    const root = project();
    replaceIn(join(root, "environments/dev.ts"), '"17 */6 * * *"', '"0 25 * * *"');
    const { status, stderr, stdout } = synth(root);
    expect(stderr.trim().split("\n")).toEqual([
      "EnvironmentError: environment data refused, 1 problem:",
      expect.stringMatching(
        /^dev\.backup\.tiers\.frequent\.schedule: must be a cron schedule .*: got "0 25 \* \* \*"$/,
      ),
    ]);
    expect([status, stdout]).toEqual([1, ""]);
  });

  test("what nobody foresaw is one line, and has its stack when somebody asks", () => {
    const root = project();
    writeFileSync(
      join(root, "apps/index.ts"),
      'export const apps = [];\nthrow new TypeError("odd\\nthing");',
    );
    const { status, stderr } = synth(root);
    expect(stderr).toBe(
      "synth: while loading main.ts and what it imports: TypeError: odd thing (DEBUG_STACK_TRACE=1 shows where)\n",
    );
    expect(status).toBe(1);
    expect(synth(root, { DEBUG_STACK_TRACE: "1" }).stderr).toMatch(/^\s+at /m);
  });

  test("what nobody foresaw says which stack was being built", () => {
    const root = project();
    const stack = join(root, "stacks/platform-stack.ts");
    replaceIn(
      stack,
      'super(scope, "platform", environment);',
      '$& if (environment) throw new Error("boom");',
    );
    const { status, stderr } = synth(root);
    expect(stderr).toBe(
      "synth: while building dev-platform: Error: boom (DEBUG_STACK_TRACE=1 shows where)\n",
    );
    expect(status).toBe(1);
  });
});
