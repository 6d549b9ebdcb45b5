/** One environment's charts, rendered by Helm. */
import { parse } from "yaml";
import type { ChartFacts } from "../../environments/recorded/chart-facts.ts";
import { type ChartRequest, requestDigest } from "../../environments/recorded/chart-request.ts";
import { fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import { findChart, objectsIn, type Rendering, renderText } from "../e2e/charts.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";
import type { ChartRelease } from "../e2e/synthesized.ts";
import { chartFactsOf } from "./facts.ts";
import { unusedValues } from "./unused-values.ts";

export interface Renderer {
  /** Path of Helm, or why there is none. */
  readonly helm: { readonly program: string } | { readonly missing: string };
  /** Directory of archives or charts, called `<chart>-<version>`; others are pulled into it. */
  readonly charts: string;
  /** Version of Kubernetes, e.g. `v1.34.0`. */
  readonly kubernetes: string;
}

/** A chart that is there, with what it becomes. */
interface Rendered {
  readonly request: ChartRequest;
  readonly path: string;
  readonly text: string;
  readonly objects: readonly KubernetesObject[];
}

type Outcome = Rendered | { readonly request: ChartRequest; readonly missing: string };

const valuesText = ({ values }: ChartRequest): string =>
  typeof values === "string" ? values : JSON.stringify(values);

const releaseOf = (request: ChartRequest): ChartRelease => ({
  ...request,
  address: request.release,
  name: request.release,
  values: [valuesText(request)],
  secretValues: [],
});

const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n").slice(-3).join(" ").slice(0, 300);

/** API versions that the definitions among objects bring, as Helm's `.Capabilities.APIVersions` names them. */
const definedVersions = (objects: readonly KubernetesObject[]): string[] =>
  objects
    .filter(({ kind }) => kind === "CustomResourceDefinition")
    .flatMap(({ spec }) => {
      const { group, names, versions } = fieldsOf(spec);
      return listOf(versions)
        .map(fieldsOf)
        .filter(({ served }) => served === true)
        .flatMap(({ name }) => {
          const version = `${textOf(group)}/${textOf(name)}`;
          return [version, `${version}/${textOf(fieldsOf(names).kind)}`];
        });
    });

const renderingOf = (
  request: ChartRequest,
  { kubernetes }: Renderer,
  apiVersions: readonly string[] = [],
): Rendering => ({
  kubernetesVersion: kubernetes,
  apiVersions,
  parameters: request.parameters ?? [],
  definitions: true,
  withoutSchema: true,
});

const rendered = async (
  request: ChartRequest,
  renderer: Renderer,
  apiVersions: readonly string[] = [],
  before?: Outcome,
): Promise<Outcome> => {
  const { helm, charts } = renderer;
  if ("missing" in helm) return { request, missing: helm.missing };
  try {
    const { path, missing } = await findChart(releaseOf(request), helm.program, charts);
    if (path === undefined) return { request, missing: missing ?? "cannot be had" };
    const rendering = renderingOf(request, renderer, apiVersions);
    const text = await renderText(helm.program, path, releaseOf(request), rendering);
    if (before && "text" in before && before.text === text) return before;
    return { request, path, text, objects: objectsIn(text, request.namespace) };
  } catch (error) {
    return { request, missing: reason(error) };
  }
};

/** Charts of an environment know of each other's kinds, as they do once all are there. */
export const renderAll = async (
  requests: readonly ChartRequest[],
  renderer: Renderer,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly apiVersions: readonly string[] }> => {
  const first: Outcome[] = [];
  for (const request of requests) first.push(await rendered(request, renderer));
  const objects = first.flatMap((each) => ("objects" in each ? each.objects : []));
  const apiVersions = [...new Set(definedVersions(objects))].sort();
  const outcomes: Outcome[] = [];
  for (const each of first) outcomes.push(await rendered(each.request, renderer, apiVersions, each));
  return { outcomes, apiVersions };
};

/**
 * Facts of an outcome. Values without effect are looked for anew unless `before` is about the same request.
 */
export const recorded = async (
  outcome: Outcome,
  renderer: Renderer,
  apiVersions: readonly string[],
  before: ChartFacts | undefined,
): Promise<ChartFacts> => {
  const { request } = outcome;
  const { release, repository, chart, version } = request;
  if ("missing" in outcome)
    return { known: false, release, repository, chart, version, reason: outcome.missing };
  if (before?.known && before.digest === requestDigest(request))
    return chartFactsOf(request, outcome.objects, before.unusedValues);
  const { helm } = renderer;
  const values = parse(valuesText(request)) ?? {};
  const unused = await unusedValues(values, async (changed) => {
    if ("missing" in helm) return undefined;
    try {
      const variant = { ...releaseOf(request), values: [JSON.stringify(changed)] };
      return await renderText(
        helm.program,
        outcome.path,
        variant,
        renderingOf(request, renderer, apiVersions),
      );
    } catch {
      return undefined;
    }
  });
  return chartFactsOf(request, outcome.objects, unused);
};
