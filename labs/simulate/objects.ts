/** The environment as objects of Kubernetes: machines as nodes, what the stacks make, what the charts became. */

import type { ChartFacts } from "../../environments/recorded/chart-facts.ts";
import type { Environment } from "../../environments/schema.ts";
import type { EffectivePod } from "../../lib/admission/effective-pods.ts";
import type { RenderedContainer } from "../../lib/core/facts/rendered.ts";
import { fieldsOf, isFields } from "../../lib/core/fields.ts";
import { managedResources, type NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import { Quantity } from "../../lib/core/values/quantity.ts";
import { assessCapacity } from "../../lib/proofs/capacity/capacity.ts";
import type { NodeShare } from "../../lib/proofs/capacity/capacity-shape.ts";
import { terraformSide } from "../../operations/ownership/terraform-side.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";

const PODS_OF_A_NODE = "110";
const PLAYED = "kwok.x-k8s.io/node";
const WORKLOAD = "simulate/workload";
const OWN_KINDS = ["DaemonSet", "StatefulSet"];

/** Kinds that decide where and whether pods run; the rest of the stacks is nothing to a scheduler. */
const KINDS = ["Namespace", "LimitRange", "ResourceQuota", "PriorityClass", "PodDisruptionBudget"];
/** Fields that Terraform calls in the singular. */
const PLURALS: Readonly<Record<string, string>> = { limit: "limits", matchExpression: "matchExpressions" };

/** A machine as kwok plays it: what Kubernetes would report of it, and what its kubelet holds back. */
export const nodeObject = (
  { name, capacity, firmware, kubelet, eviction }: NodeShare,
  role: "controlplane" | "worker",
  labels: Readonly<Record<string, string>> = {},
): KubernetesObject => {
  const reported = { cpu: capacity.cpu, memory: capacity.memory.minus(firmware.memory) };
  const amounts = (less: readonly NodeShare["kubelet"][]) => ({
    cpu: String(reported.cpu.minus(Quantity.sum(less.map(({ cpu }) => cpu)))),
    memory: String(reported.memory.minus(Quantity.sum(less.map(({ memory }) => memory)))),
    "ephemeral-storage": "100Gi",
    pods: PODS_OF_A_NODE,
  });
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { [PLAYED]: "fake" },
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        ...(role === "controlplane" && { "node-role.kubernetes.io/control-plane": "" }),
        ...labels,
      },
    },
    status: {
      capacity: amounts([]),
      allocatable: amounts([kubelet, eviction]),
      conditions: [{ type: "Ready", status: "True", reason: "Played" }],
    },
  };
};

/** The shares of an environment's machines, as synth's arithmetic has them. */
export const nodeShares = ({ nodes, cluster }: Environment): readonly NodeShare[] =>
  assessCapacity({ nodes, controlPlane: cluster.controlPlane, namespaces: [], acceptSingleNode: true }).nodes;

/** Pods that Talos runs on a control plane before there is a scheduler. */
export const staticPods = (shares: readonly NodeShare[]): KubernetesObject[] =>
  shares
    .filter(({ staticPods: { cpu } }) => !cpu.isZero)
    .map(({ name, staticPods: { cpu, memory } }) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `control-plane-${name}`, namespace: "kube-system" },
      spec: {
        nodeName: name,
        priorityClassName: "system-node-critical",
        tolerations: [{ operator: "Exists" }],
        containers: [
          {
            name: "control-plane",
            image: "kube-apiserver",
            resources: { requests: { cpu: String(cpu), memory: String(memory) } },
          },
        ],
      },
    }));

/** `default_request` → `defaultRequest`; keys of labels and amounts have no underscore. */
const camelCased = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camelCased);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      // Terraform writes a number of pods as text, and the provider reads it as a number.
      const isCount = /^(max|min)(Un)?[aA]vailable$/.test(name) && /^\d+$/.test(String(child));
      return [PLURALS[name] ?? name, isCount ? Number(child) : camelCased(child)];
    }),
  );
};

