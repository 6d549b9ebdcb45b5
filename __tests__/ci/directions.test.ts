/** Imports that run back, and circles, are refused by the very rules that `npm run lint` reads. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type ICruiseOptions, type ICruiseResult } from "dependency-cruiser";
import { afterEach, beforeEach, expect, test } from "vitest";

const { forbidden, options } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs");

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "directions-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** The refusals of a small house: each file's imports, all of types when they begin with `type `. */
const refused = async (files: Readonly<Record<string, readonly string[]>>): Promise<string[]> => {
  for (const [file, imports] of Object.entries(files)) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    const lines = imports.map((each, index) =>
      each.startsWith("type ")
        ? `import type { A as A${index} } from "${each.slice(5)}"; export type B${index} = A${index};`
        : `import { a as a${index} } from "${each}"; console.log(a${index});`,
    );
    writeFileSync(path, [...lines, "export interface A {}", "export const a = 1;"].join("\n"));
  }
  const { tsConfig: _, ...rest } = options;
  const { output } = await cruise(["."], {
    ...rest,
    baseDir: root,
    ruleSet: { forbidden },
    validate: true,
  } as ICruiseOptions);
  const { violations } = (output as ICruiseResult).summary;
  return [...new Set(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`))].sort();
};

test("what goes forward is let through", async () => {
  expect(
    await refused({
      "lib/core/a.ts": [],
      "environments/b.ts": ["../lib/core/a.ts"],
      "lib/talos/c.ts": ["../../environments/b.ts", "type ../core/a.ts"],
      "stacks/d.ts": ["../lib/talos/c.ts"],
    }),
  ).toEqual([]);
});

test.each([
  ["lib/core/a.ts", "environments/b.ts"],
  ["environments/a.ts", "lib/talos/b.ts"],
  ["lib/network/a.ts", "lib/proofs/network/b.ts"],
  ["lib/proofs/a.ts", "apps/b.ts"],
  ["apps/a.ts", "stacks/b.ts"],
  ["stacks/a.ts", "operations/cli/b.ts"],
  ["operations/a.ts", "labs/b.ts"],
])("%s may not import %s, a value or a type", async (from, to) => {
  const up = "../".repeat(from.split("/").length - 1);
  for (const kind of ["", "type "]) {
    expect(await refused({ [from]: [`${kind}${up}${to}`], [to]: [] })).toEqual([
      expect.stringMatching(`^nothing before .* imports what comes after it: ${from} → ${to}$`),
    ]);
  }
});

test("a circle of files is refused, of types as well", async () => {
  for (const kind of ["", "type "])
    expect(await refused({ "apps/a.ts": [`${kind}./b.ts`], "apps/b.ts": [`${kind}./a.ts`] })).toContain(
      "no circle of files: apps/a.ts → apps/b.ts",
    );
});

test("a circle of folders is refused, though no files make one", async () => {
  expect(
    await refused({
      "lib/talos/a.ts": ["../cilium/a.ts"],
      "lib/cilium/a.ts": [],
      "lib/cilium/b.ts": ["type ../talos/b.ts"],
      "lib/talos/b.ts": [],
    }),
  ).toContain("no circle of folders: lib/cilium → lib/talos");
});
