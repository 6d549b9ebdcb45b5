import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { diagramProblems, writeDiagrams } from "../../../operations/diagrams/committed.ts";
import { diagramsCommand } from "../../../operations/diagrams/diagrams-command.ts";
import { environments } from "../../stacks/homelab.ts";
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

test("homelab diagrams --check fails on what is not there, says how to mend it, and writes nothing", () => {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  expect(diagramsCommand(environments(), directory, true, { out: say, err: say })).toBe(1);
  for (const name of ["dev.svg", "dev-layers.md", "prod.svg", "prod-layers.md"])
    expect(lines.join("\n")).toContain(`${directory}/${name} is missing`);
  expect(lines.at(-1)).toBe(`Run \`npm run homelab -- diagrams\` and commit ${directory}.`);
  expect(readdirSync(root)).toEqual([]);
});

test.each(readdirSync(COMMITTED).filter((name) => name.endsWith(".svg")))("%s is a sound picture", (name) => {
  expect(faults(readDrawing(readFileSync(join(COMMITTED, name), "utf8")))).toEqual([]);
});
