/** Admits the pods that charts render, and tells what of the result nobody declared. */
import { admissionFacts } from "../../environments/recorded/admission.ts";
import { podTemplateOf, type Workload } from "../core/facts/rendered.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../core/fields.ts";
import { type ContainerLimits, effectiveResources } from "../core/kubernetes/limit-ranges.ts";
import { computedOnce, computedOnceOf } from "../core/memo.ts";
import { Quantity } from "../core/values/quantity.ts";
import { priorityValues } from "../governance/priority-classes.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../governance/sizes.ts";
import { type AdmissionWorld, generated, type MutationStep, mutations } from "./mutate.ts";

/**
 * The admission of a cluster with these of the recorded policies, and with the priority classes of the platform.
 * @param prefix of the classes
 */
export const admissionWorld = (
  policies: readonly string[] = admissionFacts.rules.map(({ policy }) => policy),
  prefix?: string,
): AdmissionWorld => worldOf(JSON.stringify([policies, prefix]));

const worldOf = computedOnce((told): AdmissionWorld => {
  const [policies, prefix] = JSON.parse(told) as [string[], string?];
  return {
    sizes: admissionFacts.sizes,
    rules: admissionFacts.rules.filter(({ policy }) => policies.includes(policy)),
    priorities: priorityValues(prefix ?? undefined),
  };
});

/** A field of a pod as it is declared and as it runs. */
export interface Field {
  /** E.g. `containers.main.resources.limits.memory`. */
  readonly field: string;
  /** Undefined where nobody declares it. */
  readonly declared?: string;
  /** Undefined where it is taken away. */
  readonly effective?: string;
  /** The rule that made it so; undefined where it runs as declared, or as the limit range has it. */
  readonly by?: { readonly policy: string; readonly rule: string };
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

/** A pod as its workload declares it, and on its way through admission. */
export interface Admission {
  readonly declared: Fields;
  /** After each rule that changed the workload or the pod, and after the limit range, which has no policy. */
  readonly states: readonly Partial<MutationStep>[];
  /** The pod that is stored. */
  readonly effective: Fields;
  /** VerticalPodAutoscalers that a policy makes beside it, and that resize its containers later. */
  readonly resizers: readonly MutationStep[];
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
  const known = admissions(world)(workload);
  const place = `${release} ${size}`;
  const found = known.get(place) ?? admitted(workload, release, world, size);
  known.set(place, found);
  return found;
};

/** By world, workload, and its namespace with the size: quotas, capacity, admission and pods each ask for the same. */
const admissions = computedOnceOf((_: AdmissionWorld) =>
  computedOnceOf((_: Workload) => new Map<string, Admission>()),
);

const admitted = (...[workload, release, world, size]: Parameters<typeof admission>): Admission => {
  const object = placed(workload, release);
  const ofWorkload = mutations(object, world).map((step) => ({ ...step, object: podOf(step.object) }));
  const pod = withLimitRange(ofWorkload.at(-1)?.object ?? podOf(object), size);
  const ofPod = mutations(pod, world);
  const effective = withLimitRange(ofPod.at(-1)?.object ?? pod, size);
  return {
    declared: podOf(object),
    states: [...ofWorkload, { object: pod }, ...ofPod, { object: effective }],
    effective,
    resizers: generated(object, world).filter(({ object: made }) => {
      const { updateMode } = fieldsOf(fieldsOf(made.spec).updatePolicy);
      return made.kind === "VerticalPodAutoscaler" && updateMode !== "Off";
    }),
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

const isSame = (one: string | undefined, other: string | undefined): boolean => {
  if (one === other || one === undefined || other === undefined) return one === other;
  return (
    Quantity.isValid(one) && Quantity.isValid(other) && Quantity.parse(one).equals(Quantity.parse(other))
  );
};

/** The object without all but some of its fields. */
const only = (object: unknown, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fieldsOf(object)).filter(([name]) => names.includes(name)));

const CONTAINER = ["name", "image", "resources", "securityContext"];

/** A pod with what is compared alone: most of a pod is volumes, variables and probes. */
const compared = ({ metadata, spec }: Fields): Fields => {
  const kept = only(spec, ["priorityClassName", ...LISTS]);
  const lists = LISTS.filter((list) => list in kept).map((list) => [
    list,
    listOf(kept[list]).map((each) => only(each, CONTAINER)),
  ]);
  return { metadata: only(metadata, ["labels"]), spec: { ...kept, ...Object.fromEntries(lists) } };
};

const checked = (pod: Fields): Map<string, string> =>
  new Map(
    leaves(compared(pod), "")
      .filter(([path]) => CHECKED.test(path))
      .map(([path, value]) => [path, String(value)]),
  );

/** Labels, priority, images, resources and security contexts, each as declared and as it runs. */
export const fields = ({ declared, states, effective }: Admission): Field[] => {
  const [sent, run] = [checked(declared), checked(effective)];
  const changedBy = new Map<string, Field["by"]>();
  let before = sent;
  for (const { policy, rule, object } of states) {
    const after = checked(fieldsOf(object));
    const by = policy !== undefined && rule !== undefined ? { policy, rule } : undefined;
    for (const path of new Set([...before.keys(), ...after.keys()]))
      if (!isSame(before.get(path), after.get(path))) changedBy.set(path, by);
    before = after;
  }
  return [...new Set([...sent.keys(), ...run.keys()])].map((path) => {
    const [one, other] = [sent.get(path), run.get(path)];
    const by = isSame(one, other) ? undefined : changedBy.get(path);
    return {
      field: path.replace(/^spec\./, ""),
      ...(one !== undefined && { declared: one }),
      ...(other !== undefined && { effective: other }),
      ...(by && { by }),
    };
  });
};

/** Tells if nothing says that a container runs as another user than root. */
const mayBeRoot = (effective: Fields, field: string): boolean => {
  const spec = fieldsOf(effective.spec);
  const container = LISTS.flatMap((list) => listOf(spec[list]).map(fieldsOf)).find(({ name }) =>
    field.includes(`ontainers.${textOf(name)}.`),
  );
  const context = { ...fieldsOf(spec.securityContext), ...fieldsOf(container?.securityContext) };
  return context.runAsNonRoot !== true && Number(context.runAsUser ?? 0) === 0;
};

/**
 * Fields that run otherwise than declared by a policy's doing: what is declared and changed, and what is taken from a
 * container that may be root and declares nothing.
 */
export const overrides = (admission: Admission): Field[] => [
  ...fields(admission).filter(
    ({ field, declared, by }) =>
      by !== undefined &&
      (declared !== undefined ||
        (field.includes(".securityContext.") && mayBeRoot(admission.effective, field))),
  ),
  ...admission.resizers.map(({ policy, rule, object: { spec } }) => ({
    field: "containers.*.resources",
    declared: "as stated",
    effective: resizing(fieldsOf(spec)),
    by: { policy, rule },
  })),
];

const resizing = ({ updatePolicy, resourcePolicy }: Fields): string => {
  const { minAllowed, maxAllowed } = fieldsOf(listOf(fieldsOf(resourcePolicy).containerPolicies)[0]);
  const amounts = (of: unknown) => Object.values(fieldsOf(of)).join(" and ");
  return `resized by a VerticalPodAutoscaler (${fieldsOf(updatePolicy).updateMode}) between ${amounts(minAllowed)} and ${amounts(maxAllowed)}`;
};
