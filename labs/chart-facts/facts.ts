/** The facts of a release, from the objects that Helm rendered. */
import type { KnownChart } from "../../environments/recorded/chart-facts.ts";
import { type ChartRequest, requestDigest } from "../../environments/recorded/chart-request.ts";
import type {
  DefinedKind,
  RenderedClaim,
  RenderedDisruptionBudget,
  RenderedService,
  RenderedWebhooks,
  Workload,
} from "../../lib/core/facts/rendered.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import { groupOf } from "../../lib/core/kubernetes/object-id.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";
import { operatorPods } from "./operator-pods.ts";
import { metadataOf, type Shape, trimmed } from "./trimmed.ts";

const PROBE: Shape = {
  httpGet: { port: true, path: true, host: true },
  tcpSocket: true,
  grpc: true,
  exec: {},
};

const CONTAINER: Shape = {
  name: true,
  image: true,
  ports: true,
  resources: true,
  securityContext: true,
  restartPolicy: true,
  livenessProbe: PROBE,
  readinessProbe: PROBE,
  startupProbe: PROBE,
  env: [{ name: true }],
  volumeMounts: [{ name: true, mountPath: true, readOnly: true }],
};

const POD: Shape = {
  serviceAccountName: true,
  automountServiceAccountToken: true,
  hostNetwork: true,
  hostPID: true,
  hostIPC: true,
  hostUsers: true,
  priorityClassName: true,
  restartPolicy: true,
  nodeSelector: true,
  tolerations: true,
  affinity: true,
  topologySpreadConstraints: true,
  securityContext: true,
  initContainers: [CONTAINER],
  containers: [CONTAINER],
  volumes: true,
};

const CLAIM_SPEC: Shape = { storageClassName: true, accessModes: true, volumeName: true, resources: true };

const WORKLOADS = [
  "apps/v1/Deployment",
  "apps/v1/StatefulSet",
  "apps/v1/DaemonSet",
  "batch/v1/Job",
  "batch/v1/CronJob",
  "v1/Pod",
];

/** Reduces a volume to its name and the names, claims and paths of its source. */
const volume = (value: unknown): Fields => {
  const { name, ...source } = fieldsOf(value);
  const [kind = "emptyDir", content] = Object.entries(source)[0] ?? [];
  const shape: Shape = {
    ...{ name: true, secretName: true, claimName: true, path: true, type: true, driver: true, medium: true },
    ...{ sizeLimit: true, readOnly: true, server: true },
  };
  return { name, [kind]: trimmed(content ?? {}, shape) };
};

const podSpec = (spec: unknown): Fields => {
  const kept = fieldsOf(trimmed(spec, POD));
  return Array.isArray(kept.volumes) ? { ...kept, volumes: kept.volumes.map(volume) } : kept;
};

const template = (value: unknown): Fields => {
  const { metadata, spec } = fieldsOf(value);
  return { metadata: metadataOf(fieldsOf(metadata)), spec: podSpec(spec) };
};

const claim = (value: unknown): RenderedClaim => {
  const { metadata, spec } = fieldsOf(value);
  return {
    metadata: metadataOf(fieldsOf(metadata)),
    spec: trimmed(spec, CLAIM_SPEC),
  } as unknown as RenderedClaim;
};

const workloadSpec = (spec: Fields): Fields => {
  const kept = {
    replicas: true,
    strategy: true,
    updateStrategy: true,
    selector: true,
    serviceName: true,
    podManagementPolicy: true,
    parallelism: true,
    completions: true,
    schedule: true,
    suspend: true,
    concurrencyPolicy: true,
    ttlSecondsAfterFinished: true,
  } as const;
  return {
    ...fieldsOf(trimmed(spec, kept)),
    ...(isFields(spec.template) && { template: template(spec.template) }),
    ...(isFields(spec.jobTemplate) && {
      jobTemplate: { spec: workloadSpec(fieldsOf(spec.jobTemplate.spec)) },
    }),
    ...(Array.isArray(spec.volumeClaimTemplates) && {
      volumeClaimTemplates: spec.volumeClaimTemplates.map(claim),
    }),
  };
};

const shaped = ({ apiVersion, kind, metadata }: KubernetesObject, more: object): unknown => ({
  apiVersion,
  kind,
  metadata: metadataOf(metadata),
  ...more,
});

