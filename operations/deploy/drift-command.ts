/** `homelab drift`: what it says and returns. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../lib/core/process/command.ts";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { inventoryOf } from "../talos/inventory.ts";
import { machineDrift, writtenPatches } from "../talos/machine-drift.ts";
import { Talosctl } from "../talos/talosctl.ts";
import { judging, writeSynthesis } from "./judging.ts";
import { allAnswered, type MachineReview, machineText } from "./machine-review.ts";
import { readDeployRequest, type StackRequest } from "./request.ts";
import { driftReport, isComplete, review, reviewsAsJson, reviewText } from "./review.ts";
import { SavedPlans } from "./saved-plan.ts";

export interface DriftRequest {
  /** File for the text of an issue, written only when there is a difference. */
  readonly report?: string | undefined;
  readonly json: boolean;
  /** Ask the machines what they run. */
  readonly machines: boolean;
  /** @default - what talosctl finds by itself */
  readonly talosconfig?: string | undefined;
}

const CANNOT_RUN_HERE = 77;

/** The machines of each environment whose stack of the cluster was asked for. */
const reviewMachines = (
  stacks: readonly StackRequest[],
  talosconfig: string | undefined,
): Promise<MachineReview[]> =>
  Promise.all(
    stacks
      .filter(({ environment, name }) => name === `${environment}-cluster`)
      .map(async ({ environment: name }) => {
        const environment = environmentNamed(name);
        const talosctl = new Talosctl(runCommand, inventoryOf(environment), { talosconfig });
        const machines = await machineDrift(environment, talosctl, await writtenPatches(environment));
        return { environment: name, machines };
      }),
  );

/** Returns the exit code. */
export const driftCommand = async (
  names: readonly string[],
  { report: file, json, machines: asksMachines, talosconfig }: DriftRequest,
  log: (line: string) => void,
): Promise<number> => {
  // A plan file holds secrets in plain text.
  process.umask(0o077);
  const { stacks } = readDeployRequest(names, {}, environmentNames.map(environmentNamed));
  writeSynthesis();
  const directory = mkdtempSync(join(tmpdir(), "drift-"));
  try {
    const plans = new SavedPlans(directory);
    const reviews = review(stacks, judging({}), (stack) => plans.prepare(stack), { lock: false });
    const machines = asksMachines ? await reviewMachines(stacks, talosconfig) : [];
    log(
      json
        ? JSON.stringify([...reviewsAsJson(reviews), ...machines], null, 2)
        : `\n${[reviewText(reviews), machineText(machines)].filter(Boolean).join("\n\n")}`,
    );
    const report = driftReport(reviews, machines);
    if (report !== undefined && file !== undefined) writeFileSync(file, report);
    if (!isComplete(reviews) || !allAnswered(machines)) return CANNOT_RUN_HERE;
    return report === undefined ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
