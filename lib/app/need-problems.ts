/** Flows without which an app does not work, read from what it is, and no link of its own opens. */
import { engineOf } from "../../environments/gitops.ts";
import { chartFacts, type KnownChart } from "../../environments/recorded/chart-facts.ts";
import { secretServerOf } from "../../environments/secret-store.ts";
import { podTemplateOf } from "../core/facts/rendered.ts";
import { Subnet } from "../core/values/subnet.ts";
import { WEBHOOKS } from "../network/platform-allowances.ts";
import { platformPods } from "../network/platform-pods.ts";
import { Port } from "../network/port.ts";
import { PROFILES } from "../network/profiles.ts";
import type { AppEnvironment } from "./app-environment.ts";
import type { Link } from "./declaration.ts";
import { bringsSecrets, FLUX_CHART } from "./dependencies.ts";
import { lineOf } from "./problem-line.ts";
import { kindsIn } from "./rendered-kinds.ts";
import { isOnHostNetwork, type ResolvedApp } from "./resolved-app.ts";
import { sentTexts } from "./written.ts";

/** Something that an app must reach. */
interface Need {
  /** The path of the field that says so. */
  readonly path: string;
  readonly what: string;
  /** The link that opens it, as it would be written. */
  readonly link: string;
  isMetBy(link: Link): boolean;
}

const KUBELET = Port.tcp(10250);
const HTTPS = 443;
/** `postgresql-shared-rw.databases.svc.cluster.local:5432`. */
const SERVICE = /\b([a-z0-9-]+)\.([a-z0-9-]+)\.svc\b/g;
/** Values that say where a server is that the app itself talks to: a bucket, a directory of certificates. */
const SERVER_KEY = /(^|[._\]])(s3_?url|endpoint(_?url)?|server|\w*_endpoint)$/i;

/** Lines for what apps need and do not declare. */
export const needProblems = (apps: readonly ResolvedApp[], environment: AppEnvironment): string[] => {
  const hosts = new Set([
    ...environment.taken.keys(),
    ...apps.flatMap(({ host = [], alsoAt }) => [host, ...alsoAt.map((each) => each.host)].flat()),
  ]);
  return apps.flatMap((app) => {
    if (isOnHostNetwork(app)) return [];
    const links = linksFor(app, apps);
    return [
      ...missingServices(app, apps),
      ...closedWebhooks(app),
      ...[...chartNeeds(app, environment), ...serverNeeds(app, hosts)]
        .filter((need) => !links.some((link) => need.isMetBy(link)))
        .map(({ path, what, link }) =>
          lineOf(app.name)(
            "network",
            `must hold ${link}: ${what} (${path})`,
            app.links.map(({ kind }) => kind),
          ),
        ),
    ];
  });
};

/** Its own links; an object without pods is read by what it depends on, at whatever distance. */
const linksFor = (app: ResolvedApp, apps: readonly ResolvedApp[]): readonly Link[] =>
  app.declaration.props.isolated === undefined ? app.links : linksBelow(app, apps, new Set());

const linksBelow = (
  app: ResolvedApp,
  apps: readonly ResolvedApp[],
  seen: Set<ResolvedApp>,
): readonly Link[] =>
  apps
    .filter((each) => app.dependencies.includes(each.declaration) && !seen.has(each))
    .flatMap((each) => [...each.links, ...linksBelow(each, apps, seen.add(each))]);

/** Services of other apps that its values name, without a way to them. */
const missingServices = (app: ResolvedApp, apps: readonly ResolvedApp[]): string[] => {
  const missing = new Map<string, string>();
  for (const { path, text } of sentTexts(app, "values"))
    for (const [name, service = "", namespace = ""] of text.matchAll(SERVICE)) {
      const other = apps.find(
        (each) => each.namespace === namespace && (each.service?.name === service || each.name === service),
      );
      if (other && other !== app && !reaches(app, other))
        missing.set(
          other.name,
          lineOf(app.name)("network", `must hold uses(${other.name}): ${path} names its Service`, name),
        );
    }
  return [...missing.values()];
};

const reaches = (app: ResolvedApp, other: ResolvedApp): boolean =>
  app.links.some((link) => link.kind === "uses" && link.app === other.declaration) ||
  other.links.some(
    (link) =>
      (link.kind === "reached" && link.from === app.declaration) ||
      (link.kind === "exposed" &&
        link.by.kind === "gateway" &&
        app.namespace === platformPods.traefik.namespace),
  );

