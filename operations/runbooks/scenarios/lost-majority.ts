import type { Recovery } from "../recovery.ts";
import { duration } from "../recovery.ts";
import {
  afterwardsSteps,
  bootstrapSteps,
  fetchStep,
  prepareStep,
  resetSteps,
  restored,
  saveStep,
} from "../restore-steps.ts";
import type { Runbook } from "../runbook.ts";

/** Runbook for a lost majority: more control planes are gone than etcd bears, and the API does not answer. */
export const lostMajority = (recovery: Recovery): Runbook => {
  const { controlPlanes, bootstrapNode, cluster, spare } = recovery;
  const survivors = controlPlanes.slice(0, Math.max(spare, 0));
  const lost = controlPlanes.slice(survivors.length);
  return {
    name: "lost-majority",
    title: "A majority of the control planes is lost",
    notice: [
      "kubectl and the virtual IP do not answer. Pods that run go on running, and nothing is started or moved.",
      `More than ${spare} of ${controlPlanes.map(({ name }) => name).join(", ")} do not answer, and will not come back.`,
    ],
    loses: {
      value: `${duration(recovery.recoveryPointMinutes)}, or nothing from a survivor's raw copy`,
      basis: "computed",
      why: "What a survivor has on its disk is all that was ever acknowledged, or nearly: it may lack the last writes. A snapshot is the safe way, a raw copy the newer one.",
    },
    takes: {
      value: "1 to 2 h with machines at hand",
      basis: "estimated",
      why: "Two machines are installed anew, then etcd is restored as in the runbook `etcd`.",
    },
    warnings: recovery.keyWarnings,
    steps: [
      {
        title: "Try to have one back first",
        notes: [
          "One machine that comes back with its disk gives the majority back, and nothing is lost. Swap power supplies, move the disk.",
          `The steps below take ${lost.map(({ name }) => name).join(" and ")} for lost${survivors.length > 0 ? ` and ${survivors.map(({ name }) => name).join(", ")} for alive` : ""}: with others, the same with their names.`,
        ],
        commands: controlPlanes.map((node) => recovery.direct(node, "service", "etcd")),
        until: "you have given up on a majority",
      },
      ...(survivors.length > 0 ? [saveStep(recovery, survivors)] : []),
      prepareStep(recovery),
      fetchStep(recovery),
      {
        title: "Have new machines in the places of the lost ones, in maintenance mode",
        notes: [
          `Write what they have (mac, disk, interface, maintenanceAddress) into ${cluster.file}; names and addresses stay.`,
          "The plan changes the lost machines' configuration and no other; Terraform does not bootstrap, as its state says that it is done.",
        ],
        commands: ["npm run synth", ...recovery.configure(lost.map(({ name }) => name))],
        until: "they have installed themselves and restarted",
      },
      ...resetSteps(recovery, controlPlanes),
      ...(survivors.includes(bootstrapNode) || survivors.length === 0
        ? []
        : [{ title: `${bootstrapNode.name} is a new machine: it does as well as any other` }]),
      ...bootstrapSteps(recovery),
      ...afterwardsSteps(recovery),
    ],
    worked: restored(recovery),
  };
};
