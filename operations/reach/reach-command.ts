/** Runs `homelab reach`: reports, and returns the exit code. */
import { writeFileSync } from "node:fs";
import { UsageError } from "../../lib/core/usage-error.ts";
import { displayChanges, markdownChanges } from "./change-report.ts";
import { compareNetworks, type EnvironmentChanges, isChange } from "./changes.ts";
import { compareWithLive, differs, readLivePolicies } from "./live.ts";
import { matrixPage } from "./matrix-page.ts";
import { answer, displayAnswer, parsePort } from "./question.ts";
import { OutputError, readNetwork, readNetworks, type SynthesizedNetwork } from "./synthesized.ts";

type Out = (text: string) => void;

/** The form in which changes are printed. */
type Form = "text" | "markdown" | "json";

export interface ReachRequest {
  readonly environment: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly port?: string | undefined;
  /** File for the matrix of who reaches whom, in place of a question. */
  readonly matrix?: string | undefined;
  /** Directory for pictures of the page. */
  readonly screenshots?: string | undefined;
  /** Directory of another output: the page of the matrix also shows what changed since. */
  readonly against?: string | undefined;
  /** Directory of the output of synthesis. */
  readonly directory: string;
  readonly withGitops: boolean;
  readonly json: boolean;
}

/** Answers a question, or writes the matrix; returns the exit code. */
export const reachCommand = async (request: ReachRequest, out: Out): Promise<number> => {
  const { environment, from, to, port, matrix, screenshots, against, directory, withGitops } = request;
  if (matrix !== undefined) {
    const network = readNetwork(directory, environment);
    const changes = against === undefined ? undefined : changedFlows(against, network, withGitops);
    const page = matrixPage(network, { withGitops, changes });
    write(matrix, page);
    out(`${matrix}: ${Math.ceil(page.length / 1024)} KiB`);
    return screenshots === undefined ? 0 : pictures(page, screenshots, out);
  }
  if (from === undefined || to === undefined || port === undefined)
    throw new UsageError("--from, --to and --port must all be given, or --matrix");
  const network = readNetwork(directory, environment);
  const question = { network, port: parsePort(port), withGitops, translatesServices: true };
  const answers = ends(from).flatMap((one) =>
    ends(to).map((other) => answer({ ...question, from: one, to: other })),
  );
  out(
    request.json
      ? json(answers.length === 1 ? answers[0] : answers)
      : answers.map(displayAnswer).join("\n\n"),
  );
  return answers.every(({ verdict }) => verdict === "allowed") ? 0 : 1;
};

/** Reports join ends of one rule: `host+remote-node`. */
const ends = (name: string): string[] => name.split("+");

const pictures = async (page: string, directory: string, out: Out): Promise<number> => {
  const { takeScreenshots } = await import("./screenshots.ts");
  const files = await takeScreenshots(page, directory);
  out(files ? files.join("\n") : "no pictures: Chromium is not installed");
  return files ? 0 : 77;
};

const changedFlows = (against: string, network: SynthesizedNetwork, withGitops: boolean) => {
  const [before, after] = [readNetwork(against, network.environment), network].map(
    (one) => new Map([[one.environment, one]]),
  );
  return compareNetworks(before ?? new Map(), after ?? new Map(), { withGitops }).flatMap(
    ({ flows }) => flows,
  );
};

const write = (file: string, text: string): void => {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new OutputError(`--matrix: must be a file that can be written: ${(error as Error).message}`);
  }
};

/** Compares two outputs; returns the exit code. */
export const reachDiffCommand = (
  before: string,
  after: string,
  form: Form,
  withGitops: boolean,
  out: Out,
): number => {
  const changes = compareNetworks(readNetworks(before), readNetworks(after), { withGitops });
  out(displayed(changes, form));
  return changes.some(isChange) ? 1 : 0;
};

export interface ReachLiveRequest {
  readonly environment: string;
  /** File with the policies of the cluster, or `-`. */
  readonly policies: string;
  readonly directory: string;
  readonly form: Form;
  readonly withGitops: boolean;
}

/** Compares an output with a cluster; returns the exit code. */
export const reachLiveCommand = (request: ReachLiveRequest, out: Out): number => {
  const { environment, policies, directory, form, withGitops } = request;
  const network = readNetwork(directory, environment);
  const changes = compareWithLive(network, readLivePolicies(policies), { withGitops });
  out(displayed(changes, form));
  return changes.some(differs) ? 1 : 0;
};

const displayed = (changes: readonly EnvironmentChanges[], form: Form): string => {
  if (form === "json") return json(changes);
  return form === "markdown" ? markdownChanges(changes) : displayChanges(changes);
};

const json = (value: unknown): string => JSON.stringify(value, null, 2);
