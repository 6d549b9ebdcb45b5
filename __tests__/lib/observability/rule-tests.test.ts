import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { AlertGroup } from "../../../lib/observability/alert.ts";
import { alertGroupsOf, withAbsence } from "../../../lib/observability/alert-rules.ts";
import { parsed } from "../../stacks/homelab.ts";
import { anAlert, anExample } from "./alerts.ts";
import type { ExamplesFor } from "./examples/examples.ts";
import { examplesOf } from "./examples/index.ts";
import { type RuleTool, ruleFile, ruleTests } from "./rule-files.ts";

const prod = parsed("prod");

const ARGUMENTS: Record<RuleTool, { version: string; test: (files: string[]) => string[][] }> = {
  promtool: { version: "--version", test: (files) => [["test", "rules", ...files]] },
  // Prometheus' tool takes all files at once; vmalert's starts a database for each run.
  "vmalert-tool": {
    version: "--help",
    test: (files) => files.map((file) => ["unittest", `--files=${file}`]),
  },
};
const isInstalled = (tool: RuleTool) => spawnSync(tool, [ARGUMENTS[tool].version]).error === undefined;

const inDirectory = (files: ReadonlyMap<string, object>, use: (directory: string) => string): string => {
  const directory = mkdtempSync(join(tmpdir(), "rules-"));
  try {
    for (const [name, content] of files) writeFileSync(join(directory, name), stringify(content));
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** Empty when the tool is content; else what it says. */
const run = (tool: RuleTool, args: string[], cwd: string): string => {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd, encoding: "utf8" });
  return status === 0 ? "" : `${stdout}${stderr}`;
};

const testGroups = (tool: RuleTool, groups: readonly AlertGroup[], examplesFor: ExamplesFor): string => {
  const written = ruleTests(groups, tool, examplesFor);
  return inDirectory(written, (directory) => {
    const files = [...written.keys()].filter((name) => name.endsWith(".test.yaml"));
    return ARGUMENTS[tool]
      .test(files.map((file) => join(directory, file)))
      .map((args) => run(tool, args, directory))
      .join("");
  });
};

const groups = withAbsence(alertGroupsOf(prod));
const one = (different = {}) => [{ name: "g", alerts: [anAlert(different)] }];

test("each alert has a file of its rule and one of its examples", () => {
  const files = ruleTests(one(), "promtool", () => anExample);
  expect([...files.keys()]).toEqual(["g-0-NodeGone.rules.yaml", "g-0-NodeGone.test.yaml"]);
  expect(files.get("g-0-NodeGone.test.yaml")).toMatchObject({
    rule_files: ["g-0-NodeGone.rules.yaml"],
    tests: [
      {
        input_series: [{ series: 'up{job="node-exporter",instance="a"}', values: "0x30" }],
        alert_rule_test: [
          {
            alertname: "NodeGone",
            eval_time: "10m",
            exp_alerts: [{ exp_labels: { severity: "warning", job: "node-exporter", instance: "a" } }],
          },
        ],
      },
      { alert_rule_test: [{ exp_alerts: [] }] },
    ],
  });
});

test("vmalert's tool is told the group", () => {
  const file = ruleTests(one(), "vmalert-tool", () => anExample).get("g-0-NodeGone.test.yaml");
  expect(file).toMatchObject({ tests: [{ alert_rule_test: [{ groupname: "g" }] }, {}] });
});

describe.each<RuleTool>(["promtool", "vmalert-tool"])("evaluated by %s", (tool) => {
  describe.runIf(isInstalled(tool))("where it is installed", () => {
    test("every alert fires and keeps silent as its examples say", { timeout: 600_000 }, () => {
      expect(testGroups(tool, groups, examplesOf(prod))).toBe("");
    });

    test.each([
      ["fires where it should not", { expression: 'up{job="node-exporter"} >= 0' }],
      ["never fires", { expression: 'up{job="node-exporter"} > 1' }],
      ["fires too late", { for: "20m" }],
      ["has other labels", { labels: { more: "yes" }, expression: 'sum(up{job="node-exporter"}) == 0' }],
    ])("an alert that %s is found", (_, different) => {
      expect(testGroups(tool, one(different), () => anExample)).toMatch(/FAILED|failed/);
    });
  });
});

describe.runIf(isInstalled("promtool"))("syntax, by Prometheus itself", () => {
  const check = (all: readonly AlertGroup[]) =>
    inDirectory(new Map([["rules.yaml", ruleFile(all)]]), (directory) =>
      run("promtool", ["check", "rules", "rules.yaml"], directory),
    );

  test("of every rule with its texts", () => {
    expect(check(groups)).toBe("");
  });

  test.each([
    ["an expression", { expression: "sum(up" }],
    ["a template", { summary: "{{ $labels.instance | nothing }}" }],
  ])("%s that is broken is found", (_, different) => {
    expect(check(one(different))).not.toBe("");
  });
});
