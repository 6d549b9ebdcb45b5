import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type RunbookRequest, runbookCommand } from "../../../operations/runbooks/runbook-command.ts";
import { environments } from "../../stacks/homelab.ts";

const parsed = environments();
let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "runbooks-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const run = (request: Partial<RunbookRequest> = {}): { code: number; text: string } => {
  const lines: string[] = [];
  const code = runbookCommand(
    { check: false, ...request },
    { environments: parsed, directory, out: (line) => lines.push(line) },
  );
  return { code, text: lines.join("\n") };
};
const read = (file: string) => readFileSync(join(directory, file), "utf8");

test("writes the runbook that is asked for, and shows it", () => {
  const { code, text } = run({ name: "prod", scenario: "etcd" });
  expect(code).toBe(0);
  expect(read("prod/etcd.md")).toBe(`${text}\n`);
  expect(text).toContain("# prod: etcd is lost or wrong");
});

test("leaves the others alone", () => {
  run();
  writeFileSync(join(directory, "prod/lost-node.md"), "mine");
  run({ name: "prod", scenario: "etcd" });
  expect(read("prod/lost-node.md")).toBe("mine");
});

test("writes all, and then finds them current", () => {
  expect(run({ check: true }).code).toBe(1);
  expect(run().text).toContain("dev/wrong-apply.md");
  const { code, text } = run({ check: true });
  expect([code, text]).toEqual([0, expect.stringMatching(/^\d+ runbooks are current$/)]);
});

test("refuses a copy that is stale, gone or explained by nothing", () => {
  run();
  writeFileSync(join(directory, "dev/etcd.md"), `${read("dev/etcd.md")} `);
  rmSync(join(directory, "prod/lost-node.md"));
  writeFileSync(join(directory, "prod/fire.md"), "");
  const { code, text } = run({ check: true });
  expect(code).toBe(1);
  for (const line of ["dev/etcd.md is stale", "prod/lost-node.md is missing", "prod/fire.md is orphaned"])
    expect(text).toContain(line);
  expect(run().text).toContain("removed ");
  expect(run({ check: true }).code).toBe(0);
});

test.each([
  [{ name: "prod" }, /no scenario "": .*etcd/],
  [{ name: "prod", scenario: "ectd" }, 'no scenario "ectd": did you mean etcd?'],
  [{ name: "prod", check: true }, "--check takes no prod"],
])("wrong use: %j", (request, reason) => {
  expect(() => run(request)).toThrow(reason);
});
