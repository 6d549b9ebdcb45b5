/** An app of the GitOps side as an app of this project, with what could not be carried over. */
import { type AppDeclaration, type AppProps, app, type DeclaredLink } from "../../../lib/app/declaration.ts";
import { usesKubernetesApi } from "../../../lib/app/links.ts";
import { secretNameOf } from "../../../lib/app/secrets.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../lib/core/fields.ts";
import { overlay } from "../../../lib/core/helm/values.ts";
import { groupKindOf } from "../../../lib/core/kubernetes/object-id.ts";
import { carriedChart } from "./chart.ts";
import { withDatabase } from "./databases.ts";
import { carriedImage, POD_KINDS, templateOf } from "./image.ts";
import { keyOf, linksOf, textsIn } from "./links.ts";
import { carriedManifests } from "./manifests.ts";
import { withoutPlainSecrets } from "./plain-secrets.ts";
import { routeOf } from "./routes.ts";
import { type AppliedApp, type GitopsApp, infisicalPaths } from "./source.ts";

export interface CarriedApp {
  readonly declaration: AppDeclaration;
  /** Parts that could not be carried over, or are otherwise here, a line each. */
  readonly notes: readonly string[];
  /** Files beside the app's own, by their path below `apps/`. */
  readonly files: ReadonlyMap<string, string>;
}

/** This project, as far as carrying an app over needs it. */
export interface Homelab {
  readonly apps: readonly AppDeclaration[];
  readonly storageClass: string;
}

/** Kinds that are read beside an app's own objects, or are not an app's at all. */
const HANDLED = [
  "CiliumNetworkPolicy",
  "ConfigMap",
  "InfisicalSecret",
  "Ingress",
  "IngressRouteTCP",
  "IngressRouteUDP",
  "Namespace",
  "NetworkPolicy",
  "PersistentVolumeClaim",
  "Service",
  ...POD_KINDS,
];

/** Kinds that no image brings: rights, other pods, definitions. */
const BEYOND_A_POD = /^(rbac\.|apiextensions\.)|^\/ServiceAccount$|^apps\/DaemonSet$|^postgresql\.|^\/Pod$/;

export const carriedApp = (gitops: GitopsApp, name: string, homelab: Homelab): CarriedApp => {
  const all = gitops.applied.map((applied) => inEnvironment(gitops, name, applied, homelab));
  // What holds everywhere is production's, which comes last.
  const base = all.at(-1);
  if (base === undefined) throw new Error(`${name}: must be applied somewhere`);
  const others = all.slice(0, -1);
  const differing = others.map(
    (other) => [other.environment, differenceOf(base.props, other.props)] as const,
  );
  const override = Object.fromEntries(
    differing
      .filter(([, { fields }]) => Object.keys(fields).length > 0)
      .map(([environment, { fields }]) => [environment, fields]),
  );
  const hosts = all.flatMap(({ environment, host }) =>
    host === undefined ? [] : [[environment, host] as const],
  );
  const home =
    hosts.length === all.length
      ? { host: Object.fromEntries(hosts) }
      : { environments: all.map(({ environment }) => environment) };
  const lost =
    hosts.length > 0 && hosts.length < all.length
      ? hosts.map(([environment, host]) => `host ${host} in ${environment}: it has none in the others`)
      : [];
  const props = {
    ...base.props,
    ...home,
    ...(Object.keys(override).length > 0 && { override }),
  };
  const isAlone = !("host" in home) && !("database" in props) && listOf(fieldsOf(props).network).length === 0;
  return {
    declaration: app(name, {
      ...props,
      ...(isAlone && { isolated: "no policy of the GitOps repository opens anything to it, or from it" }),
    } as unknown as AppProps),
    notes: [
      ...notesOf(all),
      ...lost,
      ...differing.flatMap(([environment, { unsaid }]) =>
        unsaid.map(
          (field) => `${field}: ${environment} has it otherwise: here it is as in ${base.environment}`,
        ),
      ),
    ],
    files: filesOf(base.props),
  };
};

/** Texts of the files that it mounts. */
const filesOf = (props: Fields): ReadonlyMap<string, string> =>
  new Map(
    Object.values(fieldsOf(props.mounts))
      .map(fieldsOf)
      .flatMap(({ kind, path, text }) => (kind === "file" ? [[textOf(path), textOf(text)] as const] : [])),
  );

interface InEnvironment {
  readonly environment: string;
  readonly host: string | undefined;
  readonly props: Fields;
  readonly notes: readonly string[];
}