const workload = (object: KubernetesObject): Workload => {
  const spec = fieldsOf(object.spec);
  return shaped(object, { spec: object.kind === "Pod" ? podSpec(spec) : workloadSpec(spec) }) as Workload;
};

const service = (object: KubernetesObject): RenderedService =>
  shaped(object, {
    spec: trimmed(object.spec, {
      type: true,
      clusterIP: true,
      externalName: true,
      loadBalancerIP: true,
      externalTrafficPolicy: true,
      selector: true,
      ports: true,
    }),
  }) as RenderedService;

const budget = (object: KubernetesObject): RenderedDisruptionBudget =>
  shaped(object, { spec: object.spec }) as RenderedDisruptionBudget;

const webhooks = (object: KubernetesObject): RenderedWebhooks =>
  shaped(object, {
    webhooks: listOf(object.webhooks).map((each) => ({
      ...fieldsOf(
        trimmed(each, {
          name: true,
          failurePolicy: true,
          rules: true,
          namespaceSelector: true,
          objectSelector: true,
        }),
      ),
      ...(isFields(fieldsOf(fieldsOf(each).clientConfig).service) && {
        service: trimmed(fieldsOf(fieldsOf(each).clientConfig).service, {
          namespace: true,
          name: true,
          port: true,
        }),
      }),
    })),
  }) as RenderedWebhooks;

const definition = ({ spec }: KubernetesObject): DefinedKind => {
  const { group, names, scope } = fieldsOf(spec);
  return { group: textOf(group), kind: textOf(fieldsOf(names).kind), scope: scope as DefinedKind["scope"] };
};

/** ArgoCD and Helm run hooks, but no tests. */
const isTest = ({ metadata: { annotations } }: KubernetesObject): boolean =>
  textOf(fieldsOf(annotations)["helm.sh/hook"])
    .split(",")
    .every((each) => /^\s*test/.test(each));

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Names by `apiVersion/Kind`, sorted. */
const index = (objects: readonly KubernetesObject[], own: string): KnownChart["objects"] => {
  const names = new Map<string, Set<string>>();
  for (const { apiVersion, kind, metadata } of objects) {
    const { name, namespace = own } = metadata;
    const at = `${apiVersion}/${kind}`;
    const known = names.get(at) ?? new Set<string>();
    names.set(at, known.add(namespace === own ? name : `${namespace}/${name}`));
  }
  return Object.fromEntries(
    [...names].sort(([a], [b]) => compare(a, b)).map(([at, known]) => [at, [...known].sort(compare)]),
  );
};

/** Facts of rendered objects, in an order that does not depend on Helm's. */
export const chartFactsOf = (
  request: ChartRequest,
  rendered: readonly KubernetesObject[],
  unusedValues: readonly string[],
): KnownChart => {
  const { release, repository, chart, version, namespace } = request;
  const objects = rendered
    .filter((each) => !isTest(each))
    .toSorted((a, b) => compare(a.kind + a.metadata.name, b.kind + b.metadata.name));
  const all = <T>(kinds: readonly string[], of: (object: KubernetesObject) => T): T[] =>
    objects.filter(({ apiVersion, kind }) => kinds.includes(`${apiVersion}/${kind}`)).map(of);
  return {
    known: true,
    ...{ release, repository, chart, version, namespace },
    digest: requestDigest(request),
    objects: index(objects, namespace),
    workloads: all(WORKLOADS, workload),
    operated: operatorPods(objects),
    services: all(["v1/Service"], service),
    disruptionBudgets: all(["policy/v1/PodDisruptionBudget"], budget),
    webhooks: objects
      .filter(({ apiVersion }) => groupOf(apiVersion) === "admissionregistration.k8s.io")
      .filter(({ kind }) => kind.endsWith("WebhookConfiguration"))
      .map(webhooks),
    claims: all(["v1/PersistentVolumeClaim"], claim),
    autoscalers: objects
      .filter(({ kind }) => kind === "HorizontalPodAutoscaler")
      .map(({ metadata, spec }) => ({
        metadata: metadataOf(metadata),
        spec: trimmed(spec, { scaleTargetRef: true, minReplicas: true, maxReplicas: true }),
      })) as unknown as KnownChart["autoscalers"],
    definitions: objects.filter(({ kind }) => kind === "CustomResourceDefinition").map(definition),
    unusedValues,
  };
};
