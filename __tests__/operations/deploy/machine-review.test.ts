import { expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import type { RunCommand } from "../../../lib/core/process/command.ts";
import { allAnswered, machineText } from "../../../operations/deploy/machine-review.ts";
import { driftReport } from "../../../operations/deploy/review.ts";
import { inventoryOf } from "../../../operations/talos/inventory.ts";
import { machineDrift } from "../../../operations/talos/machine-drift.ts";
import { Talosctl } from "../../../operations/talos/talosctl.ts";
import { lab, TODAY } from "../../environments/lab.ts";
import { CONFIGURATION, machine, SECRET } from "../doctor/world.ts";

const environment = parseEnvironment(lab(), { today: TODAY });
const { nodes } = inventoryOf(environment);
const patches = new Map(nodes.map(({ name }) => [name, ["machine: {install: {disk: /dev/sda}}"]]));

/** A cluster whose machines run what they are given to run; the others do not answer. */
const reviewed = async (running: Readonly<Record<string, string>>) => {
  const run: RunCommand = async (_, args) => {
    const address = args[args.indexOf("--nodes") + 1];
    const configuration = running[nodes.find((node) => node.address === address)?.name ?? ""];
    return configuration === undefined
      ? { code: 1, stdout: "", stderr: SECRET, timedOut: false }
      : { code: 0, stdout: machine.configuration(configuration)(args), stderr: "", timedOut: false };
  };
  const talosctl = new Talosctl(run, inventoryOf(environment));
  return [{ environment: environment.name, machines: await machineDrift(environment, talosctl, patches) }];
};

const all = Object.fromEntries(nodes.map(({ name }) => [name, CONFIGURATION]));

test("machines that run what is written are no drift", async () => {
  const reviews = await reviewed(all);
  expect(allAnswered(reviews)).toBe(true);
  expect(driftReport([], reviews)).toBeUndefined();
});

test("a patch by hand is told by its path; a published report has no value, and none has a secret", async () => {
  const patched = CONFIGURATION.replace("/dev/sda", "/dev/sdz").replace(
    "machine:\n",
    `machine:\n  udev: {rules: [${SECRET}]}\n`,
  );
  const reviews = await reviewed({ ...all, ada: patched });
  expect(machineText(reviews)).toContain(
    'configuration of ada: differs\n  machine.install.disk: must be "/dev/sda": got "/dev/sdz"\n  machine.udev: is written by nobody here',
  );
  const report = driftReport([], reviews) ?? "";
  expect(report).toContain("- ada: `machine.install.disk`\n- ada: `machine.udev`");
  expect(report).not.toContain("/dev/sdz");
  expect(report + machineText(reviews)).not.toContain(SECRET);
});

test("a machine that does not answer is unknown, which is not the same as well", async () => {
  const { ada: _, ...others } = all;
  const reviews = await reviewed(others);
  expect(allAnswered(reviews)).toBe(false);
  expect(machineText(reviews)).toContain("configuration of ada: NOT ASKED");
  expect(driftReport([], reviews)).toContain("- ada: did not say; whether it drifted is unknown");
});
