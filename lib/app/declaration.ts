/** The declaration that a developer writes: one app, as data. `app()` is the only way to make one. */
import type { PerEnvironment } from "../../environments/names.ts";
import type { PodSecurityStandard } from "../core/kubernetes/pod-security.ts";
import type { Entity } from "../network/peer.ts";
import type { Port } from "../network/port.ts";
import type { ClusterRole } from "./cluster-role.ts";
import type { Container } from "./containers.ts";
import type { DatabaseServer, DeclaredDatabase } from "./declared-database.ts";
import type { HelmValues } from "./helm-value.ts";
import type { gateway, LoadBalancer, metrics, WayIn } from "./link-ends.ts";
import type { Mount } from "./mounts.ts";
import type { Runs } from "./runs.ts";
import type { AppSize } from "./sizes.ts";
import type { Volume } from "./storage.ts";
import type { ValuesEnvironment } from "./values-environment.ts";
import type { Variable } from "./variables.ts";

export type { HelmValue, HelmValues } from "./helm-value.ts";

/** Values of a chart, or what gives them for an environment once it is parsed. */
export type ValuesFor = HelmValues | ((environment: ValuesEnvironment) => HelmValues);

/** A plain image, run by the community's `app-template` chart. */
export interface ImageSource {
  /** `repository:tag` or `repository:tag@sha256:…`. Refused: no tag, `latest`. */
  readonly image: string;
  /** Container port that serves HTTP, or `none` for an app that nobody calls. */
  readonly port: number | "none";
  /**
   * Further ports of its Service, by names of at most 15 characters, e.g. `{ mqtt: Port.tcp(1883) }`. They are open to
   * whom `network` names. Refused: a range, and a port that is there already.
   * @default - none
   */
  readonly ports?: Readonly<Record<string, Port>>;
  /** Environment variables; a secret is `fromSecret(key)`. @default - none */
  readonly env?: Readonly<Record<string, Variable>>;
  /** @default - the image's own */
  readonly command?: readonly string[];
  /** @default - the image's own */
  readonly args?: readonly string[];
  /**
   * User and group that the container runs as.
   * @default 65534, nobody; refused: 0 without the privilege `root`
   */
  readonly runAs?: number;
  /**
   * Path that answers HTTP when the app is well; `none` for a TCP check of the port.
   * @default "none"
   */
  readonly health?: string;
  /** Further containers of its pod by name: `sidecar(…)`, `initContainer(…)`. Init containers run in their order here. @default - none */
  readonly containers?: Readonly<Record<string, Container>>;
  /**
   * Files and directories beside claims, by path: `nfs(…)`, `fileBeside(…)`, `secretFiles(…)`, `scratch(…)`, `memory(…)`, `claimOf(…)`.
   * @default - nothing
   */
  readonly mounts?: Readonly<Record<string, Mount>>;
  /**
   * Devices that a plugin hands out, one each, e.g. `gpu.intel.com/i915`; without a plugin: `privileges.hostPaths`.
   * Refused: what no app that lives there `announces`, and what the nodes have no driver for.
   * @default - none
   */
  readonly devices?: readonly string[];
  /**
   * Its rights in the whole cluster, by resources, e.g. `{ "pods,nodes": "read", "apps/deployments": ["patch"] }`; it
   * needs `usesKubernetesApi()`. Refused: `*` as a verb, and as a resource for what changes anything.
   * @default - nothing, and no token
   */
  readonly clusterRole?: ClusterRole;
  /** `onSchedule("17 3 * * *")` or `once()`, for what runs to its end. @default - it runs always */
  readonly runs?: Runs;
  /** Laid over the values that `app-template` gets, for what has no field here. @default - none */
  readonly values?: ValuesFor;
  readonly chart?: never;
  readonly git?: never;
  readonly places?: never;
  readonly pods?: never;
  readonly service?: never;
}

