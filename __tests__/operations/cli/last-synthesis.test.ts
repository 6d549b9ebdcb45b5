import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LAYERS } from "../../../lib/core/platform/layers.ts";
import { UsageError } from "../../../lib/core/usage-error.ts";
import { environmentNamed } from "../../../operations/cli/environments.ts";
import { lastStacks } from "../../../operations/cli/last-synthesis.ts";
import { guardCommand } from "../../../operations/guard/guard-command.ts";

const world = globalThis as { lastSynthesis?: (() => string | undefined) | undefined };
let outdir: string;
const plan = (name: string) => join(outdir, `${name}.json`);

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), "last-"));
  for (const layer of LAYERS) {
    mkdirSync(join(outdir, "stacks", `prod-${layer}`), { recursive: true });
    writeFileSync(join(outdir, "stacks", `prod-${layer}`, "cdk.tf.json"), `{"locals":{"of":"${layer}"}}`);
    const change = { actions: ["create"], before: null, after: {}, after_unknown: {} };
    const resource = { address: "null_resource.x", type: "null_resource", name: "x", mode: "managed" };
    const changes = layer === "backup" ? [] : [{ ...resource, provider_name: "null", change }];
    const read = { format_version: "1.2", terraform_version: "1.11.4", complete: true, errored: false };
    const modules = { planned_values: { root_module: {} }, configuration: { root_module: {} } };
    writeFileSync(plan(`prod-${layer}`), JSON.stringify({ ...read, ...modules, resource_changes: changes }));
  }
});
beforeEach(() => {
  world.lastSynthesis = () => outdir;
});
afterAll(() => {
  world.lastSynthesis = undefined;
  rmSync(outdir, { recursive: true });
});

describe("stacks of the last synthesis", () => {
  test("are read as they lie there", () => {
    expect(lastStacks(environmentNamed("prod"))?.()).toEqual(
      LAYERS.map((layer) => ({ name: `prod-${layer}`, json: { locals: { of: layer } } })),
    );
  });

  test("are not those of an environment that was changed", () => {
    expect(lastStacks({ ...environmentNamed("prod"), production: false })).toBeUndefined();
  });

  test("are not read when what was synthesized is of something else, or nobody knows", () => {
    world.lastSynthesis = () => undefined;
    expect(lastStacks(environmentNamed("prod"))).toBeUndefined();
    world.lastSynthesis = undefined;
    expect(lastStacks(environmentNamed("prod"))).toBeUndefined();
  });
});

describe("guard over several plans", () => {
  const judged = async (names: readonly string[], stack?: string) => {
    const lines: string[] = [];
    const request = { plans: names.map(plan), form: "json" as const, stack };
    const code = await guardCommand(request, (line) => lines.push(line));
    return { code, said: JSON.parse(lines.join("")) };
  };

  test("judges each as alone, and refuses when one is refused", async () => {
    const one = await judged(["prod-backup"]);
    const other = await judged(["prod-platform"]);
    expect([one.code, other.code]).toEqual([0, 1]);
    expect(other.said.refused).not.toEqual([]);
    expect(await judged(["prod-backup", "prod-platform"])).toEqual({
      code: 1,
      said: [one.said, other.said],
    });
  });

  test("takes no name of a stack for all of them", async () => {
    await expect(judged(["prod-backup", "prod-platform"], "prod-apps")).rejects.toThrow(UsageError);
  });
});
