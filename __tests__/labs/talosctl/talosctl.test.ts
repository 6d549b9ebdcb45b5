import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { cacheDirectory } from "../../../labs/programs/install-tool.ts";
import { talosctl } from "../../../labs/programs/pinned-tools.ts";
import { unknownToTalosctl } from "../../../labs/talosctl/checks.ts";
import {
  answering,
  holding,
  memberOf,
  playedMachines,
  SECURITY,
} from "../../../labs/talosctl/played-machines.ts";
import { quotedLines, typedLines } from "../../../labs/talosctl/written.ts";
import { environments } from "../../stacks/homelab.ts";

const [environment] = environments();
if (!environment) throw new Error("no environment");

describe("what is written", () => {
  test("in runbooks is typed without what introduces or follows it", () => {
    const lines = [...typedLines(environment).values()].flat();
    expect(lines.length).toBeGreaterThan(50);
    for (const line of lines) expect(line).toMatch(/^talosctl [^#]*$/);
    expect(typedLines(environment).get("corrupt-member")).toContainEqual(
      expect.stringMatching(/etcd remove-member ID$/),
    );
  });

  test("in documents and environments is found, up to a pipe", () => {
    const lines = quotedLines();
    expect(lines).toEqual(
      expect.arrayContaining(["talosctl -n NODE dmesg", "talosctl --nodes 192.168.1.20 get cpu --insecure"]),
    );
    expect(lines.filter((line) => line.includes("|"))).toEqual([]);
  });
});

describe("machines that are played", () => {
  const goods = { snapshot: Buffer.alloc(40_000), database: Buffer.of(1), kubeconfig: Buffer.of(2) };
  const machines = playedMachines(environment, new Map([["diva", "version: v1alpha1\n"]]), goods);
  const [node] = environment.nodes;
  const own = machines[`${node?.address}`];

  test("answer at each address, in maintenance too; only control planes are members", () => {
    for (const each of environment.nodes) {
      const played = machines[`${each.address}`];
      expect("EtcdStatus" in (played?.answers ?? {})).toBe(each.role === "controlplane");
      expect(machines[`${each.maintenanceAddress}`]?.maintenance).toBe(true);
    }
    expect(own?.answers.EtcdSnapshot).toHaveLength(2);
  });

  test("change one answer or resource, and keep the rest", () => {
    if (!own) throw new Error("no machine");
    const alarmed = answering("EtcdAlarmList", { memberAlarms: [] })(own);
    expect(alarmed.answers).toEqual({ ...own.answers, EtcdAlarmList: [{ memberAlarms: [] }] });
    const { resources } = holding(SECURITY, "securitystate", { secureBoot: true })(own);
    expect(resources.filter(({ type }) => type === SECURITY)).toEqual([
      { type: SECURITY, id: "securitystate", spec: '{"secureBoot":true}' },
    ]);
    expect(resources).toHaveLength(own.resources.length);
    expect(memberOf(1)).toEqual({ id: "11861357848454170577", shown: "a49c021e76e707d1" });
  });
});

const program = join(cacheDirectory(), "bin", `talosctl-${talosctl.version}`);

describe.runIf(existsSync(program))(`talosctl ${talosctl.version}`, () => {
  beforeAll(() => vi.stubEnv("TALOSCTL", program));
  afterAll(() => vi.unstubAllEnvs());
  const judged = (line: string) => unknownToTalosctl(line.replace("talosctl", '"$TALOSCTL"'), tmpdir());

  test.each([
    ["talosctl etcd members --nodes 192.0.2.1"],
    ["talosctl bootstrap --recover-from"],
    ["talosctl get machineconfig v1alpha1 --output 'jsonpath={.spec}' > x.yaml"],
    ["talosctl -n <address> rollback"],
  ])("knows %s", async (line) => {
    expect(await judged(line)).toBeUndefined();
  });

  test.each([
    ["talosctl etcd members --all-of-them", /unknown flag: --all-of-them/],
    ["talosctl etcd member", /there is no such command/],
    ["talosctl frobnicate", /unknown command "frobnicate"/],
    ["talosctl upgrade --timeout soon", /invalid argument "soon"/],
  ])("refuses %s", async (line, problem) => {
    expect(await judged(line)).toMatch(problem);
  });
});
