/** Machines whose configuration differs, as `homelab drift` tells them. */
import type { MachineDrift } from "../talos/machine-drift.ts";

/** The machines of one environment. */
export interface MachineReview {
  readonly environment: string;
  readonly machines: readonly MachineDrift[];
}

/** True when every machine said what it runs. */
export const allAnswered = (reviews: readonly MachineReview[]): boolean =>
  reviews.every(({ machines }) => machines.every(({ differences }) => differences !== undefined));

/** Paths and values of what differs, a machine each, for a terminal. */
export const machineText = (reviews: readonly MachineReview[]): string =>
  reviews
    .flatMap(({ environment, machines }) =>
      machines.map(({ machine, differences }) => {
        const head = `${environment}: configuration of ${machine}`;
        if (differences === undefined) return `${head}: NOT ASKED: talosctl gives no answer of it`;
        if (differences.length === 0) return `${head}: is what is written`;
        return [`${head}: differs`, ...differences.map((line) => `  ${line}`)].join("\n");
      }),
    )
    .join("\n");

/** The part of an issue on machines: paths of fields, no value. Empty when none differs. */
export const machineReport = (reviews: readonly MachineReview[]): string[] =>
  reviews.flatMap(({ environment, machines }) => {
    const lines = machines.flatMap(({ machine, differences }) => {
      if (differences === undefined) return [`- ${machine}: did not say; whether it drifted is unknown`];
      return differences.map((line) => `- ${machine}: \`${line.split(": ")[0]}\``);
    });
    return lines.length === 0
      ? []
      : [
          `## ${environment}: configuration of machines`,
          "",
          "No plan shows these: the provider does not read a machine's configuration back.",
          "",
          ...lines,
          "",
        ];
  });
