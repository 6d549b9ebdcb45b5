/**
 * The pods that operators make of the custom resources that a chart renders, as far as proofs read them. Sources:
 * CloudNativePG v1.27, `pkg/specs`; the operator of VictoriaMetrics, `internal/controller/operator/factory`.
 */
import type { Workload } from "../../lib/core/facts/rendered.ts";
import { type Fields, fieldsOf, textOf } from "../../lib/core/fields.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";

/** Spec of the workload that an operator makes, without what all have. */
type Maker = (name: string, spec: Fields) => { readonly name: string; readonly spec: Fields };

const POSTGRES_CONTEXT = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

const given = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const cluster: Maker = (
  name,
  { instances = 1, imageName, resources, priorityClassName, inheritedMetadata },
) => {
  const { labels, annotations } = fieldsOf(inheritedMetadata);
  const container = (called: string) => given({ name: called, resources, securityContext: POSTGRES_CONTEXT });
  return {
    name,
    spec: {
      replicas: instances,
      template: {
        metadata: given({ labels: { ...fieldsOf(labels), "cnpg.io/cluster": name }, annotations }),
        spec: given({
          priorityClassName,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          initContainers: [container("bootstrap-controller")],
          containers: [{ ...container("postgres"), ...given({ image: imageName }) }],
        }),
      },
    },
  };
};

/** @param reloads whether a container beside the first tells it of new configuration */
const victoriaMetrics =
  (component: string, container: string, reloads: boolean, more: Fields = {}): Maker =>
  (name, { replicaCount = 1, resources, configReloaderResources, priorityClassName, podMetadata }) => {
    const { labels, annotations } = fieldsOf(podMetadata);
    const reloader = (called: string) => given({ name: called, resources: configReloaderResources });
    return {
      name: `${component}-${name}`,
      spec: {
        replicas: replicaCount,
        ...more,
        template: {
          metadata: given({
            labels: {
              ...fieldsOf(labels),
              "app.kubernetes.io/name": component,
              "app.kubernetes.io/instance": name,
              "app.kubernetes.io/component": "monitoring",
              "managed-by": "vm-operator",
            },
            annotations,
          }),
          spec: given({
            priorityClassName,
            ...(reloads && { initContainers: [reloader("config-init")] }),
            containers: [
              given({ name: container, resources }),
              ...(reloads ? [reloader("config-reloader")] : []),
            ],
          }),
        },
      },
    };
  };

const MAKERS: Readonly<Record<string, Maker>> = {
  "postgresql.cnpg.io/Cluster": cluster,
  "operator.victoriametrics.com/VMSingle": victoriaMetrics("vmsingle", "vmsingle", false, {
    strategy: { type: "Recreate" },
  }),
  "operator.victoriametrics.com/VMAgent": victoriaMetrics("vmagent", "vmagent", true),
  "operator.victoriametrics.com/VMAlert": victoriaMetrics("vmalert", "vmalert", true),
  "operator.victoriametrics.com/VMAlertmanager": victoriaMetrics("vmalertmanager", "alertmanager", true),
};
/** Kinds that the operators make of them: an update replaces pods by their rules. */
const MADE: Readonly<Record<string, string>> = { Cluster: "Cluster", VMAlertmanager: "StatefulSet" };

/** Workloads that operators make of objects. */
export const operatorPods = (objects: readonly KubernetesObject[]): Workload[] =>
  objects.flatMap(({ apiVersion, kind, metadata, spec }) => {
    const maker = MAKERS[`${apiVersion.slice(0, apiVersion.indexOf("/"))}/${kind}`];
    if (maker === undefined) return [];
    const { namespace } = metadata;
    const made = maker(textOf(metadata.name), fieldsOf(spec));
    return [
      {
        apiVersion,
        kind: MADE[kind] ?? "Deployment",
        metadata: { name: made.name, ...(namespace !== undefined && { namespace }) },
        spec: made.spec,
      },
    ];
  });
