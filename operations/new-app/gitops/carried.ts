/** An app of the GitOps side as an app of this project, with what could not be carried over. */
import { type AppDeclaration, type AppProps, app } from "../../../lib/app/declaration.ts";
import { usesKubernetesApi } from "../../../lib/app/links.ts";
import { secretNameOf } from "../../../lib/app/secrets.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../../lib/core/fields.ts";
import { overlay } from "../../../lib/core/helm/values.ts";
import { groupKindOf } from "../../../lib/core/kubernetes/object-id.ts";
import { carriedChart } from "./chart.ts";
import { withDatabase } from "./databases.ts";
import { carriedImage, POD_KINDS, templateOf } from "./image.ts";
import { linksOf, textsIn, unlike } from "./links.ts";
import { carriedManifests } from "./manifests.ts";
import { allContainers, fieldsIn, nameIn, ofKind, present } from "./objects.ts";
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
const BESIDE = ["CiliumNetworkPolicy", "InfisicalSecret", "Ingress", "Namespace", "NetworkPolicy"];
/** Kinds that become fields of an image, and that a chart brings itself. */
const OWN = [
  ...["ConfigMap", "IngressRouteTCP", "IngressRouteUDP", "PersistentVolumeClaim", "Service"],
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
  const differing = others.map(({ environment, props }) => ({
    environment,
    ...differenceOf(base.props, props),
  }));
  const override = present(
    Object.fromEntries(differing.map(({ environment, fields }) => [environment, fields])),
  );
  const hosts = all.filter(({ host }) => host !== undefined);
  const hasHost = hosts.length === all.length;
  const home = hasHost
    ? { host: Object.fromEntries(hosts.map(({ environment, host }) => [environment, host])) }
    : { environments: all.map(({ environment }) => environment) };
  const props: Fields = { ...base.props, ...home, ...present({ override }) };
  const isAlone = !hasHost && props.database === undefined && listOf(props.network).length === 0;
  return {
    declaration: app(name, {
      ...props,
      ...(isAlone && { isolated: "no policy of the GitOps repository opens anything to it, or from it" }),
    } as unknown as AppProps),
    notes: [
      ...notesOf(all),
      ...(hasHost ? [] : hosts).map(
        ({ host, environment }) => `host ${host} in ${environment}: it has none in the others`,
      ),
      ...differing.flatMap(({ environment, unsaid }) =>
        unsaid.map(
          (field) => `${field}: ${environment} has it otherwise: here it is as in ${base.environment}`,
        ),
      ),
    ],
    files: filesOf(base.props),
  };
};

