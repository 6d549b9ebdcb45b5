/** Routes of the Gateway API, and rules for the names that apps have by ways in. */
import { HTTPRoute } from "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute";
import type { AppEnvironment } from "./app-environment.ts";
import type { Line } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import type { NamedWay } from "./ways.ts";

/** The HTTPRoute of an app by a gateway, which ends TLS at its listener. */
export const httpRouteOf = (
  { name, namespace, service }: ResolvedApp,
  { by, host, way }: NamedWay,
): HTTPRoute | undefined => {
  if (way?.kind !== "gateway" || service === undefined) return undefined;
  const { name: gateway, namespace: home, listener } = way.gateway;
  return new HTTPRoute({
    metadata: { name: `${name}-${by}`, namespace },
    spec: {
      parentRefs: [
        { name: gateway, namespace: home, ...(listener !== undefined && { sectionName: listener }) },
      ],
      hostnames: [host],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [{ name: service.name, port: service.port }],
        },
      ],
    },
  });
};

const HOST = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/** Names by ways that the environment does not have, outside of their domain, or with a login that nothing asks for. */
export const namedWayProblems = (
  app: ResolvedApp,
  { edge, name: home, taken }: AppEnvironment,
  line: Line,
): string[] =>
  app.alsoAt.flatMap(({ by, host, authentication, way }) => {
    const path = `alsoAt.${by}`;
    if (way === undefined) {
      const ways = Object.keys(edge.ways ?? {}).join(", ") || "none: host is served by its Ingress class";
      return [line(path, `must be a way in of ${home}, which stand in its edge.ways: ${ways}`, host)];
    }
    const domain = way.domain ?? edge.domain;
    const owner = taken.get(host);
    return [
      ...(HOST.test(host) && host.endsWith(`.${domain}`)
        ? []
        : [line(`${path}.host`, `must be a lower-case name in ${domain}`, host)]),
      ...(owner ? [line(`${path}.host`, `must be free; it is ${owner}`, host)] : []),
      ...(app.port === undefined
        ? [line("port", `must be a port: the app has a name by ${by}`, "none")]
        : []),
      ...(way.kind === "gateway" && authentication === "on"
        ? [
            line(
              `${path}.authentication`,
              "must be off: a gateway asks nobody who they are, and the app itself has to; an Ingress does",
              authentication,
            ),
          ]
        : []),
    ];
  });

/** Traefik serves routes of version v1 from Traefik 3 on, which is its chart 28. */
const FIRST_CHART = 28;

/** Gateways whose driver is no app that lives here, or one that cannot serve them. */
export const gatewayProblems = (apps: readonly ResolvedApp[], { edge, name }: AppEnvironment): string[] =>
  Object.entries(edge.ways ?? {}).flatMap(([by, way]) => {
    if (way.kind !== "gateway" || way.driver.side !== "apps") return [];
    const path = `edge.ways.${by}.driver.name`;
    const driver = apps.find((app) => app.name === way.driver.name);
    const given = JSON.stringify(way.driver.name);
    if (driver === undefined) return [`${path}: must be an app that lives in ${name}: got ${given}`];
    const { source } = driver;
    const isOld =
      source.kind === "chart" &&
      source.props.chart.name === "traefik" &&
      Number.parseInt(source.version, 10) < FIRST_CHART;
    return isOld
      ? [
          `${path}: must be of chart ${FIRST_CHART} or later: before it Traefik serves no HTTPRoute of v1: got ${given} ${source.version}`,
        ]
      : [];
  });
