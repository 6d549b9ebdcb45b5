/** `npm run reach`: its arguments, its output and its exit codes. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { UsageError } from "../../lib/core/usage-error.ts";
import { displayChanges, markdownChanges } from "./change-report.ts";
import { compareNetworks, type EnvironmentChanges, isChange } from "./changes.ts";
import { UnknownNameError } from "./directory.ts";
import { compareWithLive, differs, LIVE_POLICIES, readLivePolicies } from "./live.ts";
import { matrixPage } from "./matrix-page.ts";
import { answer, displayAnswer, PortError, parsePort } from "./question.ts";
import { OutputError, readNetwork, readNetworks } from "./synthesized.ts";

export const USAGE = `usage:
  npm run reach -- <environment> --from NAME --to NAME --port PORT/PROTOCOL [--json]
      exit code 0 allowed, 1 denied, 3 unknown
  npm run reach -- <environment> --matrix FILE.html
      exit code 0
  npm run reach -- diff <old cdktf.out> <new cdktf.out> [--json | --markdown]
      exit code 0 no change, 1 changes
  npm run reach -- live <environment> --policies FILE [--json | --markdown]
      FILE (- for standard input): ${LIVE_POLICIES}
      exit code 0 the cluster holds what is written, 1 it does not: opened and closed are the cluster's
  with any of them: --with-gitops adds the clusterwide policies of vixens
  with an environment: --out DIR reads another output than cdktf.out
  exit code 2: wrong usage, an unknown name, or a file that cannot be read or written`;

/** What a run prints and returns. */
export interface Run {
  readonly code: 0 | 1 | 2 | 3;
  readonly output: string;
  readonly error: string;
}

const OPTIONS = {
  from: { type: "string" },
  to: { type: "string" },
  port: { type: "string" },
  matrix: { type: "string" },
  out: { type: "string" },
  policies: { type: "string" },
  json: { type: "boolean" },
  markdown: { type: "boolean" },
  "with-gitops": { type: "boolean" },
} as const;

type Values = ReturnType<typeof parse>["values"];

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

/** Runs the command line, given without the program's own name. */
export const reach = (args: readonly string[]): Run => {
  try {
    const { values, positionals } = parse(args);
    const [verb, ...rest] = positionals;
    if (verb === "diff") return diff(rest, values);
    return verb === "live" ? live(rest, values) : ask(positionals, values);
  } catch (error) {
    if (error instanceof UsageError) return { code: 2, output: "", error: `${error.message}\n${USAGE}` };
    const expected = [OutputError, UnknownNameError, PortError].some((kind) => error instanceof kind);
    const { message, stack = message } = error as Error;
    return { code: 2, output: "", error: expected ? message : stack };
  }
};

/** Refuses options that the command does not know. */
const allow = (values: Values, ...known: readonly (keyof Values)[]): void => {
  const others = Object.keys(values).filter((name) => !known.includes(name as keyof Values));
  if (others.length > 0) throw new UsageError(`--${others.join(", --")} cannot be given here`);
};

const ask = (positionals: readonly string[], values: Values): Run => {
  const [environment, ...rest] = positionals;
  if (environment === undefined || rest.length > 0)
    throw new UsageError(`one environment must be named: got ${positionals.join(" ") || "none"}`);
  const { from, to, port, matrix, out = "cdktf.out" } = values;
  const withGitops = values["with-gitops"] ?? false;
  if (matrix !== undefined) {
    allow(values, "matrix", "out", "with-gitops");
    const page = matrixPage(readNetwork(out, environment), { withGitops });
    write(matrix, page);
    return { code: 0, output: `${matrix}: ${Math.ceil(page.length / 1024)} KiB`, error: "" };
  }
  allow(values, "from", "to", "port", "out", "json", "with-gitops");
  if (from === undefined || to === undefined || port === undefined)
    throw new UsageError("--from, --to and --port must all be given, or --matrix");
  const answered = answer({
    network: readNetwork(out, environment),
    from,
    to,
    port: parsePort(port),
    withGitops,
  });
  const code = ({ allowed: 0, denied: 1, unknown: 3 } as const)[answered.verdict];
  return { code, output: values.json ? json(answered) : displayAnswer(answered), error: "" };
};

const write = (file: string, text: string): void => {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new OutputError(`--matrix: must be a file that can be written: ${(error as Error).message}`);
  }
};

const diff = (positionals: readonly string[], values: Values): Run => {
  allow(values, "json", "markdown", "with-gitops");
  const [before, after, ...rest] = positionals;
  if (before === undefined || after === undefined || rest.length > 0)
    throw new UsageError(
      `diff: an old and a new output must be named: got ${positionals.join(" ") || "none"}`,
    );
  const display = displayOf(values);
  const changes = compareNetworks(readNetworks(before), readNetworks(after), {
    withGitops: values["with-gitops"] ?? false,
  });
  return { code: changes.some(isChange) ? 1 : 0, output: display(changes), error: "" };
};

const live = (positionals: readonly string[], values: Values): Run => {
  allow(values, "policies", "out", "json", "markdown", "with-gitops");
  const [environment, ...rest] = positionals;
  const { policies, out = "cdktf.out" } = values;
  if (environment === undefined || rest.length > 0)
    throw new UsageError(`live: one environment must be named: got ${positionals.join(" ") || "none"}`);
  if (policies === undefined) throw new UsageError("live: --policies must be given");
  const display = displayOf(values);
  const changes = compareWithLive(readNetwork(out, environment), readLivePolicies(policies), {
    withGitops: values["with-gitops"] ?? false,
  });
  return { code: changes.some(differs) ? 1 : 0, output: display(changes), error: "" };
};

const displayOf = ({
  json: asJson,
  markdown,
}: Values): ((changes: readonly EnvironmentChanges[]) => string) => {
  if (asJson && markdown) throw new UsageError("--json and --markdown exclude each other");
  if (asJson) return json;
  return markdown ? markdownChanges : displayChanges;
};

const json = (value: unknown): string => JSON.stringify(value, null, 2);
