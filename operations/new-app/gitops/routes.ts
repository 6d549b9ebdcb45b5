/** Ways by which an app is reached from outside: its host, routes of the gateway for TCP and UDP, addresses of its own. */
import type { DeclaredLink } from "../../../lib/app/declaration.ts";
import { gateway } from "../../../lib/app/link-ends.ts";
import { exposedBy, loadBalancer } from "../../../lib/app/links.ts";
import { type Fields, fieldsOf, textOf } from "../../../lib/core/fields.ts";
import { Port } from "../../../lib/network/port.ts";
import { fieldsIn, nameIn, ofKind, present, unique } from "./objects.ts";

interface Surroundings {
  readonly environment: string;
  readonly port: number | undefined;
  /** False for manifests that bring their routes themselves. */
  readonly ownsRoute: boolean;
  readonly note: (what: string) => void;
}

interface Route {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly service: { readonly name: string; readonly port: number } | undefined;
  readonly links: readonly DeclaredLink[];
  /** `authentication` and `dns`, and the kinds that routes need. */
  readonly props: Fields;
  /** Objects beside the chart's own. */
  readonly values: Fields;
}

/** Services through which pods are called that are not there yet. */
const INTERCEPTOR = /^keda-/;

export const routeOf = (objects: readonly Fields[], app: string, around: Surroundings): Route => {
  const { environment, ownsRoute, note } = around;
  const rules = ofKind(objects, "Ingress").flatMap((ingress) =>
    fieldsIn(fieldsOf(ingress.spec).rules).map((rule) => ({ ingress, rule })),
  );
  const [first, ...others] = rules;
  const backend = first && backendOf(first.rule, objects, app);
  const port = around.port ?? backend?.port;
  const balancers = objects.flatMap((object) => balancerOf(object, environment, note));
  if (!ownsRoute) {
    const links = first && port !== undefined ? [exposedBy(gateway, Port.tcp(port))] : [];
    const none = { host: undefined, service: undefined, props: {}, values: {} };
    return { ...none, port, links: [...links, ...balancers] };
  }
  for (const { rule } of others)
    note(`host ${textOf(rule.host)}: an app has one: a route of its own is needed`);
  for (const { path = "/" } of fieldsIn(fieldsOf(first?.rule.http).paths))
    if (path !== "/") note(`path ${textOf(path)} of its host: here the whole host is its`);
  const passed = passedThrough(objects, app);
  return {
    host: first && textOf(first.rule.host),
    port,
    service: backend && (backend.name !== app || backend.port !== port) ? backend : undefined,
    links: [
      ...(passed.ports.length > 0
        ? [exposedBy(gateway, ...(port === undefined ? [] : [Port.tcp(port)]), ...passed.ports)]
        : []),
      ...balancers,
    ],
    props: { ...edgeOf(first?.ingress, note), ...present({ kinds: passed.kinds }) },
    values: passed.values,
  };
};

/** Annotations that follow from the app here. */
const FOLLOWS =
  /^(cert-manager\.io\/|traefik\.ingress\.kubernetes\.io\/router\.|external-dns\.alpha\.|argocd\.argoproj\.io\/|kubernetes\.io\/ingress\.class)/;
const MIDDLEWARES = /redirect-https|auth/;

const edgeOf = (ingress: Fields | undefined, note: (what: string) => void): Fields => {
  if (ingress === undefined) return {};
  const annotations = fieldsOf(fieldsOf(ingress.metadata).annotations);
  const middlewares = textOf(annotations["traefik.ingress.kubernetes.io/router.middlewares"]);
  const lost = Object.keys(annotations).filter((key) => !FOLLOWS.test(key));
  if (lost.length > 0) note(`annotations of its route: ${lost.join(", ")}: not carried over`);
  for (const each of middlewares.split(",").filter((name) => name.trim() !== "" && !MIDDLEWARES.test(name)))
    note(`middleware ${each.trim()}: not carried over`);
  return {
    ...(!/auth/.test(middlewares) && { authentication: "off" }),
    ...(annotations["external-dns.alpha.kubernetes.io/public"] === "true" && { dns: "public" }),
  };
};

/** The Service behind a route: the app's own where the route leads to what wakes it up. */
const backendOf = (rule: Fields, objects: readonly Fields[], app: string) => {
  const [path] = fieldsIn(fieldsOf(rule.http).paths);
  const { name, port } = fieldsOf(fieldsOf(path?.backend).service);
  const [scaled] = ofKind(objects, "HTTPScaledObject");
  const { service, port: scaledPort } = fieldsOf(fieldsOf(scaled?.spec).scaleTargetRef);
  const isWoken = INTERCEPTOR.test(textOf(name)) && scaled !== undefined;
  const [called, wanted] = isWoken ? [textOf(service), Number(scaledPort)] : [textOf(name), fieldsOf(port)];
  const number =
    typeof wanted === "number"
      ? wanted
      : Number(wanted.number ?? portNamed(objects, called, textOf(wanted.name)));
  return Number.isInteger(number) ? { name: called || app, port: number } : undefined;
};

const portNamed = (objects: readonly Fields[], service: string, name: string): unknown =>
  ofKind(objects, "Service")
    .filter((each) => nameIn(each) === service)
    .flatMap(({ spec }) => fieldsIn(fieldsOf(spec).ports))
    .find((port) => port.name === name)?.port;

/** A Service with an address of its own. */
const balancerOf = (
  { kind, metadata, spec }: Fields,
  environment: string,
  note: (what: string) => void,
): DeclaredLink[] => {
  const { type, ports, loadBalancerIP } = fieldsOf(spec);
  if (kind !== "Service" || type !== "LoadBalancer") return [];
  const annotations = fieldsOf(fieldsOf(metadata).annotations);
  const address =
    textOf(annotations["io.cilium/lb-ipam-ips"] ?? annotations["lbipam.cilium.io/ips"]) ||
    textOf(loadBalancerIP);
  if (address === "") {
    note(`Service ${textOf(fieldsOf(metadata).name)}: an address of the pool, and nothing says which`);
    return [];
  }
  const open = fieldsIn(ports).map(({ port, targetPort, protocol }) => {
    const number = Number.isInteger(targetPort) ? Number(targetPort) : Number(port);
    return protocol === "UDP" ? Port.udp(number) : Port.tcp(number);
  });
  return [exposedBy(loadBalancer({ [environment]: address }), ...open)];
};

/** Routes for TCP and UDP, as objects beside the chart's own. */
const passedThrough = (objects: readonly Fields[], app: string) => {
  const routes = ofKind(objects, "IngressRouteTCP", "IngressRouteUDP");
  const raw = routes.map(({ apiVersion, kind, metadata, spec }) => {
    const entries = fieldsIn(fieldsOf(spec).routes).map((route) => ({
      ...route,
      services: fieldsIn(route.services).map((service) => ({ ...service, name: app })),
    }));
    const object = { apiVersion, kind, spec: { spec: { ...fieldsOf(spec), routes: entries } } };
    return [nameIn({ metadata }), object] as const;
  });
  const ports = routes.flatMap(({ kind, spec }) =>
    fieldsIn(fieldsOf(spec).routes)
      .flatMap(({ services }) => fieldsIn(services).map(({ port }) => port))
      .filter(Number.isInteger)
      .map((port) => (kind === "IngressRouteUDP" ? Port.udp(Number(port)) : Port.tcp(Number(port)))),
  );
  return {
    ports: unique(ports, String),
    kinds: [...new Set(routes.map(({ kind }) => `traefik.io/${textOf(kind)}`))],
    values: present({ rawResources: Object.fromEntries(raw) }),
  };
};
