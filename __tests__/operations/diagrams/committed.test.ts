import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { diagramProblems, writeDiagrams } from "../../../operations/diagrams/committed.ts";
import { script } from "../../script.ts";
import { faults, readDrawing } from "./drawing.ts";

const COMMITTED = "docs/diagrams";
const diagrams = new Map([
  ["dev.svg", "<svg>dev</svg>\n"],
  ["dev-layers.md", "```mermaid\n"],
]);

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "committed-"));
  directory = join(root, "diagrams");
});
afterEach(() => rmSync(root, { recursive: true }));

describe("diagrams as files", () => {
  test("what was written is current, and writing again changes nothing", () => {
    expect(diagramProblems(directory, diagrams)).toHaveLength(2);
    expect(writeDiagrams(directory, diagrams)).toEqual([
      `wrote ${join(directory, "dev-layers.md")}`,
      `wrote ${join(directory, "dev.svg")}`,
    ]);
    expect(diagramProblems(directory, diagrams)).toEqual([]);
    expect(writeDiagrams(directory, diagrams)).toEqual([]);
  });

  test("each stale, missing and orphaned file is named, and writing mends them", () => {
    writeDiagrams(directory, diagrams);
    writeFileSync(join(directory, "dev.svg"), "<svg>dev</svg>");
    writeFileSync(join(directory, "old-layers.md"), "\n");
    writeFileSync(join(directory, "README.md"), "not a diagram\n");
    rmSync(join(directory, "dev-layers.md"));
    expect(diagramProblems(directory, diagrams)).toEqual([
      `${join(directory, "dev-layers.md")} is missing`,
      `${join(directory, "dev.svg")} is stale`,
      `${join(directory, "old-layers.md")} is orphaned`,
    ]);
    expect(writeDiagrams(directory, diagrams)).toHaveLength(3);
    expect(readdirSync(directory).sort()).toEqual(["README.md", "dev-layers.md", "dev.svg"]);
    expect(diagramProblems(directory, diagrams)).toEqual([]);
  });
});

describe("npm run homelab -- diagrams", () => {
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [script("operations/commands/diagrams.ts"), ...args],
      { cwd: root, encoding: "utf8" },
    );
    return { status, output: stdout + stderr };
  };

  test("--check fails on what is not there, says how to mend it, and writes nothing", () => {
    const { status, output } = run("--check");
    expect(status).toBe(1);
    for (const name of ["dev.svg", "dev-layers.md", "prod.svg", "prod-layers.md"])
      expect(output).toContain(`${COMMITTED}/${name} is missing\n`);
    expect(output).toContain("Run `npm run homelab -- diagrams` and commit docs/diagrams.");
    expect(readdirSync(root)).toEqual([]);
  });

  test("an unknown argument is refused", () => {
    expect(run("--chek")).toEqual({
      status: 2,
      output: "usage: npm run homelab -- diagrams [--check]; got --chek\n",
    });
  });
});

test.each(readdirSync(COMMITTED).filter((name) => name.endsWith(".svg")))("%s is a sound picture", (name) => {
  expect(faults(readDrawing(readFileSync(join(COMMITTED, name), "utf8")))).toEqual([]);
});
