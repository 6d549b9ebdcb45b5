import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unknownCharts } from "../../../environments/recorded/chart-request.ts";
import { parseEnvironments } from "../../../environments/schema.ts";
import { generatedApps } from "../../../labs/bench/apps.ts";
import { generatedEnvironment } from "../../../labs/bench/environments.ts";
import { catalogueOf } from "../../../lib/app/catalogue.ts";
import { synthesizeEnvironments } from "../../../stacks/homelab.ts";
import { environment } from "../../lib/app/lab.ts";

test("a thousand generated apps are accepted, and a third of them uses another", () => {
  const edge = { ...environment().edge, domain: "dev.truxonline.com" };
  const { apps, waves, problems } = catalogueOf(generatedApps(1000), environment({ name: "dev", edge }));
  expect(problems).toEqual([]);
  expect(apps.size).toBe(1000);
  expect([...waves.values()].filter((wave) => wave > 0)).toHaveLength(333);
});

test("they are synthesized into an environment that is generated too, whatever the first one has", () => {
  const environments = parseEnvironments([generatedEnvironment({ nodes: 4, namespaces: 3 })]);
  const outdir = mkdtempSync(join(tmpdir(), "generated-"));
  try {
    const made = synthesizeEnvironments(environments, generatedApps(3), outdir, unknownCharts("generated"));
    expect(made).toHaveLength(4);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
