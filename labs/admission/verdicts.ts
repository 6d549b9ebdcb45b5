/** Answers of Kyverno's engine, compared with the model field by field. */

import { admissionFacts } from "../../environments/recorded/admission.ts";
import { admissionWorld } from "../../lib/admission/admit.ts";
import { mutations } from "../../lib/admission/mutate.ts";
import { type Fields, fieldsOf, listOf } from "../../lib/core/fields.ts";

/** A pod, and what the engine makes of it. */
export interface AdmissionVerdict {
  readonly pod: Fields;
  readonly effective: Fields;
}

/** The engine's command line has no API server to ask: rules that ask one are left out on both sides. */
const offline = {
  ...admissionWorld(),
  rules: admissionFacts.rules.filter(({ variables }) => variables.every(({ api }) => api === undefined)),
};

/** Fields that differ, each with both values. */
export const verdictDifferences = (verdicts: readonly AdmissionVerdict[], world = offline): string[] =>
  verdicts.flatMap(({ pod, effective }) => {
    const { namespace, name } = fieldsOf(pod.metadata);
    return differences(mutations(pod, world).at(-1)?.object ?? pod, effective, `${namespace}/${name}`);
  });

/** Elements by their names: a merge does not keep an order. */
const keyed = (value: unknown): unknown => {
  if (!Array.isArray(value)) return value;
  const keys = value.map((each) => fieldsOf(each).name);
  return keys.length > 0 && keys.every((key) => typeof key === "string")
    ? Object.fromEntries(listOf(value).map((each) => [fieldsOf(each).name, each]))
    : value;
};

const differences = (model: unknown, engine: unknown, path: string): string[] => {
  const [ours, theirs] = [keyed(model), keyed(engine)];
  if (typeof ours === "object" && typeof theirs === "object" && ours !== null && theirs !== null) {
    const [left, right] = [ours, theirs].map((each) => each as Fields) as [Fields, Fields];
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].flatMap((key) => differences(left[key], right[key], `${path}.${key}`));
  }
  return ours === theirs
    ? []
    : [`${path}: the model says ${JSON.stringify(ours)}, the engine ${JSON.stringify(theirs)}`];
};
