import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { homelab, STACKS } from "./homelab.ts";

const hasTerraform = spawnSync("terraform", ["version"]).status === 0;

/** Reads a configuration as Terraform does, without providers: blocks, references, lifecycle, versions, variables. */
const terraformGet = (configuration: string): { ok: boolean; message: string } => {
  const directory = mkdtempSync(join(tmpdir(), "terraform-"));
  try {
    writeFileSync(join(directory, "cdk.tf.json"), configuration);
    const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
    execFileSync("terraform", ["get", "-no-color"], { cwd: directory, env, stdio: "pipe" });
    return { ok: true, message: "" };
  } catch (error) {
    return { ok: false, message: String((error as { stderr?: Buffer }).stderr ?? error) };
  } finally {
    rmSync(directory, { recursive: true });
  }
};

describe.runIf(hasTerraform)("terraform reads every stack", () => {
  test.each(STACKS)("%s", (name) => {
    expect(terraformGet(homelab().files.get(name) ?? "")).toEqual({ ok: true, message: "" });
  });

  test.each([
    [
      "a dependency that is an expression",
      { depends_on: ["${thing.x}"] },
      "static variable reference is required",
    ],
    ["a lifecycle that does not exist", { lifecycle: { prevent_destruction: true } }, "prevent_destruction"],
  ])("and refuses %s", (_, block, message) => {
    const { ok, message: said } = terraformGet(JSON.stringify({ resource: { thing: { y: block } } }));
    expect(ok).toBe(false);
    expect(said).toContain(message);
  });
});