/** A Helm chart of a repository. */
interface ChartSource {
  /** The chart, and where it is. */
  readonly chart: {
    /** `https://…` or `oci://…` without the chart's name. */
    readonly repository: string;
    readonly name: string;
    /** Exact: a range is refused. */
    readonly version: string;
    /** Hosts that the repository sends on to, beside those of `REDIRECTS`. @default - none */
    readonly alsoFrom?: readonly string[];
  };
  /** Container port that the gateway and other apps call, or `none`. */
  readonly port: number | "none";
  /** The Service before it. @default - the app's name, on `port` */
  readonly service?: { readonly name: string; readonly port: number };
  /** Values of the chart. @default - the chart's own */
  readonly values?: ValuesFor;
  /** The paths at which the chart takes what every app has; a list may be empty where the chart has no such value. */
  readonly places: ChartPlaces;
  /**
   * Labels that all its pods carry, and nobody else's; `namespace` for every pod of its namespace, where some of them
   * carry no label of the chart.
   * @default - app.kubernetes.io/instance with the app's name
   */
  readonly pods?: Readonly<Record<string, string>> | "namespace";
  readonly image?: never;
  readonly git?: never;
  readonly command?: never;
  readonly args?: never;
}

/** Paths into a chart's values, with dots between the keys, e.g. `server.resources`. */
export interface ChartPlaces {
  readonly priorityClassName: readonly string[];
  /** One for each kind of pod; of `size`, or of a size of its own. */
  readonly resources: readonly (string | { readonly at: string; readonly size: AppSize })[];
  /** Numbers of replicas; `hibernate` sets them to 0. */
  readonly replicas: readonly string[];
  /**
   * Labels of pods, with the containers there and the size of each; `app` for the app's own. Without them the homelab's
   * admission policy gives a container its default, and synth says so.
   * @default - the chart takes none
   */
  readonly podLabels?: readonly {
    readonly at: string;
    readonly containers: Readonly<Record<string, AppSize | "app">>;
  }[];
  /** Annotations of pods, for apps with privileges. @default - the chart takes none */
  readonly podAnnotations?: readonly string[];
}

/** A path of a Git repository: plain manifests, or kustomize. */
export interface GitSource {
  /** The path of manifests, and where it is. */
  readonly git: {
    readonly repository: string;
    /** `{environment}` in it stands for the environment's name. */
    readonly path: string;
    /** Tag, branch or commit. */
    readonly revision: string;
    /** Deployments and StatefulSets, which `hibernate` scales to 0. */
    readonly workloads: readonly string[];
  };
  /** Container port that the gateway and other apps call, or `none`. */
  readonly port: number | "none";
  /** The Service before it. @default - the app's name, on `port` */
  readonly service?: { readonly name: string; readonly port: number };
  /** Labels that all its pods carry, and nobody else's. */
  readonly pods: Readonly<Record<string, string>>;
  readonly image?: never;
  readonly chart?: never;
  readonly values?: never;
  readonly places?: never;
  readonly command?: never;
  readonly args?: never;
}

/** A parameter of the Application, with a value for every environment that the app lives in. */
export type Flag = PerEnvironment<string | number | boolean> & {
  /** Path into the chart's values, with dots. */
  readonly parameter: string;
};

/** Privileges of an app on the node it runs on. Needs the accepted risk `privileged-<app>` in the environment. */
export interface Privileges {
  /** Why it cannot do without. */
  readonly why: string;
  /** Uses the network of its node: then it is the node to every policy. @default false */
  readonly hostNetwork?: boolean;
  /**
   * `privileged: true`: all devices of the node; its processes, kernel settings and profiles too (`hostPID`, `procMount`,
   * `sysctls`, seccomp and AppArmor `Unconfined`, SELinux options, `hostProcess`). @default false
   */
  readonly privileged?: boolean;
  /** Runs as root, or may become it (`allowPrivilegeEscalation`). @default false */
  readonly root?: boolean;
  /**
   * Paths of the node that are mounted at the same place, e.g. `/dev/dri`. A device makes the container of an image
   * privileged, because the kernel lets no other open it; `devices` does without.
   * @default - none
   */
  readonly hostPaths?: readonly string[];
  /**
   * Linux capabilities beyond those of a runtime's default, e.g. `NET_ADMIN`. Containers of an image that run as root
   * keep these, and all others go; those of a chart may add them.
   * @default - none
   */
  readonly capabilities?: readonly string[];
  /** Ports of its node that containers of a chart take, whatever the policies of its pod say. @default - none */
  readonly hostPorts?: readonly number[];
  /** The node that it runs on, for what is plugged into that one. @default - any */
  readonly node?: PerEnvironment<string>;
}

