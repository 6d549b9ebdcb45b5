import { expect, test } from "vitest";
import type { Cdktf } from "../../../labs/e2e/cdktf.ts";
import { Outdirs } from "../../../labs/e2e/e2e-world.ts";
import type { SandboxTerraform } from "../../../labs/e2e/terraform.ts";

test("an output is made once for each set of switches, also when stacks ask at the same time", async () => {
  const made: string[] = [];
  const later = async (what: string) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    made.push(what);
  };
  const cdktf = { synthesize: (outdir: string, switches: string[]) => later(`${outdir} ${switches}`) };
  const terraform = { init: (directory: string) => later(directory) };
  const outdirs = new Outdirs(
    "/run",
    ["a", "b"],
    cdktf as unknown as Cdktf,
    terraform as unknown as SandboxTerraform,
    ["without-charts"],
  );
  const asked = [
    outdirs.stack("a", "impatient"),
    outdirs.stack("b", "impatient"),
    outdirs.stack("a", "impatient"),
  ];
  expect(await Promise.all(asked)).toEqual(
    ["a", "b", "a"].map((name) => `/run/stacks+impatient/stacks/${name}`),
  );
  expect(made).toEqual([
    "/run/stacks+impatient without-charts,impatient",
    "/run/stacks+impatient/stacks/a",
    "/run/stacks+impatient/stacks/b",
  ]);
  await outdirs.stack("a");
  expect(made).toHaveLength(6);
});
