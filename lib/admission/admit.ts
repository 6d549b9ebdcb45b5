/** Admits the pods that charts render, and tells what of the result nobody declared. */
import { admissionFacts } from "../../environments/recorded/admission.ts";
import { podTemplateOf, type Workload } from "../core/facts/rendered.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../core/fields.ts";
import { type ContainerLimits, effectiveResources } from "../core/kubernetes/limit-ranges.ts";
import { Quantity } from "../core/values/quantity.ts";
import { PRIORITY_CLASSES } from "../governance/priority-classes.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../governance/sizes.ts";
import { type AdmissionWorld, mutations, type Step } from "./mutate.ts";

/** The admission of a cluster with these of the recorded policies, and with the priority classes of the platform. */
export const admissionWorld = (
  policies: readonly string[] = admissionFacts.rules.map(({ policy }) => policy),
): AdmissionWorld => ({
  sizes: admissionFacts.sizes,
  rules: admissionFacts.rules.filter(({ policy }) => policies.includes(policy)),
  priorities: PRIORITIES,
});

const PRIORITIES = new Map<string, number>(PRIORITY_CLASSES.map(({ name, value }) => [name, value]));

/** A field that admission changes, or a pod that it refuses. */
export interface Override {
  readonly policy: string;
  readonly rule: string;
  /** E.g. `containers.main.resources.limits.memory`. */
  readonly field: string;
  readonly declared: string;
  readonly effective: string;
}

/** A workload with its namespace, as it comes to the API server. */
const placed = (workload: Workload, namespace: string): Fields => ({
  ...workload,
  metadata: { ...workload.metadata, namespace: workload.metadata.namespace ?? namespace },
});

/** The pod of a workload as its controller sends it to the API server. */
const podOf = (workload: Fields): Fields => {
  const { metadata, spec } = podTemplateOf(workload as unknown as Workload);
  const { name, namespace } = fieldsOf(workload.metadata);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name: `${textOf(name)}-0`, namespace },
    spec: { ...spec },
  };
};

/** A pod as its workload declares it, and after each rule that changed the workload or the pod. */
export interface Admission {
  readonly declared: Fields;
  readonly steps: readonly Step[];
  /** The pod that is stored. */
  readonly effective: Fields;
}

/**
 * Applies what the API server applies to a workload, and then to the pod that comes of it: the limit range of its
 * namespace, the policies, and the limit range once more, for what a policy took away.
 * @param size of the namespace; undefined where none governs it
 */
export const admission = (
  workload: Workload,
  release: string,
  world: AdmissionWorld,
  size: NamespaceSize | undefined,
): Admission => {
  const object = placed(workload, release);
  const ofWorkload = mutations(object, world).map((step) => ({ ...step, object: podOf(step.object) }));
  const pod = withLimitRange(ofWorkload.at(-1)?.object ?? podOf(object), size);
  const steps = [...ofWorkload, ...mutations(pod, world)];
  return {
    declared: podOf(object),
    steps,
    effective: withLimitRange(steps.at(-1)?.object ?? pod, size),
  };
};

/** The LimitRange of a namespace of a size. */
export const limitsOf = (size: NamespaceSize): ContainerLimits => {
  const { defaultRequest, defaultLimit, max } = NAMESPACE_SIZES[size].container;
  return {
    defaultRequest: { cpu: defaultRequest.cpu, memory: defaultRequest.memory },
    defaultLimit: { cpu: defaultLimit.cpu, memory: defaultLimit.memory },
    max: { ...max },
  };
};

const LISTS = ["containers", "initContainers"] as const;

/** The pod with what the namespace's limit range gives to containers that state nothing. */
const withLimitRange = (pod: Fields, size: NamespaceSize | undefined): Fields => {
  if (size === undefined) return pod;
  const spec = fieldsOf(pod.spec);
  const lists = LISTS.filter((list) => Array.isArray(spec[list])).map((list) => [
    list,
    listOf(spec[list])
      .map(fieldsOf)
      .map((each) => ({ ...each, resources: effectiveResources(each, limitsOf(size)) })),
  ]);
  return { ...pod, spec: { ...spec, ...Object.fromEntries(lists) } };
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
export const overrides = ({ declared, steps }: Admission): Override[] => {
  const values = steps.map((step) => ({ ...step, values: new Map(leaves(step.object, "")) }));
  const last = values.at(-1);
  if (last === undefined) return [];
  return leaves(declared, "")
    .filter(([path]) => CHECKED.test(path))
    .flatMap(([field, value]) => {
      const effective = last.values.get(field);
      if (isSame(value, effective)) return [];
      const { policy, rule } = values.find((each) => isSame(each.values.get(field), effective)) ?? last;
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