const inEnvironment = (
  gitops: GitopsApp,
  name: string,
  applied: AppliedApp,
  homelab: Homelab,
): InEnvironment => {
  const { environment, objects, chart } = applied;
  const notes = [...applied.notes];
  const note = (what: string) => void notes.push(what);
  const namespace =
    textOf(
      fieldsOf(objects.find(({ kind }) => [...POD_KINDS, "Ingress"].includes(textOf(kind)))?.metadata)
        .namespace,
    ) || applied.namespace;
  const own = objects.flatMap(infisicalPaths);
  const used = new Set(own.map(([, path]) => path));
  const secretPath = (secret: string) => {
    const path = new Map(own).get(secret) ?? gitops.secretPaths.get(secret);
    if (path !== undefined) used.add(path);
    return path;
  };
  const configMap = (called: string) => {
    const found = objects.find(
      ({ kind, metadata }) => kind === "ConfigMap" && fieldsOf(metadata).name === called,
    );
    return found && fieldsOf(found.data);
  };
  const workloads = objects.filter(({ kind }) => POD_KINDS.includes(textOf(kind)));
  const isPod = workloads.length === 1 && !objects.some((object) => BEYOND_A_POD.test(groupKindOf(object)));
  const shape = chart ? "chart" : isPod ? "image" : "manifests";
  const image =
    shape === "image"
      ? carriedImage(workloads[0] ?? {}, {
          app: name,
          namespace,
          objects,
          note,
          configMap,
          secretPath,
          defaultClass: homelab.storageClass,
        })
      : undefined;
  const renamed = new Map(
    [...own, ...gitops.secretPaths].map(([secret, path]) => [secret, secretNameOf(name, path)]),
  );
  const props: Fields = chart
    ? carriedChart(chart, renamed, note)
    : (image ?? carriedManifests(name, applied, note));
  for (const text of chart ? textsIn(chart.values) : []) if (renamed.has(text)) secretPath(text);
  const port = Number.isInteger(props.port) ? Number(props.port) : undefined;
  const route = routeOf(objects, name, { environment, port, note, ownsRoute: shape !== "manifests" });
  if (chart && chart.release !== name)
    note(`release ${chart.release}: here it is ${name}, and so are its objects`);
  for (const { kind, metadata } of shape === "image" ? objects : [])
    if (kind === "Service" && fieldsOf(metadata).name !== name)
      note(`Service ${textOf(fieldsOf(metadata).name)}: here all ports are those of Service ${name}`);
  if (shape === "manifests") manifestNotes(objects, note);
  else
    for (const object of unhandled(objects, shape))
      note(`${object.kind} ${textOf(fieldsOf(object.metadata).name)}: not carried over`);
  const texts = [...textsOf(objects, chart?.values), ...textsIn([props.env, props.containers])];
  const network = [
    ...route.links,
    ...(objects.some(({ kind }) => kind === "ClusterRole" || kind === "Role") ? [usesKubernetesApi()] : []),
    ...linksOf(objects, texts, {
      app: name,
      namespace,
      port: port ?? route.port,
      hasHost: route.host !== undefined && shape !== "manifests",
      scraped: scrapedPorts(objects),
      apps: homelab.apps,
      note,
    }),
  ];
  const secrets = shape === "manifests" ? [] : [...used];
  const values = overlay<Fields>(fieldsOf(props.values), shape === "image" ? route.values : {});
  return {
    environment,
    host: route.host,
    notes,
    props: withoutPlainSecrets(
      name,
      withDatabase(
        {
          ...props,
          port: props.port ?? route.port ?? "none",
          ...(Object.keys(values).length > 0 && { values }),
          ...(chart && route.service && { service: route.service }),
          ...(namespace !== name && { namespace }),
          ...(secrets.length > 0 && { secrets }),
          ...(network.length > 0 && { network: unlike(network) }),
          ...route.props,
          ...(applied.ignoreDifferences.length > 0 && { ignoreDifferences: applied.ignoreDifferences }),
        },
        { app: name, apps: homelab.apps, managed: gitops.databases, texts, note },
      ),
      note,
    ),
  };
};

/** Links that are not the same; a way that the gateway has anyway is not said again. */
const unlike = (links: readonly DeclaredLink[]): DeclaredLink[] => [
  ...new Map(links.map((link) => [keyOf(link), link])).values(),
];

