import { describe, expect, test } from "vitest";
import { typedLines } from "../../../labs/talosctl/written.ts";
import { committedProblems } from "../../../lib/core/committed-files.ts";
import {
  runbookFiles,
  runbookOf,
  scenarioNames,
  scenariosOf,
} from "../../../operations/runbooks/scenarios.ts";
import { environments } from "../../stacks/homelab.ts";
import { commandLineProblems } from "../cli/command-lines.ts";
import { talosctlFlags } from "../talos/recorded.ts";

const parsed = environments();
const all = parsed.flatMap((environment) =>
  scenariosOf(environment).map((scenario) => {
    const runbook = runbookOf(environment, scenario);
    if (!runbook) throw new Error(`no runbook ${scenario}`);
    return { environment, scenario, runbook, label: `${environment.name} ${scenario}` };
  }),
);
const commandsOf = ({ runbook }: (typeof all)[number]): string[] =>
  runbook.steps.flatMap(({ commands = [] }) => commands);

test("the committed copies are those of the environments", () => {
  const files = new Map(parsed.flatMap((environment) => [...runbookFiles(environment)]));
  expect(files.size).toBe(all.length + parsed.length);
  expect(committedProblems("docs/runbooks", files, ".md")).toEqual([]);
});

test("without a backup there is no way back, and the page says so", () => {
  const [environment] = environments();
  if (!environment) throw new Error("no environment");
  const files = runbookFiles({ ...environment, backup: null });
  expect([...files.keys()].map((path) => path.replace(/^\w+\//, ""))).toEqual([
    "README.md",
    "lost-node.md",
    "cut-off-deploy.md",
    "power-cut.md",
    "corrupt-member.md",
    "lost-nas.md",
    "lost-workstation.md",
  ]);
  expect(files.get(`${environment.name}/README.md`)).toContain("Nothing is backed up here");
});

test("there is one for everything that can be lost", () => {
  expect(scenarioNames).toEqual([
    "etcd",
    "lost-node",
    "lost-majority",
    "lost-cluster",
    "lost-bucket",
    "deleted-namespace",
    "lost-volume",
    "expired-credentials",
    "leaked-key",
    "wrong-apply",
    "cut-off-deploy",
    "power-cut",
    "corrupt-member",
    "lost-nas",
    "lost-workstation",
    "lost-age-key",
  ]);
  for (const environment of parsed) expect(runbookOf(environment, "toString")).toBeUndefined();
});

test("commands name the storage server by its address, since its name may be answered by the cluster", () => {
  for (const each of all)
    for (const command of commandsOf(each).filter((line) => !line.endsWith("/etc/hosts")))
      expect(command, each.label).not.toContain(each.environment.nas?.host ?? "no name");
});

test("what a restore of volumes brings is taken away before the apps come back", () => {
  const restoring = all.filter((each) => commandsOf(each).some((line) => line.startsWith("velero restore")));
  expect(restoring.map(({ label }) => label)).toEqual(["prod deleted-namespace", "prod lost-volume"]);
  for (const each of restoring) {
    const [restored, taken, back] = [
      /^velero restore create/,
      /delete pods --selector \S*velero.io\/restore-name/,
      /^npm run homelab -- deploy|--replicas=1/,
    ].map((wanted) => commandsOf(each).findLastIndex((line) => wanted.test(line)));
    expect([each.label, restored]).not.toContain(-1);
    expect([restored, taken, back]).toEqual([restored, taken, back].toSorted((a = 0, b = 0) => a - b));
  }
});

describe.each(all)("$label", (each) => {
  const { environment, scenario, runbook } = each;

  test("says how it is noticed, what is lost, how long it takes, and what is seen in the end", () => {
    expect(runbook.name).toBe(scenario);
    expect(runbook.notice.length).toBeGreaterThan(0);
    expect(runbook.steps.length).toBeGreaterThan(1);
    expect(runbook.worked.length).toBeGreaterThan(0);
    for (const { value, why } of [runbook.loses, runbook.takes]) {
      expect(value).not.toBe("");
      expect(why.length).toBeGreaterThan(20);
    }
    expect(runbook.takes.basis).toBe("estimated");
  });

  test("talosctl is asked with commands and flags that it has, at addresses of the environment", () => {
    const addresses = environment.nodes.flatMap(({ vlans, maintenanceAddress }) => [
      ...vlans.map((vlan) => `${vlan.address.address}`),
      `${maintenanceAddress}`,
    ]);
    for (const command of typedLines(environment).get(scenario) ?? []) {
      const words = command
        .replace(/ [>#].*$/, "")
        .split(" ")
        .slice(1);
      const flags = words.filter((word) => word.startsWith("--")).map((word) => word.split("=")[0] ?? "");
      const name = Object.keys(talosctlFlags).find((known) => ` ${words.join(" ")} `.includes(` ${known} `));
      expect([command, name]).toEqual([command, expect.any(String)]);
      const known = talosctlFlags[name ?? ""] ?? [];
      expect([command, flags.filter((flag) => !known.includes(flag))]).toEqual([command, []]);
      for (const [address] of command.matchAll(/\d+\.\d+\.\d+\.\d+/g))
        expect([command, addresses]).toEqual([command, expect.arrayContaining([address])]);
    }
  });

  test("npm runs scripts, commands and options that there are, terraform goes to stacks that there are", () => {
    for (const command of commandsOf(each)) {
      expect([command, commandLineProblems(command)]).toEqual([command, []]);
      for (const [, stack] of command.matchAll(/cdktf\.out\/stacks\/([\w-]+)/g))
        expect(stack).toMatch(new RegExp(`^(STACK|${environment.name}-(backup|cluster|platform|apps))$`));
    }
  });

  test("names no other environment, and nothing that is not known", () => {
    const text = JSON.stringify(runbook);
    expect(text).not.toMatch(/undefined|\[object|null"|NaN/);
    for (const other of parsed.filter(({ name }) => name !== environment.name)) {
      if (other.backup) expect(text).not.toContain(other.backup.bucket);
      for (const { name } of other.nodes) expect(text).not.toMatch(new RegExp(`\\b${name}\\b`));
    }
  });
});
