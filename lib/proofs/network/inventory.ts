import type { HttpUrl } from "../../core/values/http-url.ts";
import type { Route } from "../../network/allowance.ts";
import type { AppPod } from "../../network/app-pod.ts";
import { type PlatformPod, platformPods } from "../../network/platform-pods.ts";
import type { Identity, PodIdentity } from "../evaluator/identities.ts";
import { Members } from "./peers.ts";

/** Ids of the ends that are no pods. */
export const ENDS = {
  /** The node that the pod of the flow runs on. */
  host: "node",
  remoteNode: "other node",
  apiServer: "API server",
  /** An API server on the very node of the pod. */
  localApiServer: "API server on the node",
  health: "cilium-health",
  ingress: "cilium-ingress",
  world: "internet",
  metadata: "metadata service",
  hostDns: "Talos host DNS",
  git: "Git server",
  storage: "backup storage",
} as const;

/** The address at which clouds serve credentials to whoever asks. */
const METADATA_CIDR = "169.254.169.254/32";
const HOST_DNS_CIDR = "169.254.116.108/32";
/** Documentation addresses stand for names whose address nobody knows beforehand. */
const GIT_CIDR = "203.0.113.10/32";
const STORAGE_CIDR = "203.0.113.20/32";

export interface InventoryProps {
  /** URL of the Git repository that ArgoCD syncs. */
  readonly repository: HttpUrl;
  /** URL of the S3 endpoint that the etcd backup writes to; undefined where there is no backup. */
  readonly backupEndpoint: HttpUrl | undefined;
  /** Pods of apps; those on a node's network are the node. */
  readonly apps: readonly AppPod[];
  /**
   * Needs that must be open beside those of the platform: names and addresses that only it tells of are added.
   * @default - nothing
   */
  readonly demands?: readonly Demand[];
}

/** Routes that must live, with the allowance that is to open them. */
export interface Demand {
  readonly name: string;
  readonly routes: readonly Route[];
}

/** The ends of all flows: the platform's pods, the apps' pods, and every end that is no pod. */
export interface NetworkInventory {
  readonly identities: readonly Identity[];
  readonly pods: readonly PodIdentity[];
  readonly apps: readonly PodIdentity[];
}

/** A pod that nothing names in a namespace: what any app there may do. */
export const anyApp = (namespace: string): AppPod => ({
  namespace,
  labels: { "app.kubernetes.io/name": "any-app" },
});

/** The identities of one environment. */
export const inventory = (props: InventoryProps): NetworkInventory => {
  const { repository, backupEndpoint, apps } = props;
  const platform = Object.values(platformPods).map((pod) => withLabelsOf(apps, podOf(pod)));
  const appPods = apps
    .filter((app) => !platform.some((pod) => isPodOf(app, pod)))
    .map((app): PodIdentity => ({ id: appId(app), kind: "pod", ...app }));
  const pods = [...platform, ...appPods];
  const others: Identity[] = [
    { id: ENDS.host, kind: "host" },
    {
      id: ENDS.localApiServer,
      kind: "host",
      kubeApiserver: true,
      labels: { "node-role.kubernetes.io/control-plane": "" },
    },
    { id: ENDS.remoteNode, kind: "remote-node" },
    { id: ENDS.apiServer, kind: "kube-apiserver" },
    { id: ENDS.health, kind: "health" },
    { id: ENDS.ingress, kind: "ingress" },
    { id: ENDS.world, kind: "world" },
    { id: ENDS.metadata, kind: "cidr", cidr: METADATA_CIDR },
    { id: ENDS.hostDns, kind: "cidr", cidr: HOST_DNS_CIDR },
    urlEnd(ENDS.git, repository, GIT_CIDR),
    ...(backupEndpoint === undefined ? [] : [urlEnd(ENDS.storage, backupEndpoint, STORAGE_CIDR)]),
  ];
  const known = [...pods, ...others];
  return { identities: [...known, ...strangers(props.demands ?? [], known)], pods, apps: appPods };
};

/** An app that is a pod of the platform, by its labels or by the name that both are called. */
const isPodOf = (app: AppPod, pod: PodIdentity): boolean =>
  app.namespace === pod.namespace &&
  (appId(app) === pod.id || Object.entries(app.labels).every(([key, value]) => pod.labels?.[key] === value));

/** Such a pod carries the labels of both. */
const withLabelsOf = (apps: readonly AppPod[], pod: PodIdentity): PodIdentity => ({
  ...pod,
  labels: Object.assign(
    {},
    ...apps.filter((app) => isPodOf(app, pod)).map(({ labels }) => labels),
    pod.labels,
  ),
});

/** One identity for every name and address that nothing known stands for. Pods are not made up. */
const strangers = (demands: readonly Demand[], known: readonly Identity[]): Identity[] => {
  const ends = demands.flatMap(({ routes }) => routes.flatMap(({ from, to }) => [from, to]));
  const unique = [...new Map(ends.map((end) => [end.label, end])).values()];
  const members = new Members(known);
  return unique
    .filter((end) => members.of(end).size === 0)
    .flatMap(({ label, target }, index): Identity[] => {
      switch (target.kind) {
        case "fqdn":
          return [{ id: label, kind: "cidr", cidr: strangerCidr(index), dnsNames: [target.name] }];
        case "cidr":
          return [{ id: label, kind: "cidr", cidr: target.cidr }];
        default:
          return [];
      }
    });
};

/** Addresses of 198.18.0.0/15, which is kept for tests, one for each name. */
const strangerCidr = (index: number): string => `198.18.${index >> 8}.${index & 255}/32`;

const podOf = ({ id, namespace, labels }: PlatformPod): PodIdentity => ({
  id,
  kind: "pod",
  namespace,
  labels,
});

const appId = ({ namespace, labels }: AppPod): string =>
  `${namespace}/${labels["app.kubernetes.io/name"] ?? Object.values(labels).join(",")}`;

/** The host of a URL as an address outside the cluster, known by name unless it is an address itself. */
const urlEnd = (id: string, { hostname }: HttpUrl, stand: string): Identity => {
  return /^[\d.]+$/.test(hostname)
    ? { id, kind: "cidr", cidr: `${hostname}/32` }
    : { id, kind: "cidr", cidr: stand, dnsNames: [hostname] };
};
