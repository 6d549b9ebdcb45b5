import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { upgrade } from "../../../operations/commands/upgrade.ts";
import { type UpgradeRequest, upgradeCommand } from "../../../operations/upgrade/upgrade-command.ts";
import { lab } from "../../environments/lab.ts";
import { run } from "../cli/run.ts";
import { labCluster } from "./operator.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";
import { isWhole } from "./simulated-state.ts";

test.each(["--apply", "--json", "--forget", "--kubernetes=v1.34.0"])(
  "a plan of the stops takes no %s",
  async (flag) => {
    const { code, err } = await run(upgrade, "prod", "--plan", flag);
    expect(code).toBe(2);
    expect(err).toContain("cannot be used with option");
  },
);

const WRITES = /\b(drain|uncordon|upgrade --image|snapshot|upgrade-k8s)\b/;

const call = async (
  request: Partial<UpgradeRequest> = {},
  {
    cluster = labCluster(),
    name = "lab",
    production = false,
    answer,
  }: { cluster?: SimulatedCluster; name?: string; production?: boolean; answer?: string } = {},
) => {
  const lines: string[] = [];
  const out: string[] = [];
  const { clock } = cluster.dependencies;
  const stateHome = mkdtempSync(join(tmpdir(), "upgrade-"));
  const environment = { ...parseEnvironment(lab()), name, production };
  const options = { apply: false, forget: false, ...request };
  const code = await upgradeCommand(environment, options, {
    run: cluster.run,
    clock,
    fileSize: (path) => cluster.files.get(path),
    out: (line) => {
      out.push(line);
      lines.push(line);
    },
    err: (line) => lines.push(line),
    ask: answer === undefined ? undefined : async () => answer,
    stateHome,
  });
  return { code, text: lines.join("\n"), out: out.join("\n"), cluster };
};

describe("by default", () => {
  test("shows the order and the very commands, and changes nothing", async () => {
    const { code, text, cluster } = await call();
    expect(code).toBe(0);
    expect(text).toContain("Order: bea, cleo, ada, dora, then Kubernetes.");
    expect(text).toContain("1. bea (control plane): Talos v1.11.6 to v1.12.4");
    expect(text).toContain(
      "talosctl --endpoints 10.1.10.13,10.1.10.11 --nodes 10.1.10.12 upgrade --image factory",
    );
    expect(text).toContain("5. Kubernetes: v1.32.4 to v1.33.2");
    expect(text).toContain("Nothing was changed.");
    expect(cluster.commands.filter((command) => WRITES.test(command))).toEqual([]);
    expect(cluster.nodes.every(({ upgrades, cordoned }) => upgrades === 0 && !cordoned)).toBe(true);
  });

  test("says what a run would stop at", async () => {
    const cluster = labCluster();
    cluster.node("dora").ready = false;
    const { code, text } = await call({}, { cluster });
    expect(code).toBe(1);
    expect(text).toContain("Not well, so a run would stop:\n  - dora: must be Ready");
  });

  test("says what is refused", async () => {
    const { code, text } = await call({ to: "v1.13.0" });
    expect(code).toBe(1);
    expect(text).toContain("Refused:\n  - bea: Talos must go up one minor version at a time");
    expect(text).toContain("environments/lab.ts says talos v1.12.4: set versions.talos to v1.13.0");
  });

  test("has an answer without talosctl", async () => {
    const cluster = labCluster();
    cluster.faults.set(0, "fail");
    const { code, text } = await call({}, { cluster });
    expect(code).toBe(1);
    expect(text).toContain("Order: bea, cleo, ada, dora, then Kubernetes.");
    expect(text).toContain("Stopped:\n  - talosctl version --client --short: exit code 1: injected");
  });
});

describe("with --apply", () => {
  test("does it", async () => {
    const { code, text, cluster } = await call({ apply: true });
    expect({ code, whole: isWhole(cluster) }).toEqual({ code: 0, whole: true });
    expect(text).toContain("Then deploy lab-cluster");
  });

  test("there is nothing left to do the second time", async () => {
    const { cluster } = await call({ apply: true });
    const { code, text } = await call({}, { cluster });
    expect(code).toBe(0);
    expect(text).toContain("There is nothing to upgrade.");
  });

  test("stops at a doubt and says how to go on", async () => {
    const cluster = labCluster();
    cluster.restarts.push("dead");
    const { code, text } = await call({ apply: true }, { cluster });
    expect(code).toBe(1);
    expect(text).toContain("bea was sent its upgrade at");
    expect(text).toContain("bea stays cordoned; the next run sees to it.");
    expect(text).toContain("  npm run homelab -- upgrade lab --apply");
    expect(cluster.nodes.map(({ upgrades }) => upgrades)).toEqual([1, 0, 0, 0]);
  });
});

describe("production", () => {
  test.each([
    ["nobody is there", undefined, 1, "by a person at a terminal only"],
    ["another name is typed", "yes", 1, "Refused: another name."],
    ["its name is typed", "prod", 0, "prod runs Talos v1.12.4"],
  ])("when %s", async (_, answer, code, text) => {
    const result = await call(
      { apply: true },
      { name: "prod", production: true, ...(answer !== undefined && { answer }) },
    );
    expect(result.code).toBe(code);
    expect(result.text).toContain(text);
    expect(result.cluster.nodes.some(({ upgrades }) => upgrades > 0)).toBe(code === 0);
  });
});

describe("as JSON", () => {
  test("what was seen, and the very commands", async () => {
    const { code, out } = await call({ json: true });
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ environment: "lab", talos: "v1.12.4", result: "shown" });
    expect(report.seen.machines[0]).toMatchObject({ name: "bea", role: "controlplane", talos: "v1.11.6" });
    expect(report.seen.steps[0].title).toBe("bea (control plane): Talos v1.11.6 to v1.12.4");
    expect(report.seen).toMatchObject({ refused: [], unwell: [] });
  });

  test("refused, with each reason", async () => {
    const { code, out } = await call({ json: true, apply: true, to: "v1.13.0" });
    expect(code).toBe(1);
    const { result, seen } = JSON.parse(out);
    expect(result).toBe("refused");
    expect(seen.refused[0]).toMatch(/^bea: Talos must go up one minor version at a time/);
  });

  test("done, and nothing else on standard output", async () => {
    const { code, out } = await call({ json: true, apply: true });
    expect([code, JSON.parse(out).result]).toEqual([0, "upgraded"]);
  });

  test("stopped, and why", async () => {
    const cluster = labCluster();
    cluster.node("dora").ready = false;
    const { code, out } = await call({ json: true, apply: true }, { cluster });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ result: "stopped", why: expect.stringContaining("dora") });
  });
});

test("the progress of a run goes to standard error", async () => {
  const { text, out } = await call({ apply: true });
  const progress = text.split("\n").filter((line) => !out.split("\n").includes(line));
  expect(progress.join("\n")).toContain("drain");
});
