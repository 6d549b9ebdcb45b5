/** The reasons why the API server refuses a pod as admission leaves it. */
import type { RenderedContainer } from "../core/facts/rendered.ts";
import { fieldsOf, listOf } from "../core/fields.ts";
import { limitRangeProblems } from "../core/kubernetes/limit-ranges.ts";
import type { PodSecurityStandard } from "../core/kubernetes/pod-security.ts";
import { podSecurityProblems } from "../core/kubernetes/pod-security-checks.ts";
import type { NamespaceSize } from "../governance/sizes.ts";
import { limitsOf } from "./admit.ts";
import { type EffectivePod, SYSTEM_PRIORITY } from "./effective-pods.ts";

/** The rules of a namespace for its pods. */
export interface NamespaceRules {
  /** Name of the namespace. */
  readonly name: string;
  /** Pod Security Standard that its pods must meet. */
  readonly podSecurity: PodSecurityStandard;
  /** Named size of its LimitRange and of its ResourceQuota. */
  readonly size: NamespaceSize;
}

interface Refusal {
  /** Name of the container; undefined for the pod as a whole. */
  readonly container?: string;
  readonly rule: string;
  /** The effective value. */
  readonly value: unknown;
}

/**
 * Refusals by the namespace's Pod Security, limit range and quota, and by the API itself.
 * @param priorities values of the cluster's priority classes by name
 */
export const refusals = (
  { template }: Pick<EffectivePod, "template">,
  { name, podSecurity, size }: NamespaceRules,
  priorities: ReadonlyMap<string, number>,
): Refusal[] => {
  const { containers, initContainers = [], priorityClassName = "" } = template.spec;
  const wrong = podSecurityProblems(podSecurity, template);
  return [
    ...(wrong.length === 0
      ? []
      : [
          {
            rule: `must be let in by the namespace ${name}, which enforces the Pod Security Standard ${podSecurity}`,
            value: wrong.join("; "),
          },
        ]),
    ...priorityRefusals(priorityClassName, name, priorities),
    ...[...initContainers, ...containers].flatMap((container) => [
      ...contextRefusals(container),
      ...limitRangeProblems(container, limitsOf(size)).map((problem) => ({
        container: container.name,
        rule: `must be let in by the limit range of namespace ${name} (${size}): ${problem}`,
        value: container.resources ?? {},
      })),
    ]),
  ];
};

const priorityRefusals = (
  value: string,
  namespace: string,
  priorities: ReadonlyMap<string, number>,
): Refusal[] => {
  if (!priorities.has(value)) return [{ rule: "must have a priority class that there is", value }];
  return SYSTEM_PRIORITY.test(value)
    ? [
        {
          rule: `must be let in by the quota of namespace ${namespace}, which keeps system classes out`,
          value,
        },
      ]
    : [];
};

/** Source: k8s.io/kubernetes v1.34, `ValidateSecurityContext`. */
const contextRefusals = ({ name, securityContext = {} }: RenderedContainer): Refusal[] => {
  const { privileged, allowPrivilegeEscalation, capabilities } = securityContext;
  if (allowPrivilegeEscalation !== false) return [];
  const isAdmin = listOf(fieldsOf(capabilities).add).includes("CAP_SYS_ADMIN");
  if (privileged !== true && !isAdmin) return [];
  return [
    {
      container: name,
      rule: `must be valid: the API refuses allowPrivilegeEscalation false beside ${isAdmin ? "CAP_SYS_ADMIN" : "privileged true"}`,
      value: securityContext,
    },
  ];
};
