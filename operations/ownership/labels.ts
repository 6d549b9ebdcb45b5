/** Applies kustomize's `labels` and `commonLabels` to objects. */
import { type Fields, fieldsOf, isFields, listOf } from "../../lib/core/fields.ts";

interface Labelling {
  readonly pairs: Fields;
  /** True when templates of pods get them too. */
  readonly templates: boolean;
  /** True when selectors do. */
  readonly selectors: boolean;
}

/** The object with every label that a kustomization sets. */
export const labelled = (object: Fields, { commonLabels, labels }: Fields): Fields =>
  [
    ...listOf(labels).map(fieldsOf),
    ...(isFields(commonLabels) ? [{ pairs: commonLabels, includeSelectors: true }] : []),
  ]
    .map(({ pairs, includeSelectors, includeTemplates }: Fields) => ({
      pairs: fieldsOf(pairs),
      templates: includeSelectors === true || includeTemplates === true,
      selectors: includeSelectors === true,
    }))
    .reduce(withLabels, object);

const withLabels = (object: Fields, { pairs, templates, selectors }: Labelling): Fields => {
  let result = put(object, ["metadata", "labels"], pairs);
  const pod = ["spec", "template"];
  const job = ["spec", "jobTemplate"];
  if (templates)
    for (const path of [pod, job, [...job, ...pod]])
      if (isFields(at(result, path))) result = put(result, [...path, "metadata", "labels"], pairs);
  if (!selectors) return result;
  if (object.kind === "Service")
    return isFields(at(object, ["spec", "selector"])) ? put(result, ["spec", "selector"], pairs) : result;
  for (const path of [
    ["spec", "selector", "matchLabels"],
    ["spec", "podSelector", "matchLabels"],
  ])
    if (isFields(at(object, path))) result = put(result, path, pairs);
  return result;
};

const at = (object: unknown, path: readonly string[]): unknown =>
  path.reduce((inner, key) => fieldsOf(inner)[key], object);

/** The object with pairs laid over the map at a path, which is made where it is missing. */
const put = (object: Fields, [key, ...rest]: readonly string[], pairs: Fields): Fields =>
  key === undefined ? { ...object, ...pairs } : { ...object, [key]: put(fieldsOf(object[key]), rest, pairs) };
