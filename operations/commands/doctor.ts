import type { Definition } from "../cli/definition.ts";
import { environmentArgument } from "../cli/environment-argument.ts";
import { pathsFrom } from "../cli/terminal.ts";

export const doctor: Definition = {
  name: "doctor",
  summary: "look at the workstation and the cluster, a line each with what to do",
  details: "Changes nothing. At most 15 seconds.",
  examples: [
    ["doctor prod", "everything that prod needs"],
    ["doctor dev --json", "the findings for a program"],
  ],
  exits: {
    0: "all is well",
    1: "something is wrong, needs care, or could not be looked at",
  },
  json: `{ environment: string, summary: string,
  findings: { check: string, status: "ok" | "warn" | "fail" | "unknown", says: string, todo?: string }[] }`,
  build: (command, run) =>
    command
      .addArgument(environmentArgument())
      .option("--json", "print the findings as JSON")
      .option("--talosconfig <file>", "default: $TALOSCONFIG, then ~/.talos/config")
      .option("--kubeconfig <file>", "default: $KUBECONFIG, then ~/.kube/config")
      .action(
        run(async (terminal, name, { json = false, ...files }) => {
          const { homedir } = await import("node:os");
          const { environmentNamed } = await import("../cli/environments.ts");
          const { doctorCommand } = await import("../doctor/doctor-command.ts");
          const { workstation } = await import("../doctor/probes.ts");
          return doctorCommand(
            { name, json, files: pathsFrom(terminal, files) },
            () => environmentNamed(name),
            workstation(homedir()),
            terminal.out,
          );
        }),
      ),
};
