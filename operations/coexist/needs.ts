/** Flows that the objects of the GitOps side say they need. */
import type { GitopsNeed, GitopsPod } from "../../environments/recorded/gitops-facts.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import { API_SERVER_PORT } from "../../lib/core/platform/api-server.ts";
import { platformPods } from "../../lib/network/platform-pods.ts";
import { ENDS } from "../../lib/proofs/network/inventory.ts";
import type { PlacedObject, Rendered, RenderedPod } from "./rendered.ts";

type Need = GitopsNeed;
type Target = Pick<Need, "to" | "protocol" | "port">;

/** `name.namespace.svc`, with a port or without. */
const SERVICE_NAME =
  /\b([a-z0-9][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)\.svc\b(?:\.cluster\.local)?(?::(\d{1,5}))?/g;
/** A URL with a user in it is left out: nothing of it may be recorded. */
const OUTSIDE_URL = /\bhttps?:\/\/(?![^\s/]*@)([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::(\d{1,5}))?/gi;

const BOUND = ["rbac.authorization.k8s.io/ClusterRoleBinding", "rbac.authorization.k8s.io/RoleBinding"];
const MONITORS = ["ServiceMonitor", "VMServiceScrape"];
const ROUTES = ["Ingress", "IngressRoute", "IngressRouteTCP", "IngressRouteUDP"];

/**
 * Needs of pods: routes to them, scrapes, Services and servers outside that their variables and arguments name,
 * and who may use the Kubernetes API.
 */
export const needsOf = ({ objects, pods }: Rendered): Need[] => {
  const services = new Services(objects, pods);
  const hosts = routedHosts(objects);
  const all = [
    ...objects.flatMap((object) => routed(object, services)),
    ...objects.flatMap((object) => scraped(object, services)),
    ...pods.flatMap((pod) => named(pod, services, hosts)),
    ...apiUsers(objects, pods),
  ];
  return [
    ...new Map(all.map((need) => [`${need.from} ${need.to} ${need.port}/${need.protocol}`, need])).values(),
  ];
};

/** Services by name, and the pods behind them. */
class Services {
  readonly all: readonly PlacedObject[];

  constructor(
    objects: readonly PlacedObject[],
    private readonly pods: readonly RenderedPod[],
  ) {
    this.all = objects.filter(({ object }) => object.kind === "Service");
  }

  /** The targets of a port of a Service: by a name, a number, or every port. */
  targets(namespace: string, name: string, port?: unknown): Target[] {
    return this.all
      .filter((service) => service.namespace === namespace && service.name === name)
      .flatMap(({ object }) => this.behind(namespace, object, port));
  }

  behind(namespace: string, service: Fields, wanted?: unknown): Target[] {
    const { selector, ports } = fieldsOf(service.spec);
    if (!isFields(selector)) return [];
    const pods = this.pods.filter((pod) => pod.namespace === namespace && hasLabels(pod, selector));
    return listOf(ports)
      .map(fieldsOf)
      .filter(({ name, port }) => wanted === undefined || wanted === name || Number(wanted) === port)
      .flatMap(({ port, targetPort = port, protocol }) =>
        pods.flatMap((pod): Target[] => {
          const number = typeof targetPort === "string" ? numberOf(pod, targetPort) : Number(targetPort);
          return number ? [{ to: pod.id, port: number, protocol: protocol === "UDP" ? "UDP" : "TCP" }] : [];
        }),
      );
  }
}

const hasLabels = ({ labels }: GitopsPod, selector: Fields): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

const numberOf = ({ namedPorts = [] }: GitopsPod, name: string): number | undefined =>
  /^\d+$/.test(name) ? Number(name) : namedPorts.find((port) => port.name === name)?.port;

/** From the gateway to what a route names, and from outside to what a load balancer serves. */
const routed = ({ object, namespace, name }: PlacedObject, services: Services): Need[] => {
  const kind = textOf(object.kind);
  const why = `${kind} ${namespace}/${name}`;
  if (kind === "Service" && fieldsOf(object.spec).type === "LoadBalancer")
    return services.behind(namespace, object).map((target) => ({ from: ENDS.world, ...target, why }));
  if (!ROUTES.includes(kind)) return [];
  return maps(object.spec).flatMap((backend) => {
    const { service, name: route, port, namespace: other } = backend;
    const ingress = fieldsOf(service);
    const found = isFields(service)
      ? services.targets(namespace, textOf(ingress.name), numberOrName(ingress.port))
      : port === undefined
        ? []
        : services.targets(textOf(other) || namespace, textOf(route), port);
    return found.map((target) => ({ from: platformPods.traefik.id, ...target, why }));
  });
};

const numberOrName = (port: unknown): unknown => fieldsOf(port).number ?? fieldsOf(port).name;

/** Every map below. */
const maps = (value: unknown): Fields[] => {
  if (Array.isArray(value)) return value.flatMap(maps);
  return isFields(value) ? [value, ...Object.values(value).flatMap(maps)] : [];
};

const scraped = ({ object, namespace, name }: PlacedObject, services: Services): Need[] => {
  if (!MONITORS.includes(textOf(object.kind))) return [];
  const { selector, endpoints, namespaceSelector } = fieldsOf(object.spec);
  const { any, matchNames } = fieldsOf(namespaceSelector);
  const names = listOf(matchNames).length > 0 ? listOf(matchNames) : [namespace];
  const wanted = Object.entries(fieldsOf(fieldsOf(selector).matchLabels));
  if (wanted.length === 0) return [];
  return services.all
    .filter((service) => any === true || names.includes(service.namespace))
    .filter((service) => {
      const labels = fieldsOf(fieldsOf(service.object.metadata).labels);
      return wanted.every(([key, value]) => labels[key] === value);
    })
    .flatMap((service) =>
      listOf(endpoints).flatMap((endpoint) =>
        services.behind(service.namespace, service.object, fieldsOf(endpoint).port),
      ),
    )
    .map((target) => ({
      from: platformPods.scraper.id,
      ...target,
      why: `${object.kind} ${namespace}/${name}`,
    }));
};

/** Services and servers outside that variables and arguments name. */
const named = ({ id, template }: RenderedPod, services: Services, hosts: ReadonlySet<string>): Need[] => {
  const { containers, initContainers } = fieldsOf(template.spec);
  const texts = [...listOf(containers), ...listOf(initContainers)]
    .map(fieldsOf)
    .flatMap(({ env, args, command }) => [
      ...listOf(env).map((each) => textOf(fieldsOf(each).value)),
      ...[...listOf(args), ...listOf(command)].map(textOf),
    ]);
  return texts.flatMap((text) => [
    ...[...text.matchAll(SERVICE_NAME)].flatMap(([address, name = "", namespace = "", port]) =>
      services
        .targets(namespace, name, port)
        .map((target): Need => ({ from: id, ...target, why: `${address} in ${id}` })),
    ),
    ...[...text.matchAll(OUTSIDE_URL)]
      .filter(([, host = ""]) => !/\.(svc|local|localhost)$|\.svc\./.test(host) && !/^(127|0)\./.test(host))
      .map(([url, host = "", port]): Need => {
        const number = Number(port ?? (url.startsWith("https") ? 443 : 80));
        // Cilium translates the gateway's address to its pod before it asks the policies.
        const target = hosts.has(host.toLowerCase())
          ? { to: platformPods.traefik.id, port: number === 80 ? 8000 : 8443 }
          : { to: host.toLowerCase(), port: number };
        return { from: id, protocol: "TCP", ...target, why: `${url} in ${id}` };
      }),
  ]);
};

/** Host names that the gateway serves. */
const routedHosts = (objects: readonly PlacedObject[]): ReadonlySet<string> =>
  new Set(
    objects
      .filter(({ object }) => ROUTES.includes(textOf(object.kind)))
      .flatMap(({ object }) => maps(object.spec))
      .flatMap(({ host, match }) => [
        textOf(host),
        ...[...textOf(match).matchAll(/`([a-z0-9.-]+)`/g)].map(([, name = ""]) => name),
      ]),
  );

/** Pods whose service account is bound to a role. */
const apiUsers = (objects: readonly PlacedObject[], pods: readonly RenderedPod[]): Need[] =>
  objects
    .filter(({ object }) =>
      BOUND.includes(`${textOf(object.apiVersion).split("/")[0]}/${textOf(object.kind)}`),
    )
    .flatMap(({ object, name, namespace }) =>
      listOf(object.subjects)
        .map(fieldsOf)
        .filter(({ kind }) => kind === "ServiceAccount")
        .flatMap((subject) =>
          pods
            .filter(
              (pod) =>
                pod.namespace === (textOf(subject.namespace) || namespace) &&
                pod.serviceAccount === subject.name,
            )
            .map(
              ({ id }): Need => ({
                from: id,
                to: ENDS.apiServer,
                protocol: "TCP",
                port: API_SERVER_PORT,
                why: `${object.kind} ${name}`,
              }),
            ),
        ),
    );
