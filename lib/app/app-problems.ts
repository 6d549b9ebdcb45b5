/** Problems of one app by itself in one environment, a line each: path, rule, value. */
import { valid } from "semver";
import { Ipv4Address, isMeantAsIpv6, NO_IPV6 } from "../core/values/ipv4-address.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { needIn, ownSize } from "./app-pods.ts";
import { clusterRoleProblems } from "./cluster-role-values.ts";
import { environmentsOf } from "./declaration.ts";
import { deviceProblems } from "./devices.ts";
import { imageProblems } from "./image.ts";
import {
  containerProblems,
  mountProblems,
  portProblems,
  runProblems,
  variableProblems,
} from "./image-problems.ts";
import { linkProblems } from "./link-problems.ts";
import { plainSecrets } from "./plain-secrets.ts";
import { privilegeProblems } from "./privilege-problems.ts";
import { type Line, lineOf } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { secretNames } from "./secrets.ts";
import { serviceProblems } from "./service-problems.ts";
import { shortages } from "./sizes.ts";
import { storageProblems } from "./storage-problems.ts";
import { namedWayProblems } from "./way-routes.ts";

type Rule = (app: ResolvedApp, environment: AppEnvironment, line: Line) => string[];

/** The namespace in which charts put the role that lets them read the API server's authentication. */
const SYSTEM_NAMESPACE = "kube-system";
const LABEL = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
const HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;
const SECRET_PATH = /^(\/[A-Za-z0-9][A-Za-z0-9._-]*)+$/;
const GROUP_KIND = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?\/[A-Z][A-Za-z0-9]*$/;
const ENVIRONMENT_VARIABLE = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

const name: Rule = (app, _, line) =>
  LABEL.test(app.name)
    ? []
    : [line("name", "must be a DNS label of at most 40 characters that begins with a letter", app.name)];

/** Two owners of one namespace, project or release would fight over it. */
const owned: Rule = ({ name, namespace }, { owned }, line) =>
  [
    { path: "name", given: name, owner: owned.names.get(name) },
    { path: "namespace", given: namespace, owner: owned.namespaces.get(namespace) },
  ]
    .filter(({ path, given }) => path === "name" || given !== name)
    .flatMap(({ path, given, owner }) =>
      owner === undefined ? [] : [line(path, `must be free; it is ${owner}`, given)],
    );

/** A project that writes into a namespace of the platform may do there what the platform does. */
const alsoInto: Rule = ({ declaration: { props } }, { owned }, line) =>
  (props.alsoInto ?? []).flatMap((namespace) => {
    if (!LABEL.test(namespace)) return [line("alsoInto", "must be the name of one namespace", namespace)];
    const owner = namespace === SYSTEM_NAMESPACE ? undefined : owned.namespaces.get(namespace);
    return owner === undefined ? [] : [line("alsoInto", `must not be ${owner} namespace`, namespace)];
  });

const source: Rule = ({ name, source }, { acceptedRisks }, line) => {
  if (source.kind === "image")
    return imageProblems(source.image, name, acceptedRisks).map((rule) => line("image", rule, source.image));
  if (source.kind === "chart") {
    const { repository, name } = source.props.chart;
    return [
      ...(/^(https|oci):\/\/[^/]/.test(repository)
        ? []
        : [line("chart.repository", "must be an https:// or oci:// URL", repository)]),
      ...(/^[a-z0-9][a-z0-9._-]*$/.test(name)
        ? []
        : [line("chart.name", "must be the name of a chart", name)]),
      ...(/^v?\d/.test(source.version) && valid(source.version) !== null
        ? []
        : [line("chart.version", "must be one exact version, not a range", source.version)]),
    ];
  }
  const { repository, path, revision } = source.props.git;
  return [
    ...(/^https:\/\/[^/]/.test(repository)
      ? []
      : [line("git.repository", "must be an https:// URL", repository)]),
    ...(/^[^/]/.test(path) ? [] : [line("git.path", "must be a path without a leading /", path)]),
    ...(/^[\w][\w./-]*$/.test(revision) && revision !== "HEAD"
      ? []
      : [line("git.revision", "must be a tag, branch or commit, not HEAD", revision)]),
  ];
};

const places: Rule = (app, _, line) => {
  const { source, hibernates, replicas, declaration } = app;
  const scaled = replicas > 1 || hibernates;
  if (source.kind === "chart" && scaled && source.props.places.replicas.length === 0)
    return [line("places.replicas", "must say where the chart takes replicas, to scale or hibernate", [])];
  if (source.kind === "git" && hibernates && source.props.git.workloads.length === 0)
    return [line("git.workloads", "must name what to scale to 0", [])];
  return source.kind === "git" && replicas > 1
    ? [line("replicas", "must stand in the manifests of a Git path", declaration.props.replicas)]
    : [];
};

const port: Rule = ({ port, host, replicas, hibernates }, _, line) => [
  ...(port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65535)
    ? []
    : [line("port", "must be 1–65535, or none", port)]),
  ...(host !== undefined && port === undefined
    ? [line("port", "must be a port: the app has a host", "none")]
    : []),
  ...(hibernates || (Number.isInteger(replicas) && replicas >= 1)
    ? []
    : [line("replicas", "must be a whole number of at least 1; hibernate is for 0", replicas)]),
];

