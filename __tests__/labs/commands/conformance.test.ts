import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { script } from "../../script.ts";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "conformance-"));
const vectors = JSON.parse(readFileSync(fromRoot("__tests__/fixtures/oracle/designed.json"), "utf8"));

const run = (...files: string[]) =>
  spawnSync(process.execPath, [script("labs/commands/conformance.ts"), ...files], {
    encoding: "utf8",
    cwd: fromRoot("."),
  });

const write = (name: string, content: unknown): string => {
  const file = join(directory, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};

describe("npm run homelab -- conformance", { timeout: 60_000 }, () => {
  test("says how many agree", () => {
    const file = write("good.json", { ...vectors, scenarios: vectors.scenarios.slice(0, 3) });
    const { status, stdout } = run(file);
    expect(stdout).toMatch(/^\S+good\.json: \d+ agree, 0 disagree \(\d+ flows, 0 rejections\)\n$/);
    expect(status).toBe(0);
  });

  test("prints a disagreement with both reasons, and exits with 1", () => {
    const [scenario] = structuredClone(vectors.scenarios);
    Object.assign(scenario.flows[0], { verdict: "denied", deniedBy: "ingress", ingress: "denied" });
    const { status, stdout } = run(write("flipped.json", { ...vectors, scenarios: [scenario] }));
    expect(stdout).toContain(
      [
        "no-policy: web -> db 80/TCP",
        "  expected denied (egress allowed, ingress denied, denied by ingress)",
        "  actual   allowed (egress allowed, ingress allowed, denied by nobody); egress allowed: no policy selects it; ingress allowed: no policy selects it",
      ].join("\n"),
    );
    expect(stdout).toMatch(/ agree, 1 disagree /);
    expect(status).toBe(1);
  });

  test.each([
    ["not JSON", "{", /JSON/],
    ["of another shape", { scenarios: [{}] }, /engine: .*\nscenarios\.0\.name: /],
  ])("refuses a file that is %s, and exits with 2", (_, content, message) => {
    const { status, stderr } = run(write("bad.json", content));
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test("refuses a missing file and no file", () => {
    expect(run(join(directory, "missing.json"))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("ENOENT"),
    });
    expect(run().status).toBe(2);
  });
});
