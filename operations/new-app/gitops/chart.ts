/** A Helm chart with its values, and where they take what every app has. */

import { holdsSecret } from "../../../lib/app/secret-keys.ts";
import { type Fields, fieldsOf, isFields, textOf } from "../../../lib/core/fields.ts";
import { priorityOf } from "./image.ts";
import { saysNothing } from "./objects.ts";
import { appSizeOf } from "./sizes.ts";
import type { InstalledChart } from "./source.ts";

type Place = readonly [path: string, value: unknown];

/** Maps below which resources and replicas are no pod's. */
const NO_PODS = /(^|\.)(persistence|volumeClaimTemplates?|storageSpec|autoscaling|spec\.storage)(\.|$)/;

const placesIn = (value: unknown, wanted: (key: string, value: unknown) => boolean, path = ""): Place[] =>
  isFields(value)
    ? Object.entries(value).flatMap(([key, each]): Place[] => {
        const place = path === "" ? key : `${path}.${key}`;
        if (key.includes(".") || NO_PODS.test(place)) return [];
        return wanted(key, each) ? [[place, each]] : placesIn(each, wanted, place);
      })
    : [];

/**
 * @param renamed Secrets by their names there, as they are called here
 */
export const carriedChart = (
  { repository, name, version, values }: InstalledChart,
  renamed: ReadonlyMap<string, string>,
  note: (what: string) => void,
): Readonly<Record<string, unknown>> => {
  const resources = placesIn(
    values,
    (key, each) => key === "resources" && isFields(each) && !saysNothing(each),
  );
  const priorities = placesIn(values, (key, each) => key === "priorityClassName" && typeof each === "string");
  const replicas = placesIn(
    values,
    (key, each) => /^replica(s|Count)$/.test(key) && typeof each === "number",
  );
  const labels = placesIn(values, (key, each) => key === "podLabels" && isFields(each));
  const sizes = resources.map(([at, each]) => [at, appSizeOf(labelIn(labels, at), each).size] as const);
  const [main] = sizes;
  if (main === undefined)
    note("size: the chart's values state no resources: s, and places.resources is empty");
  for (const [at, each] of resources)
    note(`resources at ${at}: ${JSON.stringify(each)}: here the size decides`);
  const taken = [...resources, ...priorities, ...replicas].map(([at]) => at);
  const count = Number(replicas[0]?.[1] ?? 1);
  const size = main?.[1] ?? "s";
  return {
    chart: { repository, name, version: version.trim() },
    ...(!saysNothing(values) && { values: withoutSecrets(without(values, taken), renamed, note) }),
    size,
    ...priorityOf(textOf(priorities[0]?.[1])),
    ...(count > 1 && { replicas: count }),
    places: {
      priorityClassName: priorities.map(([at]) => at),
      resources: sizes.map(([at, each]) => (each === size ? at : { at, size: each })),
      replicas: replicas.map(([at]) => at),
    },
  };
};

/** The sizing label beside a place of resources. */
const labelIn = (labels: readonly Place[], at: string): string => {
  const parent = at.replace(/\.?resources$/, "");
  const [, beside] = labels.find(([path]) => path.replace(/\.?podLabels$/, "") === parent) ?? [];
  const [, label] =
    Object.entries(fieldsOf(beside)).find(([key]) => key.startsWith("vixens.io/sizing.")) ?? [];
  return textOf(label);
};

const without = (value: Fields, places: readonly string[], path = ""): Fields =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const place = path === "" ? key : `${path}.${key}`;
      if (places.includes(place)) return [];
      const rest = isFields(each) ? without(each, places, place) : each;
      const isEmptied = isFields(each) && saysNothing(rest) && !saysNothing(each);
      return isEmptied ? [] : [[key, rest]];
    }),
  );

/** Leaves out what looks like a secret by its name, and gives names of Secrets as they are here. */
const withoutSecrets = (
  value: unknown,
  renamed: ReadonlyMap<string, string>,
  note: (what: string) => void,
  path = "values",
): unknown => {
  if (typeof value === "string") return renamed.get(value) ?? value;
  if (Array.isArray(value))
    return value.map((each, at) => withoutSecrets(each, renamed, note, `${path}[${at}]`));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const isSecret = typeof each === "string" && each !== "" && !renamed.has(each) && holdsSecret(key);
      if (!isSecret) return [[key, withoutSecrets(each, renamed, note, `${path}.${key}`)]];
      note(`${path}.${key}: it stands in plain sight there, and is left out`);
      return [];
    }),
  );
};
