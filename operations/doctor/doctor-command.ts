/** `homelab doctor`: what it says and returns. */
import type { Environment } from "../../environments/schema.ts";
import { exitCode, fail, type Report, showReport } from "./diagnosis.ts";
import { examine } from "./doctor.ts";
import type { Probes } from "./probes.ts";

export interface DoctorRequest {
  /** Name of the environment. */
  readonly name: string;
  /** Print the report as JSON. */
  readonly json: boolean;
  /** Files in place of those that talosctl and kubectl find. */
  readonly files: { readonly talosconfig?: string | undefined; readonly kubeconfig?: string | undefined };
}

/** Returns the exit code. */
export const doctorCommand = async (
  { name, json, files }: DoctorRequest,
  read: () => Environment,
  probes: Probes,
  out: (line: string) => void,
): Promise<number> => {
  const report = await reportOf(name, read, probes, files);
  if (json) out(JSON.stringify(report, null, 2));
  else showReport(report).forEach(out);
  return exitCode(report.findings);
};

const reportOf = async (
  name: string,
  read: () => Environment,
  probes: Probes,
  files: DoctorRequest["files"],
): Promise<Report> => {
  let environment: Environment;
  try {
    environment = read();
  } catch (error) {
    const finding = fail(
      "environment",
      (error as Error).message.split("\n").join("; "),
      "correct the data: npm run synth",
    );
    return {
      environment: name,
      findings: [finding],
      summary: `${name}: the data is refused, so nothing else was looked at.`,
    };
  }
  return examine(probes, environment, files);
};