/** Texts of the files that it mounts. */
const filesOf = ({ mounts }: Fields): ReadonlyMap<string, string> =>
  new Map(
    ofKind(Object.values(fieldsOf(mounts)).map(fieldsOf), "file").map(({ path, text }) => [
      textOf(path),
      textOf(text),
    ]),
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
  const [named] = ofKind(objects, ...POD_KINDS, "Ingress");
  const namespace = textOf(fieldsOf(named?.metadata).namespace) || applied.namespace;
  const own = objects.flatMap(infisicalPaths);
  const used = new Set(own.map(([, path]) => path));
  const secretPath = (secret: string) => {
    const path = new Map(own).get(secret) ?? gitops.secretPaths.get(secret);
    if (path !== undefined) used.add(path);
    return path;
  };
  const configMap = (called: string) => {
    const found = ofKind(objects, "ConfigMap").find((each) => nameIn(each) === called);
    return found && fieldsOf(found.data);
  };
  const workloads = ofKind(objects, ...POD_KINDS);
  const isPod = workloads.length === 1 && !objects.some((object) => BEYOND_A_POD.test(groupKindOf(object)));
  const shape = chart ? "chart" : isPod ? "image" : "manifests";
  const around = { app: name, namespace, objects, note, configMap, secretPath };
  const renamed = new Map(
    [...own, ...gitops.secretPaths].map(([secret, path]) => [secret, secretNameOf(name, path)]),
  );
  const props: Fields = chart
    ? carriedChart(chart, renamed, note)
    : isPod
      ? carriedImage(workloads[0] ?? {}, { ...around, defaultClass: homelab.storageClass })
      : carriedManifests(name, applied, note);
  for (const text of chart ? textsIn(chart.values) : []) if (renamed.has(text)) secretPath(text);
  const port = Number.isInteger(props.port) ? Number(props.port) : undefined;
  const route = routeOf(objects, name, { environment, port, note, ownsRoute: shape !== "manifests" });
  if (chart && chart.release !== name)
    note(`release ${chart.release}: here it is ${name}, and so are its objects`);
  for (const service of shape === "image" ? ofKind(objects, "Service").map(nameIn) : [])
    if (service !== name) note(`Service ${service}: here all ports are those of Service ${name}`);
  if (shape === "manifests") manifestNotes(objects, note);
  const handled = [...BESIDE, ...(shape === "image" ? OWN : [])];
  for (const object of shape === "manifests" ? [] : objects)
    if (!handled.includes(textOf(object.kind))) note(`${object.kind} ${nameIn(object)}: not carried over`);
  const texts = [...textsOf(objects, chart?.values), ...textsIn([props.env, props.containers])];
  const network = [
    ...route.links,
    ...(ofKind(objects, "ClusterRole", "Role").length > 0 ? [usesKubernetesApi()] : []),
    ...linksOf(objects, texts, {
      ...around,
      port: port ?? route.port,
      hasHost: route.host !== undefined && shape !== "manifests",
      scraped: scrapedPorts(objects),
      apps: homelab.apps,
    }),
  ];
  const values = overlay<Fields>(fieldsOf(props.values), shape === "image" ? route.values : {});
  const whole = {
    ...props,
    port: props.port ?? route.port ?? "none",
    ...present({ values, service: chart ? route.service : undefined }),
    ...(namespace !== name && { namespace }),
    ...present({ secrets: shape === "manifests" ? [] : [...used], network: unlike(network) }),
    ...route.props,
    ...present({ ignoreDifferences: applied.ignoreDifferences }),
  };
  const served = withDatabase(whole, { ...around, apps: homelab.apps, managed: gitops.databases, texts });
  return { environment, host: route.host, notes, props: withoutPlainSecrets(name, served, note) };
};

/** Ports of pods that ServiceMonitors name, by their number or the Service's name for them. */
const scrapedPorts = (objects: readonly Fields[]): number[] => {
  const named = ofKind(objects, "Service").flatMap(({ spec }) => fieldsIn(fieldsOf(spec).ports));
  const wanted = ofKind(objects, "ServiceMonitor")
    .flatMap(({ spec }) => fieldsIn(fieldsOf(spec).endpoints))
    .map(({ targetPort, port }) => targetPort ?? named.find(({ name }) => name === port)?.targetPort);
  return [...new Set(wanted.map(Number).filter((port) => Number.isInteger(port) && port > 0))];
};

/** Texts by which an app knows whom it calls: values, variables, command lines and files. */
const textsOf = (objects: readonly Fields[], values: Fields | undefined): string[] =>
  textsIn([
    values,
    ...ofKind(objects, "ConfigMap").map(({ data }) => data),
    ...ofKind(objects, ...POD_KINDS)
      .flatMap((workload) => allContainers(fieldsOf(templateOf(workload).spec)))
      .map(({ env, args, command }) => [env, args, command]),
  ]);

const manifestNotes = (objects: readonly Fields[], note: (what: string) => void): void => {
  note(
    "source: more than one pod, so the app takes the manifests as they are from the GitOps repository, routes, policies and secrets with them",
  );
  for (const namespace of ofKind(objects, "Namespace"))
    note(`Namespace ${nameIn(namespace)}: it is Terraform's here: take it out of the manifests`);
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
      const isMap = isFields(value) && !("kind" in value);
      return [[key, isMap ? added(fieldsOf(base[key]), value) : value]];
    }),
  );

const missing = (base: Fields, other: Fields): boolean =>
  Object.entries(base).some(
    ([key, value]) =>
      !(key in other) || (typeof value === "object" && missing(fieldsOf(value), fieldsOf(other[key]))),
  );
