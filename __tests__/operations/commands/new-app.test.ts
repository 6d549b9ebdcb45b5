/** `npm run homelab -- new-app` in a copy of the repository, and what it wrote under the checks of the repository. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { newApp } from "../../../operations/commands/new-app.ts";
import { run } from "../cli/run.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const copy = mkdtempSync(join(tmpdir(), "new-app-"));
afterAll(() => rmSync(copy, { recursive: true }));

for (const path of [
  ...["apps", "bin", "environments", "lib", "labs", "operations", "stacks", "main.ts", "__tests__/setup.ts"],
  ...["__tests__/apps/essentials.ts", "__tests__/stacks/homelab.ts", ".gitignore", "cdktf.json"],
  ...["__tests__/stacks/snapshot.test.ts", "__tests__/__snapshots__", "docs", "examples"],
  ...["package.json", "package-lock.json", "tsconfig.json", "biome.json", "vitest.config.ts"],
]) {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  cpSync(join(root, path), join(copy, path), { recursive: true });
}
// Room for one more app, however many there are.
for (const path of ["environments/dev.ts", "environments/prod.ts"])
  writeFileSync(
    join(copy, path),
    readFileSync(join(root, path), "utf8").replaceAll(/(cpu|memory): "\d+(Gi)?"/g, '$1: "64$2"'),
  );
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));

const node = (...args: string[]) => {
  const { VITEST: _, CDKTF_OUTDIR: __, ...env } = process.env;
  return spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8", env });
};
const bin = (name: string, ...args: string[]) => node(join(copy, "node_modules/.bin", name), ...args);
const read = (path: string) => readFileSync(join(copy, path), "utf8");

const PLAIN = ["--name", "zz-echo", "--about", "Answers with the request", "--image", "example/echo:v1.2.3"];
const HOSTS = [
  "--port",
  "8080",
  "--host-dev",
  "zz-echo.dev.truxonline.com",
  "--host-prod",
  "zz-echo.truxonline.com",
];

/** Types of what the command writes, and of all that it imports. */
const WRITTEN = JSON.stringify({
  extends: "./tsconfig.json",
  compilerOptions: { noEmit: true },
  include: ["apps", "__tests__/apps"],
});

interface VitestFile {
  readonly name: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

describe("npm run homelab -- new-app", { timeout: 300_000 }, () => {
  test("refuses what synthesis refuses, in one line for both environments", async () => {
    expect(await run(newApp, ...PLAIN.slice(0, 4), "--image", "example/echo", ...HOSTS)).toEqual({
      code: 1,
      out: "",
      err: 'error: 1 problem, nothing was written:\n  apps.zz-echo.image: must be repository:tag with an exact tag, not latest: got "example/echo"',
    });
  });

  test("overwrites nothing", async () => {
    const { code, err } = await run(newApp, "--name", "whoami", ...PLAIN.slice(2), ...HOSTS);
    expect(err).toContain("apps/whoami.ts: is there already, and is not overwritten");
    expect(code).toBe(1);
  });

  test("writes an app of a dozen lines, its test and its line", () => {
    const { status, stdout, stderr } = node("bin/homelab.mjs", "new-app", ...PLAIN, ...HOSTS, "--size", "xs");
    expect(stderr).toMatch(/^node bin\/homelab.mjs logical-ids --write\n/);
    expect(stdout).toContain(
      "apps/zz-echo.ts, __tests__/apps/zz-echo.test.ts and a line in apps/index.ts are written.",
    );
    expect(status).toBe(0);
    expect(read("apps/zz-echo.ts")).toBe(`import { app } from "../lib/app/index.ts";

/** Answers with the request. */
export const zzEcho = app("zz-echo", {
  image: "example/echo:v1.2.3",
  port: 8080,
  host: { dev: "zz-echo.dev.truxonline.com", prod: "zz-echo.truxonline.com" },
  size: "xs",
});
`);
  });

  test("what it wrote passes types and lint", () => {
    writeFileSync(join(copy, "written.json"), WRITTEN);
    const types = bin("tsc", "--project", "written.json");
    expect([types.stdout, types.status]).toEqual(["", 0]);
    const lint = bin("biome", "check", "--vcs-enabled=false", "apps", "__tests__/apps");
    expect([lint.stderr, lint.status]).toEqual(["", 0]);
  });

  test("what follows from it is written with it, as it was synthesized", () => {
    expect(read("stacks/logical-ids.json")).toContain("apps_zz-echo_");
    expect(read("__tests__/__snapshots__/prod-apps/zz-echo.yaml")).toContain("zz-echo.truxonline.com");
  });

  test("its own test passes with a link that is added by hand, and fails once it no longer says what the app is", () => {
    const linked = read("apps/zz-echo.ts")
      .replace("import { app }", "import { app, egressTo }")
      .replace('  size: "xs",', '  size: "xs",\n  network: [egressTo("api.example.org")],');
    expect(linked).toContain("egressTo(");
    writeFileSync(join(copy, "apps/zz-echo.ts"), linked);
    const written = read("__tests__/apps/zz-echo.test.ts");
    const other = written.replace("zz-echo.truxonline.com", "other.truxonline.com");
    writeFileSync(join(copy, "__tests__/apps/zz-other.test.ts"), other);
    const { stdout } = bin("vitest", "run", "--reporter=json", "__tests__/apps/zz-");
    const { testResults }: { testResults: VitestFile[] } = JSON.parse(stdout);
    const outcomes = testResults.map(({ name, assertionResults }) => [
      basename(name),
      assertionResults.map(({ status }) => status),
    ]);
    expect(Object.fromEntries(outcomes)).toEqual({
      "zz-echo.test.ts": ["passed", "passed"],
      "zz-other.test.ts": expect.arrayContaining(["failed"]),
    });
  });
});
