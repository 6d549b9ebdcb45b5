/** An app in one environment: what is common with what differs there laid over it. */
import { isFields } from "../core/fields.ts";
import { overlay } from "../core/helm/values.ts";
import type { PodSecurityStandard } from "../core/kubernetes/pod-security.ts";
import type { Names } from "../core/platform/names.ts";
import { PRIORITIES, priorityClassName } from "../governance/priority-classes.ts";
import { Peer } from "../network/peer.ts";
import type { Port } from "../network/port.ts";
import type { ClusterRole } from "./cluster-role.ts";
import type { Container } from "./containers.ts";
import { connectionVariables, type Database, databaseOf } from "./database.ts";
import {
  type AppDeclaration,
  type AppProps,
  type HelmValues,
  hostIn,
  type Link,
  type Privileges,
  type ValuesFor,
} from "./declaration.ts";
import type { Mount } from "./mounts.ts";
import { type AppFinder, finderAmong, linkFound } from "./references.ts";
import type { Runs } from "./runs.ts";
import type { AppSize } from "./sizes.ts";
import type { Volume } from "./storage.ts";
import type { ValuesEnvironment } from "./values-environment.ts";
import type { Variable } from "./variables.ts";
import { type NamedWay, servedFrom } from "./ways.ts";

type Source =
  | { readonly kind: "image"; readonly image: string; readonly props: Extract<AppProps, { image: string }> }
  | {
      readonly kind: "chart";
      readonly version: string;
      readonly props: Extract<AppProps, { chart: object }>;
    }
  | { readonly kind: "git"; readonly props: Extract<AppProps, { git: object }> };

export interface ResolvedApp {
  readonly declaration: AppDeclaration;
  readonly name: string;
  readonly environment: string;
  /** Names that the environment gives to its objects. */
  readonly names: Names;
  readonly source: Source;
  readonly namespace: string;
  /** True when the namespace is the app's own. */
  readonly ownsNamespace: boolean;
  readonly podSecurity: PodSecurityStandard;
  readonly priorityClassName: string;
  /** Value of that class. */
  readonly priority: number;
  readonly size: AppSize;
  /** 0 while it hibernates. */
  readonly replicas: number;
  readonly hibernates: boolean;
  readonly host: string | undefined;
  /** Further names, by ways in of the environment. */
  readonly alsoAt: readonly NamedWay[];
  readonly port: number | undefined;
  /** The Service that the gateway calls. */
  readonly service: { readonly name: string; readonly port: number } | undefined;
  readonly links: readonly Link[];
  readonly secrets: readonly string[];
  readonly storage: Readonly<Record<string, Volume>>;
  /** Names of Helm parameters with their values. */
  readonly parameters: readonly {
    readonly name: string;
    readonly value: string | number | boolean | undefined;
  }[];
  readonly authentication: "on" | "off";
  readonly dns: "private" | "public";
  readonly values: HelmValues;
  readonly env: Readonly<Record<string, Variable>>;
  /** Further containers of an image's pod. */
  readonly containers: Readonly<Record<string, Container>>;
  /** Further ports of an image's Service. */
  readonly ports: Readonly<Record<string, Port>>;
  /** Mounts of an image, by path. */
  readonly mounts: Readonly<Record<string, Mount>>;
  /** Devices that an image asks of plugins. */
  readonly devices: readonly string[];
  /** Rights of an image in the whole cluster. */
  readonly clusterRole: ClusterRole | undefined;
  /** Its database on a server of the homelab. */
  readonly database: Database | undefined;
  /** When an image runs; undefined for always. */
  readonly runs: Runs | undefined;
  readonly privileges: Privileges | undefined;
  /** Labels that policies select its pods by; none for every pod of its namespace. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Apps that come first. */
  readonly dependencies: readonly AppDeclaration[];
}

