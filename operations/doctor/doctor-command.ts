/** `npm run doctor`: what it accepts, says and returns. */
import { parseArgs } from "node:util";
import type { Environment } from "../../environments/schema.ts";
import { type EnvironmentSource, sourceOf } from "../cli/environment-source.ts";
import { examine } from "./doctor.ts";
import { exitCode, fail, type Report, showReport } from "./finding.ts";
import type { Probes } from "./probes.ts";

const USAGE = `usage: npm run doctor -- <environment> [options]

Looks at the workstation and the cluster, and changes nothing. At most 15 seconds.

  --json                the findings as JSON
  --talosconfig FILE    default: $TALOSCONFIG, then ~/.talos/config
  --kubeconfig FILE     default: $KUBECONFIG, then ~/.kube/config

exit codes: 0 all is well; 1 something is wrong; 2 wrong use;
3 nothing is wrong, but something needs care or could not be looked at`;

/** Returns the exit code. */
export const doctorCommand = async (
  args: readonly string[],
  environments: EnvironmentSource,
  probes: Probes,
  out: (line: string) => void,
): Promise<number> => {
  let parsed: ReturnType<typeof parse>;
  let read: () => Environment;
  try {
    parsed = parse(args);
    read = sourceOf(environments, parsed.positionals);
  } catch (error) {
    out(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  const { values, positionals } = parsed;
  const [name = ""] = positionals;
  const report = await reportOf(name, read, probes, values);
  if (values.json) out(JSON.stringify(report, null, 2));
  else showReport(report).forEach(out);
  return exitCode(report.findings);
};

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      talosconfig: { type: "string" },
      kubeconfig: { type: "string" },
    },
  });

const reportOf = async (
  name: string,
  read: () => Environment,
  probes: Probes,
  files: { readonly talosconfig?: string | undefined; readonly kubeconfig?: string | undefined },
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
