/** The commands as a workflow calls them, with a stand-in for Terraform that writes down what it was asked. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deploy } from "../../../operations/commands/deploy.ts";
import { drift } from "../../../operations/commands/drift.ts";
import { plan } from "../../../operations/commands/plan.ts";
import * as bucketProbe from "../../../operations/doctor/bucket-probe.ts";
import { run } from "../cli/run.ts";
import { planOf, recorded } from "../guard/plans.ts";

const root = mkdtempSync(join(tmpdir(), "plan-and-deploy-"));
const asked = join(root, "asked");
const at = (name: string) => join(root, name);

const TERRAFORM = `#!/bin/sh
shift
echo "$*" >> ${asked}
case "$1" in
  plan) for each; do case "$each" in -out=*) echo "a plan" > "\${each#-out=}" ;; esac; done; exit 2 ;;
  show) cat ${at("plan.json")} ;;
esac
`;

/** Stands in for Node.js: a command that synthesizes anew says so, and what is there stays. */
const SYNTHESIS = `#!/bin/sh
echo "$*" >> ${at("synthesized")}
`;

mkdirSync(at("bin"));
writeFileSync(at("bin/node"), SYNTHESIS);
chmodSync(at("bin/node"), 0o755);
writeFileSync(at("bin/terraform"), TERRAFORM);
chmodSync(at("bin/terraform"), 0o755);
afterAll(() => rmSync(root, { recursive: true }));

const umask = process.umask();
const node = process.execPath;
afterEach(() => {
  process.execPath = node;
  process.umask(umask);
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
beforeEach(() => {
  // The state's bucket is far away; `bucket-probe.test.ts` tries the lock on servers.
  vi.spyOn(bucketProbe, "tryLock").mockResolvedValue({ write: 200, secondWrite: 412, deletion: 204 });
  process.execPath = at("bin/node");
  vi.stubEnv("CDKTF_OUTDIR", at("out"));
  vi.stubEnv("PATH", `${at("bin")}:${process.env.PATH}`);
  for (const name of ["asked", "synthesized", "outputs", "report.md", "plans"])
    rmSync(at(name), { recursive: true, force: true });
  writeFileSync(
    at("plan.json"),
    planOf([{ address: "kubernetes_config_map_v1.a", actions: ["create"], after: { x: "hunter2" } }]),
  );
});

const commands = (): string[] =>
  readFileSync(asked, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "");
const syntheses = (): string[] => readFileSync(at("synthesized"), "utf8").trim().split("\n");
const ANEW = "bin/synth.mjs --no-cache";
const files = ["--outputs", at("outputs"), "--markdown", at("report.md")];

describe("plan and deploy", { timeout: 120_000 }, () => {
  test("what is kept is applied with the digest that was handed on, once", async () => {
    process.execPath = node;
    const planned = await run(plan, "prod-apps", "--out", at("plans"), ...files);
    expect(existsSync(at("out/stacks/prod-apps/cdk.tf.json"))).toBe(true);
    process.execPath = at("bin/node");
    expect([planned.code, planned.err]).toEqual([0, ""]);
    const [, digest = ""] =
      /^changes=true\ndigest=(sha256:[0-9a-f]{64})\n$/.exec(readFileSync(at("outputs"), "utf8")) ?? [];
    const report = readFileSync(at("report.md"), "utf8");
    expect(report).toContain("### ✅ prod-apps: passes the guard");
    expect(report).toContain(`Kept to be applied as \`${digest}\`.`);
    expect(report + planned.out).not.toContain("hunter2");
    expect((await run(deploy, "prod-apps", "--plan", at("plans"), "--approved", digest)).code).toBe(0);
    expect(commands()).toEqual(["init", "plan", "show", "init", "show", "apply"]);
    expect(existsSync(at("plans/prod-apps"))).toBe(false);
    expect((await run(deploy, "prod-apps", "--plan", at("plans"), "--approved", digest)).code).toBe(1);
    expect(commands().filter((each) => each === "apply")).toHaveLength(1);
    expect(syntheses()).toEqual([ANEW, ANEW]);
  });

  test("what the guard refuses is not kept", async () => {
    writeFileSync(at("plan.json"), recorded("platform"));
    expect((await run(plan, "dev-platform", "--out", at("plans"), ...files)).code).toBe(1);
    expect(readFileSync(at("outputs"), "utf8")).toBe("changes=false\n");
    expect(existsSync(at("plans/dev-platform"))).toBe(false);
    expect(syntheses()).toEqual([ANEW]);
  });

  test("a plan of several stacks is not kept: the next one reads what this one makes", async () => {
    const { code, err } = await run(plan, "dev", "--out", at("plans"));
    expect(code).toBe(2);
    expect(err).toMatch(/^error: --out: keeps the plan of one stack/);
  });

  test("drift ends with 1, and its report has addresses alone", async () => {
    const { code } = await run(drift, "dev-apps", "--report", at("report.md"));
    expect(code).toBe(1);
    expect(readFileSync(at("report.md"), "utf8")).toContain("- `create: kubernetes_config_map_v1.a`");
    expect(readFileSync(at("report.md"), "utf8")).not.toContain("hunter2");
    expect(readFileSync(asked, "utf8")).toContain("-lock=false");
    expect(syntheses()).toEqual([ANEW]);
  });
});
