import { isDeepStrictEqual } from "node:util";
import { isFields } from "../../../lib/core/fields.ts";
import type { Check } from "../check.ts";
import type { E2eWorld } from "../e2e-world.ts";
import { displayName, type KubernetesObject, objectKey } from "../kubectl.ts";

/** Kinds that must be stored exactly as they are written. */
const POLICY = /NetworkPolicy$/;

/** Fields that any object has, or that the API server adds to it. */
const SERVED = ["apiVersion", "kind", "metadata", "status"];

/** Every custom resource is stored as its manifest says; of policies, the API server adds and drops nothing. */
export const storedAsWritten: Check<E2eWorld> = {
  name: "each policy and custom resource is stored as written",
  run: async ({ manifests, kubectl }) => {
    const written = manifests.map(({ object }) => object);
    const stored = new Map((await kubectl.read(written)).map((object) => [objectKey(object), object]));
    const problems = written.flatMap((object) => storedDifferences(object, stored.get(objectKey(object))));
    if (problems.length > 0) throw new Error(problems.join("\n"));
    const policies = written.filter(({ kind }) => POLICY.test(kind));
    return `${policies.length} policies to the letter, ${written.length - policies.length} other objects in every field that is written`;
  },
};

/** Lists the differences between an object as it is written and as it is stored, a line each. */
export const storedDifferences = (
  written: KubernetesObject,
  stored: KubernetesObject | undefined,
): string[] => {
  if (stored === undefined) return [`${displayName(written)}: is not stored`];
  const fields = Object.keys(written).filter((field) => !SERVED.includes(field));
  const problems = fields.flatMap((field) =>
    missing(written[field], stored[field], field).map((line) => `${displayName(written)}: ${line}`),
  );
  const { labels, annotations, finalizers } = written.metadata;
  for (const [field, value] of Object.entries({ labels, annotations, finalizers })) {
    problems.push(
      ...missing(value, stored.metadata[field], `metadata.${field}`).map(
        (line) => `${displayName(written)}: ${line}`,
      ),
    );
  }
  if (POLICY.test(written.kind) && problems.length === 0) {
    const extra = Object.keys(stored).filter((field) => !SERVED.includes(field) && !fields.includes(field));
    problems.push(...extra.map((field) => `${displayName(written)}: ${field}: is stored, but not written`));
    for (const field of fields.filter((each) => !isDeepStrictEqual(written[each], stored[each]))) {
      problems.push(
        `${displayName(written)}: ${field}: must be stored as written: got ${JSON.stringify(stored[field])}`,
      );
    }
  }
  return problems;
};

/** Fields of `written` that `stored` does not have as they are. */
const missing = (written: unknown, stored: unknown, path: string): string[] => {
  if (written === undefined) return [];
  if (isFields(written) && isFields(stored)) {
    return Object.entries(written).flatMap(([key, value]) => missing(value, stored[key], `${path}.${key}`));
  }
  if (Array.isArray(written) && Array.isArray(stored) && written.length === stored.length) {
    return written.flatMap((value, index) => missing(value, stored[index], `${path}[${index}]`));
  }
  return isDeepStrictEqual(written, stored)
    ? []
    : [`${path}: written ${JSON.stringify(written)}, stored ${JSON.stringify(stored)}`];
};
