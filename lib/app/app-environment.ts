import type { ChartSource } from "../../environments/recorded/chart-request.ts";
import type { Environment } from "../../environments/schema.ts";
import type { AdmissionWorld } from "../admission/mutate.ts";
import type { Ipv4Range } from "../core/values/ipv4-range.ts";
import type { ClusterPlace, OutsidePlace } from "../network/cluster-places.ts";
import type { SecretStore } from "./secrets.ts";
import type { ValuesEnvironment } from "./values-environment.ts";
import type { Way } from "./ways.ts";

/** The edge of the cluster, through which apps are reached from outside. */
export interface Edge {
  /** Every host lies in it, e.g. `home.example.org`. */
  readonly domain: string;
  readonly ingressClass: string;
  /** ClusterIssuer of cert-manager. */
  readonly clusterIssuer: string;
  /** Traefik middlewares of every route, as `namespace-name`. */
  readonly middlewares: readonly string[];
  /** The middleware that asks who somebody is, as `namespace-name`. */
  readonly authentication: string;
  /** Ways in beside the Ingress class. @default - none */
  readonly ways?: Readonly<Record<string, Way>> | undefined;
}

/** Names that belong to the platform or to Kubernetes, with who has them. */
export interface OwnedNames {
  /** Namespaces that apps must keep out of. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Those, and projects, releases and objects of the whole cluster: no app may be called so. */
  readonly names: ReadonlyMap<string, string>;
}

/** An environment as far as apps need to know it. */
export interface AppEnvironment extends ValuesEnvironment {
  /** The edge of the cluster, through which apps are reached from outside. */
  readonly edge: Edge;
  /** The store that keeps the secrets of apps. */
  readonly secretStore: SecretStore;
  /** Addresses that a Service may ask for. */
  readonly staticAddresses: Ipv4Range;
  /** Host names and addresses that are taken, with who has them. */
  readonly taken: ReadonlyMap<string, string>;
  /** Names that the platform, its charts or Kubernetes own. */
  readonly owned: OwnedNames;
  /** Addresses that are nodes, pods, Services or load balancers. */
  readonly places: readonly ClusterPlace[];
  /** Places that the environment itself and its exceptions take for outside. */
  readonly outside: readonly OutsidePlace[];
  /** Ids of risks that somebody accepted. */
  readonly acceptedRisks: readonly string[];
  /** True when the nodes themselves are under policy. */
  readonly nodesUnderPolicy: boolean;
  /** True when claims are backed up, by Velero. */
  readonly backsVolumesUp: boolean;
  /** The classes that claims may be of. */
  readonly storageClasses: Environment["storageClasses"];
  /** System extensions that every node has which takes workloads, e.g. `siderolabs/iscsi-tools`. */
  readonly extensions: readonly string[];
  /** The source of what charts become. */
  readonly charts: ChartSource;
  /** The admission policies that change pods. */
  readonly admission: AdmissionWorld;
  /** The repository that is synced beside the apps, and by whom. */
  readonly gitops: Environment["gitops"];
  /** Namespace of ArgoCD. */
  readonly argocdNamespace: string;
}
