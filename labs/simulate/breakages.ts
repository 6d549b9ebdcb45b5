/** Breakages that `homelab simulate --break NAME` makes on purpose, one for each check. */
import { type Fields, fieldsOf, listOf } from "../../lib/core/fields.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";

interface Breakage {
  readonly breaks: string;
  change(object: KubernetesObject): KubernetesObject;
}

const withSpec = (object: KubernetesObject, changes: object): KubernetesObject => ({
  ...object,
  spec: { ...fieldsOf(object.spec), ...changes },
});

const matchingPods = (webhook: Fields): Fields => ({
  ...webhook,
  failurePolicy: "Fail",
  rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
  namespaceSelector: {},
  objectSelector: {},
});

export const breakages: Readonly<Record<string, Breakage>> = {
  arithmetic: {
    breaks: "with --against-capacity: clusters are judged by sums alone",
    change: (object) => object,
  },
  priority: {
    breaks: "no workload has a priority",
    change: (object) => {
      const template = fieldsOf(fieldsOf(object.spec).template);
      const { priorityClassName, ...spec } = fieldsOf(template.spec);
      return priorityClassName === undefined ? object : withSpec(object, { template: { ...template, spec } });
    },
  },
  quota: {
    breaks: "a namespace may have one pod",
    change: (object) =>
      object.kind === "ResourceQuota" && object.metadata.name === "namespace"
        ? withSpec(object, { hard: { pods: "1" } })
        : object,
  },
  "limit-range": {
    breaks: "a container may have 1Mi of memory",
    change: (object) =>
      object.kind === "LimitRange"
        ? withSpec(object, {
            limits: [{ type: "Container", max: { memory: "1Mi" }, default: { memory: "1Mi" } }],
          })
        : object,
  },
  budget: {
    breaks: "no pod may be evicted",
    change: (object) =>
      object.kind === "PodDisruptionBudget"
        ? { ...object, spec: { selector: fieldsOf(object.spec).selector, maxUnavailable: 0 } }
        : object,
  },
  dependency: {
    breaks: "every webhook of a chart must answer before a pod is made, its own pods too",
    change: (object) =>
      object.webhooks === undefined
        ? object
        : { ...object, webhooks: listOf(object.webhooks).map(fieldsOf).map(matchingPods) },
  },
  capacity: {
    breaks: "a machine has 2Gi of memory",
    change: (object) =>
      object.kind === "Node"
        ? {
            ...object,
            status: {
              ...fieldsOf(object.status),
              allocatable: { ...fieldsOf(fieldsOf(object.status).allocatable), memory: "2Gi" },
            },
          }
        : object,
  },
};
