/** A chart's values: the developer's, and at the chart's places what every app has. */
import type { HelmValue, HelmValues } from "./declaration.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { APP_SIZES } from "./sizes.ts";
import { labelsOfSizes, privilegeAnnotations } from "./sizing.ts";

const isMap = (value: HelmValue | undefined): value is HelmValues =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A copy of the values with one more, at a path with dots. */
const placed = (values: HelmValues, [key = "", ...rest]: readonly string[], value: HelmValue): HelmValues => {
  const below = values[key];
  return { ...values, [key]: rest.length === 0 ? value : placed(isMap(below) ? below : {}, rest, value) };
};

/** Each entry at its own path below a map: its keys have dots of their own. */
const below = (at: string, map: Readonly<Record<string, string>>) =>
  Object.entries(map).map(([key, value]) => [[...at.split("."), key], value] as const);

export const chartValues = (app: ResolvedApp): HelmValues => {
  if (app.source.kind !== "chart") throw new Error(`app ${app.name}: must be a chart`);
  const {
    priorityClassName,
    resources,
    replicas,
    podLabels = [],
    podAnnotations = [],
  } = app.source.props.places;
  const additions: readonly (readonly [string | readonly string[], HelmValue])[] = [
    ...priorityClassName.map((at) => [at, app.priorityClassName] as const),
    ...resources.map((place) => {
      const [at, size] = typeof place === "string" ? [place, app.size] : [place.at, place.size];
      return [at, { ...APP_SIZES[size] }] as const;
    }),
    ...replicas.map((at) => [at, app.replicas] as const),
    ...podLabels.flatMap(({ at, containers }) => below(at, labelsOfSizes(app, containers))),
    ...podAnnotations.flatMap((at) => below(at, privilegeAnnotations(app))),
  ];
  return additions.reduce<HelmValues>(
    (values, [at, value]) => placed(values, typeof at === "string" ? at.split(".") : at, value),
    app.values,
  );
};
