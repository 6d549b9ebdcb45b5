import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { conformance } from "../../../labs/commands/conformance.ts";
import { run } from "../../operations/cli/run.ts";

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "conformance-"));
const vectors = JSON.parse(readFileSync(fromRoot("__tests__/fixtures/oracle/designed.json"), "utf8"));

const write = (name: string, content: unknown): string => {
  const file = join(directory, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};

describe("npm run homelab -- conformance", { timeout: 60_000 }, () => {
  test("says how many agree", async () => {
    const file = write("good.json", { ...vectors, scenarios: vectors.scenarios.slice(0, 3) });
    const { code, out } = await run(conformance, file);
    expect(out).toMatch(/^\S+good\.json: \d+ agree, 0 disagree \(\d+ flows, 0 rejections\)$/);
    expect(code).toBe(0);
  });

  test("prints a disagreement with both reasons, and exits with 1", async () => {
    const [scenario] = structuredClone(vectors.scenarios);
    Object.assign(scenario.flows[0], { verdict: "denied", deniedBy: "ingress", ingress: "denied" });
    const { code, out } = await run(
      conformance,
      write("flipped.json", { ...vectors, scenarios: [scenario] }),
    );
    expect(out).toContain(
      [
        "no-policy: web -> db 80/TCP",
        "  expected denied (egress allowed, ingress denied, denied by ingress)",
        "  actual   allowed (egress allowed, ingress allowed, denied by nobody); egress allowed: no policy selects it; ingress allowed: no policy selects it",
      ].join("\n"),
    );
    expect(out).toMatch(/ agree, 1 disagree /);
    expect(code).toBe(1);
  });

  test.each([
    ["not JSON", "{", /JSON/],
    ["of another shape", { scenarios: [{}] }, /engine: .*\nscenarios\.0\.name: /],
  ])("refuses a file that is %s, and exits with 2", async (_, content, message) => {
    const { code, err } = await run(conformance, write("bad.json", content));
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  test("refuses a missing file and no file", async () => {
    const missing = await run(conformance, join(directory, "missing.json"));
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining("there is no such file") });
    expect((await run(conformance)).code).toBe(2);
  });
});
