/** The request that decides how a chart is rendered, and with it whether recorded facts are still about it. */
import { createHash } from "node:crypto";
import { type Fields, isFields } from "../../lib/core/fields.ts";
import { type ChartFacts, chartFacts } from "./chart-facts.ts";

/** A release as an Application or a helm_release asks for it. */
export interface ChartRequest {
  readonly environment: string;
  readonly release: string;
  readonly namespace: string;
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  /** Values as they are sent: an object, or the text of a helm_release. */
  readonly values: Fields | string;
  /** Parameters that an Application lays over them. @default - none */
  readonly parameters?: readonly Fields[];
}

/** Stands in for a value that nobody may see. */
export const SECRET = "secret";

const sorted = (_key: string, value: unknown): unknown =>
  isFields(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;

/** JSON with sorted keys: the same values are always the same text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, sorted) ?? "null";

/** Of chart, version, name, namespace and values. */
export const requestDigest = ({ environment: _, ...request }: ChartRequest): string =>
  `sha256:${createHash("sha256").update(canonicalJson(request)).digest("hex")}`;

/** Facts of a request, or why there are none that count. */
export type ChartAnswer = ChartFacts | { readonly problem: string };

/** Answers with what is known of a request. */
export type ChartSource = (request: ChartRequest) => ChartAnswer;

/**
 * The recorded facts. A request that they are no longer about is a problem that names the command which records it
 * anew; one that nobody has rendered yet is unknown.
 */
export const recordedCharts: ChartSource = (request) => {
  const { environment, release, chart, version } = request;
  const facts = chartFacts(environment, release);
  const command = `run npm run homelab -- chart-facts ${environment} ${release}`;
  if (facts === undefined) return unknownCharts(`never rendered: ${command}`)(request);
  if (facts.chart !== chart || facts.version !== version)
    return {
      problem: `must have facts of ${chart} ${version}, and those recorded are of ${facts.chart} ${facts.version}: ${command}`,
    };
  if (facts.known && facts.digest !== requestDigest(request))
    return { problem: `values must be those that Helm rendered; they have changed since: ${command}` };
  return facts;
};

/** Knows nothing of any chart, and says why. */
export const unknownCharts =
  (reason: string): ChartSource =>
  ({ release, repository, chart, version }) => ({
    known: false,
    release,
    repository,
    chart,
    version,
    reason,
  });