/**
 * Another app: the one that `app()` made, its name, or a function that gives it. Files under `apps/` that refer to each
 * other say the name, because one of two files that import each other is read before the other is there.
 */
export type AppReference = AppDeclaration | string | (() => AppDeclaration);

/** One thing that an app may do, or that may be done to it. */
export type Link = LinkTo<AppDeclaration>;

/** A link as it is declared. */
export type DeclaredLink = LinkTo<AppReference>;

type LinkTo<App> =
  | {
      readonly kind: "exposed";
      readonly by: typeof gateway | LoadBalancer | WayIn;
      readonly ports: readonly Port[];
    }
  | { readonly kind: "uses"; readonly app: App; readonly ports: readonly Port[] }
  | { readonly kind: "reached"; readonly from: App; readonly ports: readonly Port[] }
  | { readonly kind: "egress"; readonly to: string; readonly ports: readonly Port[] }
  | { readonly kind: "internet"; readonly ports: readonly Port[] }
  | { readonly kind: "webhook"; readonly ports: readonly Port[] }
  | { readonly kind: "scraped"; readonly by: typeof metrics; readonly ports: readonly Port[] }
  | {
      readonly kind: "nodes";
      readonly entities: readonly [Entity, ...Entity[]];
      readonly ports: readonly Port[];
    }
  | { readonly kind: "itself"; readonly ports: readonly Port[] };

interface CommonProps {
  /** Of one pod: see `APP_SIZES`. */
  readonly size: AppSize;
  /**
   * A namespace of the environment that apps share, or one of the app's own.
   * @default - its own, with the app's name
   */
  readonly namespace?: string;
  /**
   * Pod Security Standard of the app's pods, which its own namespace enforces.
   * @default "restricted" for an image, "baseline" for a chart or a Git path, "privileged" with `privileges`
   */
  readonly podSecurity?: PodSecurityStandard;
  /** @default "medium" */
  readonly priority?: "critical" | "high" | "medium" | "low";
  /** More than one makes a pod disruption budget. @default 1 */
  readonly replicas?: number;
  /** Flows; `host` adds `exposedBy(gateway)`. @default - none */
  readonly network?: readonly DeclaredLink[];
  /** Apps that must be there first, beside those that `uses` names. @default - none */
  readonly dependsOn?: readonly AppReference[];
  /** Paths in the secret store, e.g. `/apps/tools/headlamp`: see `secretNames`. @default - none */
  readonly secrets?: readonly string[];
  /** `database(postgresqlShared)`: one of its own, on a server of the homelab. @default - none */
  readonly database?: DeclaredDatabase<AppReference>;
  /** For a server of CloudNativePG: where its values take roles and databases of other apps. @default - it is none */
  readonly databaseServer?: DatabaseServer;
  /** For a device plugin: what it hands out, e.g. `gpu.intel.com/i915`. @default - nothing */
  readonly announces?: readonly string[];
  /** Claims by name. @default - none */
  readonly storage?: Readonly<Record<string, Volume>>;
  /** @default - none */
  readonly flags?: Readonly<Record<string, Flag>>;
  /**
   * Further names, by the ways in of an environment (`edge.ways`), e.g. `{ internal: { host: "radar.in.{domain}" } }`: an
   * Ingress of another class or entry points, or a route of a gateway, where `authentication` must be off.
   * @default - none
   */
  readonly alsoAt?: Readonly<Record<string, { readonly host: Host; readonly authentication?: "on" | "off" }>>;
  /** `off` lets everybody in who can reach the gateway. @default "on" */
  readonly authentication?: "on" | "off";
  /** `public` asks external-dns for a record that the internet sees. @default "private" */
  readonly dns?: "private" | "public";
  /** Keeps everything but the pods. @default false */
  readonly hibernate?: boolean;
  /** Why nothing reaches the app and it reaches nothing. @default - refused */
  readonly isolated?: string;
  /** @default - none */
  readonly privileges?: Privileges;
  /**
   * Cluster-scoped kinds that it makes, as `group/Kind`, e.g. `rbac.authorization.k8s.io/ClusterRole`: for a Git source,
   * and for a chart that cannot be had. @default - what the recorded facts of its chart say
   */
  readonly clusterKinds?: readonly string[];
  /** Namespaced kinds, in the same way. @default - what the recorded facts of its chart say, and what comes of them */
  readonly kinds?: readonly string[];
  /**
   * Custom kinds that it brings the definitions of, as `group/Kind`: for a Git source, and for a chart that cannot be
   * had. @default - what the recorded facts of its chart say
   */
  readonly defines?: readonly string[];
  /** Other namespaces that its chart puts objects into, e.g. `kube-system`. @default - none */
  readonly alsoInto?: readonly string[];
  /** Differences that ArgoCD leaves alone. @default - none */
  readonly ignoreDifferences?: readonly {
    readonly group?: string;
    readonly kind: string;
    readonly name?: string;
    readonly jsonPointers: readonly string[];
  }[];
  /** Differences of one environment; `values` and `env` are laid over the common ones. @default - nothing */
  readonly override?: PerEnvironment<Override>;
}

