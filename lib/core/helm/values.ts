/** Values of Helm charts, for every chart of the project: typed overrides, exact versions, values as YAML. */

import { isFields } from "../fields.ts";
import { yamlWriter } from "../yaml-writer.ts";

/** `T` with every property optional, at every depth. Lists are whole: an override replaces one. */
export type Overrides<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Overrides<T[K]> }
    : T;

/** A Kubernetes toleration. */
export interface Toleration {
  readonly key?: string;
  readonly operator: "Exists" | "Equal";
  readonly value?: string;
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Requests and limits of a container. There are no CPU limits: they throttle without protecting anybody. */
export interface ContainerResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits?: { readonly memory: string };
}

/** Lets a pod run on a control plane that keeps its taint. */
export const CONTROL_PLANE_TOLERATION: Toleration = {
  key: "node-role.kubernetes.io/control-plane",
  operator: "Exists",
  effect: "NoSchedule",
};

/** `base` with `overrides` laid over it, map by map; a list or a scalar is replaced. Neither is changed. */
export const overlay = <T>(base: T, overrides: Overrides<NoInfer<T>> | undefined): T => {
  if (overrides === undefined) return base;
  if (!isFields(base) || !isFields(overrides)) return overrides as T;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(overrides)) {
    if (value !== undefined) merged[key] = overlay(merged[key], value as Overrides<unknown>);
  }
  return merged as T;
};

/** The start of a template, as text: in backquotes, which no quoting of YAML touches. */
const OPENING = "{{`{{`}}";

/** A copy of values whose texts a chart renders as templates, and which come out of that as they are. */
export const withoutTemplates = (value: unknown): unknown => {
  if (typeof value === "string") return value.replaceAll("{{", OPENING);
  if (Array.isArray(value)) return value.map(withoutTemplates);
  return isFields(value)
    ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutTemplates(child)]))
    : value;
};

/** Values as Helm reads them; keys are sorted, so the same values are always the same text. */
export const toYaml: (values: object) => string = yamlWriter({
  sortMapEntries: true,
  lineWidth: 0,
  aliasDuplicateObjects: false,
});

/** Empty when `version` is exact; else what is wrong with it, naming `chart`. */
export const chartVersionProblems = (chart: string, version: string): string[] =>
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(version)
    ? []
    : [`chart ${chart}: version: must be exact, MAJOR.MINOR.PATCH: got ${JSON.stringify(version)}`];
