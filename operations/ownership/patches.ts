/** Applies kustomize's patches to objects, as far as identities, hosts and addresses depend on it. */
import { applyPatch, type Operation } from "rfc6902";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import { groupOf } from "../../lib/core/kubernetes/object-id.ts";

/** An object on its way through kustomizations. */
export interface Resource {
  object: Fields;
  /** File that it stands in. */
  readonly file: string;
  /** Kustomization that names the file; undefined when nobody has to. */
  readonly listedIn: string | undefined;
  /** Names and namespaces that it had on the way: patches may call it by any of them. */
  readonly called: { readonly name: string; readonly namespace: string }[];
}

/** Which objects a patch is for; every field is a whole regular expression, except the selectors. */
export interface Target {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

/** A patch that cannot be applied. */
export class PatchError extends Error {}

/** The present names of a resource. */
export const nameOf = ({ object }: Pick<Resource, "object">) => {
  const { name, namespace } = fieldsOf(object.metadata);
  return { name: textOf(name), namespace: textOf(namespace) };
};

const matches = (pattern: string | undefined, values: readonly string[]): boolean =>
  pattern === undefined ||
  pattern === "" ||
  values.some((value) => new RegExp(`^(?:${pattern})$`).test(value));

/** Refused: a selector of another form than `key=value,…`. */
const selects = (selector: string | undefined, labels: Fields): boolean =>
  (selector ?? "")
    .split(",")
    .filter((term) => term.trim() !== "")
    .every((term) => {
      const [, key, value] = /^\s*([\w./-]+)\s*==?\s*([\w./-]*)\s*$/.exec(term) ?? [];
      if (key === undefined)
        throw new PatchError(`selector ${JSON.stringify(selector)}: only key=value is read`);
      return labels[key] === value;
    });

export const isTargeted = (resource: Resource, target: Target): boolean => {
  const { object, called } = resource;
  const names = [nameOf(resource), ...called];
  const metadata = fieldsOf(object.metadata);
  const [version = ""] = textOf(object.apiVersion).split("/").slice(-1);
  return (
    matches(target.group, [groupOf(object.apiVersion)]) &&
    matches(target.version, [version]) &&
    matches(target.kind, [textOf(object.kind)]) &&
    names.some(
      ({ name, namespace }) => matches(target.name, [name]) && matches(target.namespace, [namespace]),
    ) &&
    selects(target.labelSelector, fieldsOf(metadata.labels)) &&
    selects(target.annotationSelector, fieldsOf(metadata.annotations))
  );
};

/** True when a strategic merge patch without a target means the resource. */
export const isNamedBy = (resource: Resource, patch: Fields): boolean => {
  const wanted = nameOf({ object: patch });
  return (
    groupOf(resource.object.apiVersion) === groupOf(patch.apiVersion) &&
    resource.object.kind === patch.kind &&
    [nameOf(resource), ...resource.called].some(
      ({ name, namespace }) =>
        name === wanted.name && (wanted.namespace === "" || namespace === wanted.namespace),
    )
  );
};

/**
 * The object with the operations of RFC 6902 applied. Refused: an operation that does not apply, unless it is in a pod,
 * where nothing decides who owns what.
 */
export const operated = (object: Fields, operations: readonly Operation[]): Fields => {
  const copy = structuredClone(object);
  const error = applyPatch(copy, [...operations]).find(
    (result, at) => result !== null && !/^\/spec\/(template|jobTemplate)\//.test(operations[at]?.path ?? ""),
  );
  if (error) throw new PatchError(`${error.name}: ${error.message}`);
  return copy;
};

/**
 * The object with a patch laid over it, map by map; undefined when the patch deletes it. Lists of a pod are merged by
 * the key that Kubernetes gives them; others are replaced, as kustomize does it: rules of an Ingress, blocks of a pool.
 */
export const mergedPatch = (object: Fields, patch: Fields, keepsName: boolean): Fields | undefined => {
  const { $patch: directive, ...rest } = patch;
  if (directive === "delete") return undefined;
  const result = directive === "replace" ? rest : mergedMaps(object, rest);
  if (!keepsName) return result;
  const { name, namespace } = fieldsOf(object.metadata);
  return {
    ...result,
    kind: object.kind,
    metadata: { ...fieldsOf(result.metadata), name, ...(namespace !== undefined && { namespace }) },
  };
};

const mergedMaps = (base: Fields, patch: Fields): Fields => {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || (isFields(value) && value.$patch === "delete")) delete result[key];
    else if (isFields(value) && value.$patch !== "replace" && isFields(result[key]))
      result[key] = mergedMaps(fieldsOf(result[key]), value);
    else result[key] = mergedList(key, listOf(result[key]).map(fieldsOf), value);
  }
  return result;
};

/** The keys that tell the elements of lists in pods apart. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: "name",
  initContainers: "name",
  volumes: "name",
  env: "name",
  ports: "containerPort",
  volumeMounts: "mountPath",
};

const mergedList = (field: string, base: readonly Fields[], patch: unknown): unknown => {
  const key = MERGE_KEYS[field];
  const patches = listOf(patch).map(fieldsOf);
  if (key === undefined || ![...base, ...patches].every((each) => each[key] !== undefined)) return patch;
  const same = (one: Fields) => (other: Fields) => one[key] === other[key];
  const kept = base.filter((each) => patches.find(same(each))?.$patch !== "delete");
  return [
    ...kept.map((each) => mergedMaps(each, patches.find(same(each)) ?? {})),
    ...patches.filter((each) => !base.some(same(each)) && each.$patch === undefined),
  ];
};
