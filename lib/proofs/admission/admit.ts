/** Admits the pods that charts render, and tells what of the result nobody declared. */
import { admissionFacts } from "../../core/facts/admission.ts";
import { podTemplateOf, type Workload } from "../../core/facts/rendered.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../core/fields.ts";
import { Quantity } from "../../core/values/quantity.ts";
import { PRIORITY_CLASSES } from "../../governance/priority-classes.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../../governance/sizes.ts";
import { type AdmissionWorld, mutations } from "./mutate.ts";

/** The policies that both living clusters have, and the priority classes of the platform. */
export const admissionWorld: AdmissionWorld = {
  ...admissionFacts,
  priorities: new Map(PRIORITY_CLASSES.map(({ name, value }) => [name, value])),
};

/** A field that admission changes, or a pod that it refuses. */
export interface Override {
  readonly policy: string;
  readonly rule: string;
  /** E.g. `containers.main.resources.limits.memory`. */
  readonly field: string;
  readonly declared: string;
  readonly effective: string;
}

/** A pod as it is created of a workload: what controllers send to the API server. */
export const podOf = (workload: Workload, namespace: string): Fields => {
  const { metadata, spec } = podTemplateOf(workload);
  const name = `${workload.metadata.name}-0`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name, namespace: workload.metadata.namespace ?? namespace },
    spec: { ...spec },
  };
};

/** The container with what the namespace's limit range gives to one that states nothing. */
const withDefaults = (container: Fields, size: NamespaceSize): Fields => {
  const { defaultLimit, defaultRequest } = NAMESPACE_SIZES[size].container;
  const { limits, requests } = fieldsOf(container.resources);
  const [stated, asked] = [fieldsOf(limits), fieldsOf(requests)];
  // A container that states a limit and no request requests its limit.
  const resources = {
    limits: { cpu: defaultLimit.cpu, memory: defaultLimit.memory, ...stated },
    requests: { cpu: defaultRequest.cpu, memory: defaultRequest.memory, ...stated, ...asked },
  };
  return { ...container, resources };
};

const LISTS = ["containers", "initContainers"] as const;

/** The pod after the admission plugins and then the webhooks; without a size no limit range is there. */
export const admitted = (
  pod: Fields,
  size: NamespaceSize | undefined,
  world: AdmissionWorld = admissionWorld,
): Fields => {
  const effective = mutations(pod, world).at(-1)?.object ?? pod;
  if (size === undefined) return effective;
  // The plugins run once more after the webhooks, so what a policy states the limit range leaves alone.
  const spec = fieldsOf(effective.spec);
  const lists = LISTS.filter((list) => Array.isArray(spec[list])).map((list) => [
    list,
    listOf(spec[list]).map((each) => withDefaults(fieldsOf(each), size)),
  ]);
  return { ...effective, spec: { ...spec, ...Object.fromEntries(lists) } };
};

const leaves = (value: unknown, path: string): (readonly [string, unknown])[] => {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, each]) => {
    const name = Array.isArray(value) ? textOf(fieldsOf(each).name) || key : key;
    return leaves(each, `${path}${path === "" ? "" : "."}${name}`);
  });
};

const CHECKED =
  /^(metadata\.labels\.|spec\.priorityClassName$|spec\.(initC|c)ontainers\.[^.]+\.(image$|resources\.|securityContext\.))/;

const isSame = (one: unknown, other: unknown): boolean => {
  if (one === other) return true;
  const [left, right] = [String(one), String(other)];
  return (
    Quantity.isValid(left) && Quantity.isValid(right) && Quantity.parse(left).equals(Quantity.parse(right))
  );
};

/** Declared fields that a policy changes, each with the last rule that did. */
export const overrides = (pod: Fields, world: AdmissionWorld = admissionWorld): Override[] => {
  const declared = leaves(pod, "").filter(([path]) => CHECKED.test(path));
  const steps = mutations(pod, world).map((step) => ({ ...step, values: new Map(leaves(step.object, "")) }));
  const last = steps.at(-1);
  return declared.flatMap(([field, value]) => {
    const effective = last?.values.get(field);
    if (last === undefined || isSame(value, effective)) return [];
    const by = steps.find(({ values }) => isSame(values.get(field), effective)) ?? last;
    const { policy, rule } = by;
    return [
      {
        policy,
        rule,
        field: field.replace(/^spec\./, ""),
        declared: String(value),
        effective: String(effective),
      },
    ];
  });
};

/** Why the API server refuses the pod as admission leaves it, a line each. */
export const refusals = (effective: Fields, size: NamespaceSize | undefined): string[] =>
  LISTS.flatMap((list) =>
    listOf(fieldsOf(effective.spec)[list]).flatMap((each) => containerRefusals(fieldsOf(each), list, size)),
  );

const containerRefusals = (container: Fields, list: string, size: NamespaceSize | undefined): string[] => {
  const { privileged, allowPrivilegeEscalation } = fieldsOf(container.securityContext);
  const { limits, requests } = fieldsOf(container.resources);
  const at = `${list}.${textOf(container.name)}`;
  const lines: string[] = [];
  if (privileged === true && allowPrivilegeEscalation === false)
    lines.push(`${at}.securityContext: allowPrivilegeEscalation false beside privileged true`);
  for (const resource of ["cpu", "memory"] as const) {
    const limit = quantity(fieldsOf(limits)[resource]);
    const request = quantity(fieldsOf(requests)[resource]);
    const most = size && quantity(NAMESPACE_SIZES[size].container.max[resource]);
    if (limit && most && limit.isMoreThan(most))
      lines.push(`${at}.resources.limits.${resource}: ${limit}, and the limit range allows ${most}`);
    if (limit && request?.isMoreThan(limit))
      lines.push(`${at}.resources.requests.${resource}: ${request}, more than its limit of ${limit}`);
  }
  return lines;
};

const quantity = (value: unknown): Quantity | undefined => {
  const text = typeof value === "number" ? String(value) : textOf(value);
  return Quantity.isValid(text) ? Quantity.parse(text) : undefined;
};