/** The app as it is in an environment where it lives; throws what its values throw when they are given the environment. */
export const resolveApp = (
  declaration: AppDeclaration,
  home: ValuesEnvironment,
  find: AppFinder = finderAmong([]),
): ResolvedApp => {
  const { name, props } = declaration;
  const environment = home.name;
  const { image, version, ...override } = props.override?.[environment] ?? {};
  const common = { ...props, ...defined(override) };
  const namespace = common.namespace ?? name;
  const { priority = "medium" } = common;
  const source = sourceOf(props, image, version);
  const port = props.port === "none" ? undefined : props.port;
  const secrets = common.secrets ?? [];
  const database = props.database && databaseOf(name, secrets, props.database, find(props.database.on));
  const own = (common.network ?? []).map((link) => linkFound(link, find));
  const links: Link[] = database ? [...own, { kind: "uses", app: database.server, ports: [] }] : own;
  const host = hostIn(declaration, environment, home.edge.domain);
  const alsoAt = namesIn(declaration, home);
  const served: Link[] = alsoAt.flatMap(({ way }) =>
    way ? [{ kind: "exposed", by: { kind: "way", from: servedFrom(way) }, ports: [] }] : [],
  );
  const hibernates = common.hibernate ?? false;
  return {
    declaration,
    name,
    environment,
    names: home.names,
    source,
    namespace,
    ownsNamespace: !home.namespaces.some((shared) => shared.name === namespace),
    podSecurity: props.podSecurity ?? defaultPodSecurity(props),
    priorityClassName: priorityClassName(home.names.prefix, priority),
    priority: PRIORITIES[priority].value,
    size: common.size,
    replicas: hibernates ? 0 : (common.replicas ?? 1),
    hibernates,
    host,
    alsoAt,
    port,
    service: port === undefined ? undefined : (props.service ?? { name, port }),
    links: [
      ...(host === undefined ? [] : [{ kind: "exposed", by: { kind: "gateway" }, ports: [] } as const]),
      ...served,
      ...links,
    ],
    secrets,
    storage: common.storage ?? {},
    parameters: Object.values(props.flags ?? {}).map((flag) => ({
      name: flag.parameter,
      value: flag[environment],
    })),
    authentication: common.authentication ?? "on",
    dns: common.dns ?? "private",
    values: overlay<HelmValues>(valuesFor(home, props.values), valuesFor(home, override.values)),
    env: {
      ...(source.kind === "image" && source.props.env),
      ...(props.database && database && connectionVariables(props.database, database)),
      ...override.env,
    },
    database,
    devices: source.kind === "image" ? (source.props.devices ?? []) : [],
    clusterRole: source.kind === "image" ? source.props.clusterRole : undefined,
    containers: { ...(source.kind === "image" && source.props.containers) },
    ports: { ...(source.kind === "image" && source.props.ports) },
    mounts: { ...(source.kind === "image" && source.props.mounts) },
    runs: source.kind === "image" ? source.props.runs : undefined,
    privileges: props.privileges,
    podLabels: podLabels(name, props),
    dependencies: [
      ...new Set([
        ...(props.dependsOn ?? []).map(find),
        ...links.flatMap((link) => (link.kind === "uses" ? [link.app] : [])),
      ]),
    ],
  };
};

const namesIn = ({ props }: AppDeclaration, { name, edge }: ValuesEnvironment): NamedWay[] =>
  Object.entries(props.alsoAt ?? {}).flatMap(([by, { host: given, authentication }]) => {
    const way = edge.ways?.[by];
    const host = hostIn({ props: { host: given } }, name, way?.domain ?? edge.domain);
    const asks = authentication ?? props.override?.[name]?.authentication ?? props.authentication ?? "on";
    return host === undefined ? [] : [{ by, host, authentication: asks, way }];
  });

const valuesFor = (home: ValuesEnvironment, values: ValuesFor = {}): HelmValues => {
  const given = typeof values === "function" ? values(home) : values;
  if (!isFields(given)) throw new TypeError(`gives ${typeof given} where values are an object`);
  return given;
};

const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

const sourceOf = (props: AppProps, image: string | undefined, version: string | undefined): Source => {
  if (props.image !== undefined) return { kind: "image", image: image ?? props.image, props };
  if (props.chart !== undefined) return { kind: "chart", version: version ?? props.chart.version, props };
  return { kind: "git", props };
};

const defaultPodSecurity = (props: AppProps): PodSecurityStandard => {
  if (props.privileges) return "privileged";
  return props.image === undefined ? "baseline" : "restricted";
};

/** True when its pods are on the node's network, where policies know them as the node. */
export const isOnHostNetwork = ({ privileges }: ResolvedApp): boolean => privileges?.hostNetwork === true;

const podLabels = (name: string, { pods, image }: AppProps): Readonly<Record<string, string>> => {
  if (pods === "namespace") return {};
  return pods ?? { [image === undefined ? "app.kubernetes.io/instance" : "app.kubernetes.io/name"]: name };
};

/** Its pods, as an end of flows. */
export const podsOf = ({ namespace, podLabels }: ResolvedApp): Peer =>
  Object.keys(podLabels).length === 0
    ? Peer.namespace(namespace)
    : Peer.workload(namespace, { ...podLabels });