const host: Rule = ({ host, environment }, { edge: { domain }, taken }, line) => {
  if (host === undefined) return [];
  const path = `host.${environment}`;
  const owner = taken.get(host);
  return [
    ...(HOST.test(host) ? [] : [line(path, "must be a lower-case host name", host)]),
    ...(host.endsWith(`.${domain}`) ? [] : [line(path, `must lie in ${domain}`, host)]),
    ...(owner ? [line(path, `must be free; it is ${owner}`, host)] : []),
  ];
};

const loadBalancers: Rule = ({ links, environment }, { staticAddresses, taken }, line) => {
  return links.flatMap((link) => {
    if (link.kind !== "exposed" || link.by.kind !== "load-balancer") return [];
    const path = `network.exposedBy(loadBalancer).${environment}`;
    const address = link.by.address[environment];
    if (address === undefined) return [line(path, "must have an address in this environment", address)];
    if (!Ipv4Address.isValid(address))
      return [line(path, isMeantAsIpv6(address) ? NO_IPV6 : "must be an IPv4 address", address)];
    const owner = taken.get(address);
    return [
      ...(staticAddresses.contains(Ipv4Address.parse(address))
        ? []
        : [line(path, `must lie in the static range ${staticAddresses}`, address)]),
      ...(owner ? [line(path, `must be free; it is ${owner}`, address)] : []),
    ];
  });
};

const secrets: Rule = (app, _, line) => {
  const names = secretNames(app);
  return [
    ...app.secrets
      .filter((path) => !SECRET_PATH.test(path))
      .map((path) =>
        line("secrets", "must be an absolute path of the secret store, e.g. /apps/tools/x", path),
      ),
    ...app.secrets
      .filter((_path, at) => names.indexOf(names[at] ?? "") < at)
      .map((path) => line("secrets", "must not end like another path: their Secrets are called alike", path)),
  ];
};

const flags: Rule = ({ declaration, environment, source }, _, line) =>
  Object.entries(declaration.props.flags ?? {}).flatMap(([flag, { parameter, ...values }]) => [
    ...(values[environment] === undefined
      ? [line(`flags.${flag}.${environment}`, "must have a value where the app lives", undefined)]
      : []),
    ...(/^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+|\[\d+\])*$/.test(parameter)
      ? []
      : [line(`flags.${flag}.parameter`, "must be a path of Helm values with dots", parameter)]),
    ...(source.kind === "git"
      ? [line(`flags.${flag}`, "must not stand on a Git path, which takes no parameters", parameter)]
      : []),
  ]);

const environments: Rule = ({ declaration }, _, line) => {
  if (typeof declaration.props.host === "string") return [];
  const lives = environmentsOf(declaration, []);
  return Object.keys(declaration.props.override ?? {})
    .filter((name) => !lives.some((each) => each === name))
    .map((name) => line(`override.${name}`, `must be of an environment where the app lives`, lives));
};

const overrides: Rule = ({ declaration: { props }, environment, source }, _, line) => {
  const { image, version, env } = props.override?.[environment] ?? {};
  const wrong = [
    image !== undefined && source.kind !== "image" && "image",
    env !== undefined && source.kind !== "image" && "env",
    version !== undefined && source.kind !== "chart" && "version",
  ];
  return wrong
    .filter((field) => field !== false)
    .map((field) => line(`override.${environment}.${field}`, `must not stand on a ${source.kind}`, field));
};

const kinds: Rule = ({ declaration: { props } }, _, line) =>
  (["kinds", "clusterKinds"] as const).flatMap((field) =>
    (props[field] ?? [])
      .filter((text) => !GROUP_KIND.test(text))
      .map((text) => line(field, "must be group/Kind, e.g. apps/Deployment or /ConfigMap", text)),
  );

const env: Rule = ({ env }, _, line) =>
  Object.keys(env)
    .filter((variable) => !ENVIRONMENT_VARIABLE.test(variable))
    .map((variable) => line("env", "must be the name of an environment variable", variable));

const literalSecrets: Rule = (app, _, line) =>
  plainSecrets(app).map((path) =>
    line(
      path,
      "must not be a literal: give a path in secrets, and name the Secret; what is none says notSecret(text, why)",
      "(not shown)",
    ),
  );

/** Requests are allowed as far as they are needed, and single containers are the limit range's. */
const FOLLOWS = /^requests\.(cpu|memory):|of a container:/;

const size: Rule = (app, environment, line) => {
  if (!app.ownsNamespace) return [];
  const own = ownSize(app);
  const size = own ?? "xl";
  const missing = shortages(needIn(app, environment, size), size).filter(
    (each) => own === undefined || !FOLLOWS.test(each),
  );
  return missing.length === 0 ? [] : [line("size", `must fit a namespace: ${missing.join("; ")}`, app.size)];
};

const RULES: readonly Rule[] = [
  name,
  owned,
  alsoInto,
  source,
  places,
  port,
  host,
  namedWayProblems,
  loadBalancers,
  serviceProblems,
  linkProblems,
  secrets,
  storageProblems,
  flags,
  environments,
  overrides,
  kinds,
  env,
  clusterRoleProblems,
  containerProblems,
  variableProblems,
  portProblems,
  mountProblems,
  runProblems,
  deviceProblems,
  literalSecrets,
  privilegeProblems,
  size,
];

export const appProblems = (app: ResolvedApp, environment: AppEnvironment): string[] =>
  RULES.flatMap((rule) => rule(app, environment, lineOf(app.name)));
