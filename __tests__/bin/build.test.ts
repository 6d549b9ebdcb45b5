import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const build = resolve("bin/build.mjs");
let root: string;

const write = (file: string, content: string) => writeFileSync(join(root, file), content);

const run = (): string =>
  execFileSync(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { runBundle } from ${JSON.stringify(build)}; await runBundle("main.ts", ${JSON.stringify(root)});`,
    ],
    { encoding: "utf8" },
  ).trim();

const bundleTime = (part = "main") => statSync(join(root, `dist/${part}.cjs`)).mtimeMs;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bundle-"));
  write("main.ts", 'import { word } from "./word.ts"; console.log(word as string);');
  write("word.ts", 'export const word = "one";');
});

afterEach(() => rmSync(root, { recursive: true }));

test("builds once and runs the same bundle again", () => {
  expect(run()).toBe("one");
  const built = bundleTime();
  expect(run()).toBe("one");
  expect(bundleTime()).toBe(built);
});

test("an edit that keeps size and time is seen", () => {
  run();
  const { atime, mtime } = statSync(join(root, "word.ts"));
  write("word.ts", 'export const word = "two";');
  utimesSync(join(root, "word.ts"), atime, mtime);
  expect(run()).toBe("two");
});

test.each(["package-lock.json", "node_modules/.package-lock.json", "package.json", "tsconfig.json"])(
  "a change of %s builds anew",
  (file) => {
    run();
    const built = bundleTime();
    mkdirSync(join(root, "node_modules"), { recursive: true });
    write(file, "{}");
    run();
    expect(bundleTime()).toBeGreaterThan(built);
  },
);

test("a package of a bundle runs commands", () => {
  write(
    "word.ts",
    'import { execSync } from "child_process"; export const word = `${execSync("echo one")}`;',
  );
  expect(run()).toBe("one");
});

test("text beyond ASCII stays what it is", () => {
  write("word.ts", 'export const word = "Zürich → 東京 𝄞";');
  expect(run()).toBe("Zürich → 東京 𝄞");
  expect(run()).toBe("Zürich → 東京 𝄞");
});

test("a bundle that was changed by hand is not run", () => {
  run();
  const bundle = join(root, "dist/main.cjs");
  writeFileSync(bundle, readFileSync(bundle, "utf8").replace("one", "hacked"));
  expect(run()).toBe("one");
});

test("code compiled for another bundle is not run", () => {
  run();
  writeFileSync(join(root, "dist/main.cache"), "not V8's");
  expect(run()).toBe("one");
});

test("a bundle that threw is not run by the code of its predecessor of the same length", () => {
  write(
    "main.ts",
    'import { word } from "./word.ts"; if (word === "two") throw Error(word); console.log(word);',
  );
  write("word.ts", 'export const word: string = "one";');
  expect(run()).toBe("one");
  write("word.ts", 'export const word: string = "two";');
  expect(run).toThrow("Error: two");
  expect(run).toThrow("Error: two");
});

test("a broken source fails instead of running the old bundle", () => {
  run();
  write("word.ts", "export const = ;");
  expect(run).toThrow();
});

test("code that does not parse is refused with its place", () => {
  write("word.ts", "export const word = ;");
  expect(run).toThrow(/word\.ts:1:20: ERROR: Unexpected ";"/);
});

describe("code of lib and environments is built apart from what is edited daily", () => {
  beforeEach(() => {
    for (const folder of ["lib", "apps", "environments/recorded"])
      mkdirSync(join(root, folder), { recursive: true });
    write("lib/shout.ts", "export const shout = (word: string) => `${word}!`;");
    write("environments/rule.ts", 'import text from "./recorded/dev.json"; export const rule = text.word;');
    write("environments/recorded/dev.json", '{ "word": "be" }');
    write("environments/dev.ts", 'export const dev = "brief";');
    write("environments/index.ts", 'import { dev } from "./dev.ts";\n\nexport const environments = [dev];\n');
    write(
      "apps/one.ts",
      'import { shout } from "../lib/shout.ts"; import { rule } from "../environments/rule.ts"; import { dev } from "../environments/dev.ts"; export const word = shout(`${rule} ${dev}`);',
    );
    write("main.ts", 'import { word } from "./apps/one.ts"; console.log(word);');
  });

  test.each([
    ["apps/one.ts", (text: string) => text.replace("rule}", "rule} very"), "be very brief!", false],
    ["environments/dev.ts", (text: string) => text.replace("brief", "short"), "be short!", false],
    ["environments/recorded/dev.json", (text: string) => text.replace("be", "stay"), "stay brief!", true],
    ["environments/rule.ts", (text: string) => text.replace("text.word", '"do"'), "do brief!", true],
    ["lib/shout.ts", (text: string) => text.replace("!", "?"), "be brief?", true],
  ])("an edit of %s is seen, and builds no more than it must", (file, edit, said, isBase) => {
    expect(run()).toBe("be brief!");
    const built = bundleTime("main.base");
    write(file, edit(readFileSync(join(root, file), "utf8")));
    expect(run()).toBe(said);
    expect(bundleTime("main.base") > built).toBe(isBase);
  });

  test("another import of lib is found", () => {
    run();
    write("lib/whisper.ts", 'export const whisper = () => "psst";');
    write("apps/one.ts", 'import { whisper } from "../lib/whisper.ts"; export const word = whisper();');
    expect(run()).toBe("psst");
  });

  test("a base that was changed by hand is not run", () => {
    run();
    const base = join(root, "dist/main.base.cjs");
    writeFileSync(base, readFileSync(base, "utf8").replace("!", "hacked"));
    expect(run()).toBe("be brief!");
  });
});
