import type { ChartSource } from "../../environments/recorded/chart-request.ts";
import type { Environment } from "../../environments/schema.ts";
import type { AdmissionWorld } from "../admission/mutate.ts";
import type { Ipv4Range } from "../core/values/ipv4-range.ts";
import type { ClusterPlace, OutsidePlace } from "../network/cluster-places.ts";
import type { SecretStore } from "./secrets.ts";
import type { ValuesEnvironment } from "./values-environment.ts";

/** How what is outside reaches apps. */
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
}

/** Names that belong to the platform or to Kubernetes, with who has them. */
export interface OwnedNames {
  /** Namespaces that apps must keep out of. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Those, and projects, releases and objects of the whole cluster: no app may be called so. */
  readonly names: ReadonlyMap<string, string>;
}

/** What apps need to know of an environment. */
export interface AppEnvironment extends ValuesEnvironment {
  /** How what is outside reaches apps. */
  readonly edge: Edge;
  /** Where the secrets of apps are kept. */
  readonly secretStore: SecretStore;
  /** Addresses that a Service may ask for. */
  readonly staticAddresses: Ipv4Range;
  /** Host names and addresses that are taken, with who has them. */
  readonly taken: ReadonlyMap<string, string>;
  /** Names that the platform, its charts or Kubernetes own. */
  readonly owned: OwnedNames;
  /** Addresses that are nodes, pods, Services or load balancers. */
  readonly places: readonly ClusterPlace[];
  /** What the environment itself and its exceptions take for outside. */
  readonly outside: readonly OutsidePlace[];
  /** Ids of risks that somebody accepted. */
  readonly acceptedRisks: readonly string[];
  /** Whether the nodes themselves are under policy. */
  readonly nodesUnderPolicy: boolean;
  /** Whether claims are backed up, by Velero. */
  readonly backsVolumesUp: boolean;
  /** What claims may be of. */
  readonly storageClasses: Environment["storageClasses"];
  /** System extensions that every node has which takes workloads, e.g. `siderolabs/iscsi-tools`. */
  readonly extensions: readonly string[];
  /** What charts become. */
  readonly charts: ChartSource;
  /** What admission makes of pods. */
  readonly admission: AdmissionWorld;
  /** Namespace of ArgoCD. */
  readonly argocdNamespace: string;
}