/** Ports of pods that ServiceMonitors name, by their number or the Service's name for them. */
const scrapedPorts = (objects: readonly Fields[]): number[] => {
  const named = objects
    .filter(({ kind }) => kind === "Service")
    .flatMap(({ spec }) => listOf(fieldsOf(spec).ports).map(fieldsOf));
  const wanted = objects
    .filter(({ kind }) => kind === "ServiceMonitor")
    .flatMap(({ spec }) => listOf(fieldsOf(spec).endpoints).map(fieldsOf))
    .map(({ targetPort, port }) => targetPort ?? named.find(({ name }) => name === port)?.targetPort);
  return [...new Set(wanted.map(Number).filter((port) => Number.isInteger(port) && port > 0))];
};

/** Texts by which an app knows whom it calls: values, variables, command lines and files. */
const textsOf = (objects: readonly Fields[], values: Fields | undefined): string[] =>
  textsIn([
    values,
    ...objects.filter(({ kind }) => kind === "ConfigMap").map(({ data }) => data),
    ...objects
      .filter(({ kind }) => POD_KINDS.includes(textOf(kind)))
      .map((workload) => fieldsOf(templateOf(workload).spec))
      .flatMap(({ containers, initContainers }) => [...listOf(containers), ...listOf(initContainers)])
      .map(fieldsOf)
      .map(({ env, args, command }) => [env, args, command]),
  ]);

const unhandled = (objects: readonly Fields[], shape: "chart" | "image"): Fields[] =>
  objects.filter(
    ({ kind }) =>
      !HANDLED.includes(textOf(kind)) ||
      (shape === "chart" &&
        [
          "ConfigMap",
          "PersistentVolumeClaim",
          "Service",
          "IngressRouteTCP",
          "IngressRouteUDP",
          ...POD_KINDS,
        ].includes(textOf(kind))),
  );

const manifestNotes = (objects: readonly Fields[], note: (what: string) => void): void => {
  note(
    "source: more than one pod, so the app takes the manifests as they are from the GitOps repository, routes, policies and secrets with them",
  );
  for (const { kind, metadata } of objects)
    if (kind === "Namespace")
      note(
        `Namespace ${textOf(fieldsOf(metadata).name)}: it is Terraform's here: take it out of the manifests`,
      );
};

/** Notes of each environment; what holds in all is said once. */
const notesOf = (all: readonly InEnvironment[]): string[] => {
  const lines = [...new Set(all.flatMap(({ notes }) => notes))];
  return lines.map((line) => {
    const homes = all.filter(({ notes }) => notes.includes(line)).map(({ environment }) => environment);
    return homes.length === all.length ? line : `${homes.join(", ")}: ${line}`;
  });
};

/** Fields that an environment may have otherwise, with what they are by default. */
const DIFFERING: Fields = {
  image: undefined,
  size: undefined,
  namespace: undefined,
  priority: "medium",
  replicas: 1,
  network: [],
  secrets: [],
  storage: {},
  authentication: "on",
  dns: "private",
  hibernate: false,
  values: {},
  env: {},
};

/** The difference of an environment as an override, and the fields that none can change. */
const differenceOf = (base: Fields, other: Fields): { fields: Fields; unsaid: string[] } => {
  const names = [...new Set([...Object.keys(base), ...Object.keys(other)])].filter(
    (name) => !isSame(base[name], other[name]),
  );
  const version = fieldsOf(other.chart).version;
  const fields = Object.fromEntries(
    names.flatMap((name) => {
      if (name === "values" || name === "env")
        return [[name, added(fieldsOf(base[name]), fieldsOf(other[name]))]];
      if (!(name in DIFFERING)) return [];
      const value = other[name] ?? DIFFERING[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const gone = (["values", "env"] as const).filter((name) =>
    missing(fieldsOf(base[name]), fieldsOf(other[name])),
  );
  return {
    fields: { ...fields, ...(names.includes("chart") && typeof version === "string" && { version }) },
    unsaid: [
      ...names.filter((name) => !(name in DIFFERING) && name !== "chart"),
      ...gone.map((name) => `what ${name} has in addition`),
    ],
  };
};

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The fields that are laid over the base to make the other. */
const added = (base: Fields, other: Fields): Fields =>
  Object.fromEntries(
    Object.entries(other).flatMap(([key, value]) => {
      if (isSame(base[key], value)) return [];
      const isMap =
        typeof value === "object" && value !== null && !Array.isArray(value) && !("kind" in value);
      return [[key, isMap ? added(fieldsOf(base[key]), fieldsOf(value)) : value]];
    }),
  );

const missing = (base: Fields, other: Fields): boolean =>
  Object.entries(base).some(
    ([key, value]) =>
      !(key in other) || (typeof value === "object" && missing(fieldsOf(value), fieldsOf(other[key]))),
  );
