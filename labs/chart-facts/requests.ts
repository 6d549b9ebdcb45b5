/** Reads from the synthesized stacks which charts they ask Helm for, and with which values. */

import { type ChartRequest, SECRET } from "../../environments/recorded/chart-request.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import type { NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import { type ChartRelease, manifests, releases } from "../e2e/synthesized.ts";

const ofRelease = (
  environment: string,
  { name, namespace, repository, chart, version, values, secretValues }: ChartRelease,
): ChartRequest => ({
  environment,
  release: name,
  namespace,
  repository,
  chart,
  version,
  values: values[0] ?? "",
  ...(secretValues.length > 0 && {
    parameters: secretValues.map((each) => ({ name: each, value: SECRET, forceString: true })),
  }),
});

/** The request of an Application; undefined for one of a Git path. */
const ofApplication = (environment: string, application: Fields): ChartRequest | undefined => {
  const { source, destination } = fieldsOf(application.spec);
  const { chart, repoURL, targetRevision, helm } = fieldsOf(source);
  if (typeof chart !== "string") return undefined;
  const { releaseName, valuesObject, parameters } = fieldsOf(helm);
  return {
    environment,
    release: textOf(releaseName),
    namespace: textOf(fieldsOf(destination).namespace),
    repository: textOf(repoURL),
    chart,
    version: textOf(targetRevision),
    values: fieldsOf(valuesObject),
    ...(parameters !== undefined && { parameters: listOf(parameters).map(fieldsOf) }),
  };
};

/** The requests of an environment's stacks, by name of the release. */
export const requestsOf = (environment: string, stacks: readonly NamedStack[]): ChartRequest[] =>
  stacks
    .filter(({ name }) => name.startsWith(`${environment}-`))
    .flatMap((stack) => [
      ...releases(stack).map((release) => ofRelease(environment, release)),
      ...manifests(stack)
        .filter(({ object }) => object.kind === "Application")
        .flatMap(({ object }) => ofApplication(environment, object) ?? []),
    ])
    .toSorted((a, b) => (a.release < b.release ? -1 : 1));
