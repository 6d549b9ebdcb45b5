/**
 * The pods that operators make of the custom resources that a chart renders, as far as proofs read them. Sources:
 * CloudNativePG v1.27, `pkg/specs`; the operator of VictoriaMetrics, `internal/controller/operator/factory`.
 */
import type { Workload } from "../../lib/core/facts/rendered.ts";
import { type Fields, fieldsOf, textOf } from "../../lib/core/fields.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";

/** Spec of the workload that an operator makes, without what all have. */
type Maker = (name: string, spec: Fields) => { readonly name: string; readonly spec: Fields };

const SECCOMP = { seccompProfile: { type: "RuntimeDefault" } };
const STRICT = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
};
/** `useStrictSecurity` of VictoriaMetrics' operator. */
const NOBODY = { runAsUser: 65534, runAsGroup: 65534, runAsNonRoot: true };

/** The claims that an operator makes, by their own names; none for what says no storage. */
const claimsOf = (storages: Readonly<Record<string, unknown>>) => {
  const claims = Object.entries(storages).flatMap(([name, storage]) => {
    const { volumeClaimTemplate, emptyDir, ...spec } = fieldsOf(storage);
    const { storageClassName, storageClass, resources, size } = {
      ...spec,
      ...fieldsOf(fieldsOf(volumeClaimTemplate).spec),
    };
    if (storage === undefined || emptyDir !== undefined) return [];
    const asked = given({
      storageClassName: storageClassName ?? storageClass,
      resources: resources ?? (size === undefined ? undefined : { requests: { storage: size } }),
    });
    return [{ metadata: { name }, spec: asked }];
  });
  return claims.length > 0 ? { volumeClaimTemplates: claims } : {};
};

const given = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const cluster: Maker = (
  name,
  { instances = 1, imageName, resources, priorityClassName, inheritedMetadata, storage, walStorage },
) => {
  const { labels, annotations } = fieldsOf(inheritedMetadata);
  const container = (called: string) =>
    given({ name: called, resources, securityContext: { ...STRICT, ...SECCOMP } });
  return {
    name,
    spec: {
      replicas: instances,
      ...claimsOf({ [`${name}-1`]: storage, [`${name}-1-wal`]: walStorage }),
      template: {
        metadata: given({ labels: { ...fieldsOf(labels), "cnpg.io/cluster": name }, annotations }),
        spec: given({
          priorityClassName,
          securityContext: { runAsNonRoot: true, ...SECCOMP },
          initContainers: [container("bootstrap-controller")],
          containers: [{ ...container("postgres"), ...given({ image: imageName }) }],
        }),
      },
    },
  };
};

/** @param reloads whether a container beside the first tells it of new configuration */
const victoriaMetrics =
  (component: string, named: string, reloads: boolean, more: Fields = {}): Maker =>
  (name, { replicaCount = 1, resources, configReloaderResources, useStrictSecurity, ...pod }) => {
    const { labels, annotations } = fieldsOf(pod.podMetadata);
    const isStrict = useStrictSecurity === true;
    const container = (called: string, amounts: unknown) =>
      given({
        name: called,
        resources: amounts,
        ...(isStrict && { securityContext: { ...STRICT, ...NOBODY } }),
      });
    const reloader = (called: string) => container(called, configReloaderResources);
    return {
      name: `${component}-${name}`,
      spec: {
        replicas: replicaCount,
        ...more,
        ...claimsOf({ [`${component}-${name}`]: pod.storage }),
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
            priorityClassName: pod.priorityClassName,
            ...(isStrict && { securityContext: { ...NOBODY, ...SECCOMP, fsGroup: 65534 } }),
            ...(reloads && { initContainers: [reloader("config-init")] }),
            containers: [container(named, resources), ...(reloads ? [reloader("config-reloader")] : [])],
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