/** Objects of some kinds as Terraform makes them: by itself namespaces, quotas, limit ranges, priority classes and budgets. */
export const governance = (
  stacks: readonly NamedStack[],
  kinds: readonly string[] = KINDS,
): KubernetesObject[] => {
  const blocks = new Map(
    stacks.flatMap(({ name, json }) =>
      managedResources(json).map(({ address, block }) => [`${name} ${address}`, block] as const),
    ),
  );
  return terraformSide(stacks)
    .objects.filter(({ object }) => kinds.includes(String(object.kind)))
    .map(({ owner: { stack, address }, object: { apiVersion, kind, metadata } }) => {
      const { name, namespace, labels } = fieldsOf(metadata);
      const block = fieldsOf(camelCased(blocks.get(`${stack} ${address}`)));
      const [spec] = [block.spec].flat();
      return {
        apiVersion,
        kind,
        metadata: {
          name,
          ...(namespace !== undefined && { namespace }),
          ...(isFields(labels) && { labels }),
        },
        ...(spec !== undefined && { spec }),
        ...(block.data !== undefined && { data: block.data }),
        ...(kind === "PriorityClass" && { value: block.value, globalDefault: block.globalDefault }),
      } as KubernetesObject;
    });
};

const container = ({ name, image, resources, securityContext, restartPolicy }: RenderedContainer) => ({
  name,
  image: image ?? "unknown",
  ...(resources && { resources }),
  ...(securityContext && { securityContext }),
  ...(restartPolicy && { restartPolicy }),
});

/** A pod as quotas and the scheduler read it, with a label to find it by; volumes, accounts and probes are left out. */
const podTemplate = ({ name, template: { metadata, spec } }: EffectivePod) => {
  const { containers, initContainers = [], priorityClassName, nodeSelector, tolerations, affinity } = spec;
  const { topologySpreadConstraints, securityContext, hostNetwork } = spec;
  return {
    metadata: { labels: { ...metadata.labels, [WORKLOAD]: name } },
    spec: {
      containers: containers.map(container),
      initContainers: initContainers.map(container),
      automountServiceAccountToken: false,
      ...(priorityClassName && { priorityClassName }),
      ...(nodeSelector && { nodeSelector }),
      ...(tolerations && { tolerations }),
      ...(affinity && { affinity }),
      ...(topologySpreadConstraints && { topologySpreadConstraints }),
      ...(securityContext && { securityContext }),
      ...(hostNetwork && { hostNetwork }),
    },
  };
};

/** Workloads of an environment's lasting pods as they run after admission; what operators make are Deployments here. */
export const workloads = (pods: readonly EffectivePod[]): KubernetesObject[] =>
  pods
    .filter(({ lasts }) => lasts)
    .map((pod): KubernetesObject => {
      const { kind, namespace, name, count, owner } = pod;
      return {
        apiVersion: "apps/v1",
        kind: OWN_KINDS.includes(kind) ? kind : "Deployment",
        metadata: { name, namespace, labels: { "simulate/release": owner } },
        spec: {
          ...(kind !== "DaemonSet" && { replicas: count }),
          ...(kind === "StatefulSet" && { serviceName: name }),
          selector: { matchLabels: { [WORKLOAD]: name } },
          template: podTemplate(pod),
        },
      };
    });

/** Budgets that charts bring. */
export const chartBudgets = (charts: readonly ChartFacts[]): KubernetesObject[] =>
  charts.flatMap((chart) =>
    chart.known
      ? chart.disruptionBudgets.map(({ apiVersion, kind, metadata, spec }) => ({
          ...{ apiVersion, kind, spec },
          metadata: { name: metadata.name, namespace: metadata.namespace ?? chart.namespace },
        }))
      : [],
  );

/** Webhooks that charts bring; nobody answers them, as nobody does when a cluster starts from nothing. */
export const chartWebhooks = (charts: readonly ChartFacts[]): KubernetesObject[] =>
  charts.flatMap((chart) =>
    chart.known
      ? chart.webhooks.map(({ apiVersion, kind, metadata, webhooks }) => ({
          ...{ apiVersion, kind, metadata: { name: metadata.name } },
          webhooks: webhooks.map(({ service, ...webhook }) => ({
            ...webhook,
            ...{ admissionReviewVersions: ["v1"], sideEffects: "None", timeoutSeconds: 1 },
            clientConfig: { service: service ?? { namespace: chart.namespace, name: "none" } },
          })),
        }))
      : [],
  );