type Differing =
  | "size"
  | "priority"
  | "replicas"
  | "network"
  | "secrets"
  | "storage"
  | "authentication"
  | "dns"
  | "hibernate"
  | "namespace";

/** The fields that may differ between environments. */
export interface Override extends Partial<Pick<CommonProps, Differing>> {
  readonly image?: string;
  readonly version?: string;
  readonly values?: ValuesFor;
  readonly env?: Readonly<Record<string, Variable>>;
}

/**
 * A name in the environment's domain: short (`whoami`), with `{domain}` (`a.b.{domain}`), or in full. As a text alone it
 * holds in every environment; the app then lives in all of them.
 */
type Host = string | PerEnvironment<string>;

/** The environments an app lives in: by the names it has there, or alone. */
type Places =
  | { readonly host: Host; readonly environments?: never }
  | { readonly host?: never; readonly environments: readonly [string, ...string[]] };

/** An app with a host has a port. */
type Reachable = { readonly host: Host; readonly port: number } | { readonly host?: never };

export type AppProps = CommonProps & (ImageSource | ChartSource | GitSource) & Places & Reachable;

/** An app as it is declared. */
export interface AppDeclaration {
  readonly name: string;
  readonly props: AppProps;
}

/**
 * Declares an app.
 * @param name DNS label of at most 40 characters; the Application, the AppProject and its own namespace are called so
 */
export const app = (name: string, props: AppProps): AppDeclaration => ({ name, props });

/**
 * The environments that the app lives in.
 * @param all names of those that there are, for an app that lives in each
 */
export const environmentsOf = ({ props }: AppDeclaration, all: readonly string[] = []): string[] => {
  if (typeof props.host === "string") return [...all];
  return props.host ? Object.keys(props.host) : [...(props.environments ?? [])];
};

/** True when the app lives in an environment. */
export const livesIn = (declaration: AppDeclaration, environment: string): boolean =>
  environmentsOf(declaration, [environment]).includes(environment);

/** The host of an app in an environment, in full. */
export const hostIn = (
  { props: { host } }: { readonly props: { readonly host?: Host } },
  environment: string,
  domain: string,
): string | undefined => {
  const written = typeof host === "string" ? host : host?.[environment];
  if (written === undefined || written === "") return written;
  return written.includes(".") ? written.replaceAll("{domain}", domain) : `${written}.${domain}`;
};