/** The addresses and URLs of servers outside, where a key says that the app talks to them. */
const serverNeeds = (app: ResolvedApp, hosts: ReadonlySet<string>): Need[] =>
  sentTexts(app, "values").flatMap(({ path, text }) => {
    if (!SERVER_KEY.test(path) || !/^https?:\/\//.test(text) || !URL.canParse(text)) return [];
    const { hostname, port, protocol } = new URL(text);
    const isOutside =
      hostname.includes(".") && !/\.svc(\.|$)|^127\.|^0\./.test(hostname) && !hosts.has(hostname);
    return isOutside
      ? [
          egressNeed(
            path,
            "it talks to this server",
            hostname,
            Number(port) || (protocol === "http:" ? 80 : HTTPS),
          ),
        ]
      : [];
  });

const egressNeed = (path: string, what: string, host: string, port: number): Need => ({
  path,
  what: `${what}, ${host}`,
  link: `egressTo("${host}"${port === HTTPS ? "" : `, Port.tcp(${port})`})`,
  isMetBy: (link) =>
    (link.kind === "egress" && holds(link.to, host) && covers(link.ports, port)) ||
    (link.kind === "internet" && isPublic(host) && covers(link.ports, port)),
});

const covers = (ports: readonly Port[], port: number): boolean =>
  ports.some(({ protocol, start, end }) => protocol === "TCP" && start <= port && port <= end);

const isAddress = (host: string): boolean => Subnet.isCidr(`${host}/32`);

/** True when a destination holds a host; nobody knows here which address a name has. */
const holds = (to: string, host: string): boolean => {
  if (to === host) return true;
  return isAddress(host) && Subnet.isCidr(to) && Subnet.around(to).contains(Subnet.parse(`${host}/32`));
};

const isPublic = (host: string): boolean => {
  const { target } = PROFILES.internet(platformPods.coredns.peer).to;
  const closed = target.kind === "cidr" ? target.except : [];
  return !isAddress(host) || !closed.some((cidr) => holds(cidr, host));
};

/** Webhooks that its chart registers, on ports that no API server of another node reaches. */
const closedWebhooks = (app: ResolvedApp): string[] => {
  const facts = chartFacts(app.environment, app.name);
  if (!facts?.known || (app.source.kind === "chart" && app.source.version !== facts.version)) return [];
  return closedPorts(facts, app).map((port) =>
    lineOf(app.name)(
      "network",
      `must hold calledByApiServer(Port.tcp(${port})): its chart registers a webhook there, which API servers of other nodes cannot call`,
      app.links.map(({ kind }) => kind),
    ),
  );
};

/** Ports of pods behind the webhooks of a chart that nothing opens. */
export const closedPorts = (
  {
    webhooks,
    services,
    workloads,
    namespace,
  }: Pick<KnownChart, "webhooks" | "services" | "workloads" | "namespace">,
  { links }: Pick<ResolvedApp, "links">,
): number[] => {
  const open = [...WEBHOOKS, ...links.flatMap((link) => (link.kind === "webhook" ? link.ports : []))];
  const named = workloads.flatMap((workload) =>
    podTemplateOf(workload).spec.containers.flatMap(({ ports = [] }) => ports),
  );
  const called = webhooks.flatMap((each) => each.webhooks.flatMap(({ service }) => service ?? []));
  const ports = called.flatMap(({ name, port = HTTPS, ...where }) => {
    const service = services.find(
      ({ metadata }) => metadata.name === name && (metadata.namespace ?? namespace) === where.namespace,
    );
    const target = service?.spec.ports?.find((each) => each.port === port)?.targetPort ?? port;
    if (typeof target === "number") return [target];
    return named.flatMap((each) => (each.name === target ? [each.containerPort] : []));
  });
  return [...new Set(ports)].filter((port) => !covers(open, port));
};

/** Needs of charts that their values do not show. Source: the chart's own documentation. */
const chartNeeds = (app: ResolvedApp, { secretStore, gitops }: AppEnvironment): Need[] => {
  const { chart } = app.declaration.props;
  const provider = app.values.provider;
  const isGandi =
    chart?.name === "cert-manager-webhook-gandi" ||
    (chart?.name === "external-dns" &&
      typeof provider === "object" &&
      provider !== null &&
      "name" in provider &&
      provider.name === "gandi");
  const store = bringsSecrets(chart?.name, secretStore) ? secretServerOf(secretStore) : undefined;
  return [
    ...(chart !== undefined && kindsIn(app).includes("rbac.authorization.k8s.io/ClusterRole")
      ? [
          {
            path: "its chart",
            what: "a ClusterRole is of use to what talks to the Kubernetes API",
            link: "usesKubernetesApi()",
            isMetBy: (link: Link) => link.kind === "nodes" && link.entities.includes("kube-apiserver"),
          },
        ]
      : []),
    ...(chart?.name === "metrics-server"
      ? [
          {
            path: "chart.name",
            what: "it scrapes the kubelet of every node",
            link: "reachesNodes(Port.tcp(10250))",
            isMetBy: (link: Link) =>
              link.kind === "nodes" &&
              link.entities.includes("host") &&
              link.entities.includes("remote-node") &&
              covers(link.ports, KUBELET.start),
          },
        ]
      : []),
    ...(isGandi ? [egressNeed("chart.name", "it talks to Gandi's API", "api.gandi.net", HTTPS)] : []),
    ...(chart?.name === FLUX_CHART && engineOf({ gitops }) === "flux"
      ? [
          egressNeed(
            "gitops.repository",
            "Flux fetches it",
            gitops.repository.hostname,
            gitops.repository.port,
          ),
        ]
      : []),
    ...(store
      ? [
          egressNeed(
            secretStore.kind === "infisical" ? "secretStore.server" : "secretStore.provider.server",
            "the operator reads secrets there",
            store.hostname,
            store.port,
          ),
        ]
      : []),
  ];
};
