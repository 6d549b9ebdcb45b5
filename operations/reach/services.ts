/** Services of charts, as they were rendered: a port of a Service is another one at its pods, where policies decide. */
import { environmentCharts, type KnownChart } from "../../environments/recorded/chart-facts.ts";
import { podTemplateOf, type RenderedContainer } from "../../lib/core/facts/rendered.ts";
import { selects } from "../../lib/core/kubernetes/label-selector.ts";
import type { PolicyPort } from "../../lib/proofs/evaluator/endpoint-policy.ts";
import type { Identity } from "../../lib/proofs/evaluator/identities.ts";

type Labels = Readonly<Record<string, string>>;

interface ServedPod {
  readonly labels: Labels;
  /** Ports that its containers name. */
  readonly listens: readonly PolicyPort[];
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Labels;
  readonly pods: readonly ServedPod[];
  /** Ports of the Service, each with the number that it has at the pods. */
  readonly ports: readonly (PolicyPort & { readonly target: number })[];
}

const portsOf = (containers: readonly RenderedContainer[]) => containers.flatMap(({ ports = [] }) => ports);

/** The Services with pods of rendered charts. A port whose name no container has stays as it is. */
export const servicesOf = (
  charts: readonly Pick<KnownChart, "namespace" | "services" | "workloads" | "operated">[],
): Service[] =>
  charts.flatMap(({ namespace: own, services, workloads, operated }) =>
    services.flatMap(({ metadata: { name, namespace = own }, spec: { selector, ports = [] } }): Service[] => {
      if (selector === undefined) return [];
      const templates = [...workloads, ...operated]
        .filter((each) => (each.metadata.namespace ?? own) === namespace)
        .map(podTemplateOf)
        .filter(({ metadata }) => selects({ matchLabels: selector }, metadata.labels ?? {}));
      const named = portsOf(templates.flatMap(({ spec }) => spec.containers));
      return [
        {
          namespace,
          name,
          selector,
          pods: templates.map(({ metadata, spec }) => ({
            labels: metadata.labels ?? {},
            listens: portsOf(spec.containers).map((each) => ({
              protocol: protocolOf(each.protocol),
              port: each.containerPort,
            })),
          })),
          ports: ports.map(({ port, targetPort = port, protocol }) => ({
            protocol: protocolOf(protocol),
            port,
            target:
              typeof targetPort === "number"
                ? targetPort
                : (named.find((each) => each.name === targetPort)?.containerPort ?? port),
          })),
        },
      ];
    }),
  );

const protocolOf = (protocol = "TCP") => protocol as PolicyPort["protocol"];

/** The Services of an environment's recorded charts. */
export const recordedServices = (environment: string): Service[] =>
  servicesOf(environmentCharts(environment).flatMap((each) => (each.known ? [each] : [])));

/** The Service of a name, `traefik/traefik` or `traefik.traefik.svc`, with the domain of the cluster or without. */
export const serviceNamed = (text: string, services: readonly Service[]): Service | undefined => {
  const [, dnsName, dnsNamespace] = /^([^./]+)\.([^./]+)\.svc(\.cluster\.local)?$/.exec(text) ?? [];
  const wanted = dnsName === undefined ? text : `${dnsNamespace}/${dnsName}`;
  return services.find(({ namespace, name }) => `${namespace}/${name}` === wanted);
};

/** Tells the releases of one chart apart; `Directory` guesses it for an app, and charts add the release's name. */
const INSTANCE = "app.kubernetes.io/instance";

/** True when nothing that is known of the end speaks against being one of the pods. */
const isOneOf = ({ pods }: Service, labels: Labels): boolean =>
  pods.some((pod) => {
    const shared = Object.keys(labels).filter((key) => pod.labels[key] !== undefined);
    const telling = shared.filter((key) => key !== INSTANCE);
    const compared = telling.length > 0 ? telling : shared;
    return compared.length > 0 && compared.every((key) => pod.labels[key] === labels[key]);
  });

export interface Translation {
  readonly port: PolicyPort;
  readonly notes: readonly string[];
}

/**
 * The port that policies see when a client dials a port of an end: a Service's is its pods' before any policy. A port
 * that the pods themselves listen on is meant as theirs.
 */
export const translatedPort = (
  end: Identity,
  port: PolicyPort,
  services: readonly Service[],
): Translation => {
  if (end.kind !== "pod") return { port, notes: [] };
  const { namespace: place, labels = {} } = end;
  const behind = services.filter((each) => each.namespace === place && isOneOf(each, labels));
  const listens = behind.some(({ pods }) =>
    pods.some((pod) =>
      pod.listens.some((each) => each.port === port.port && each.protocol === port.protocol),
    ),
  );
  const [found] = behind.flatMap(({ namespace, name, ports }) =>
    ports
      .filter(
        (each) => each.port === port.port && each.protocol === port.protocol && each.target !== port.port,
      )
      .map(({ target }) => ({ target, service: `${namespace}/${name}` })),
  );
  if (!found) return { port, notes: [] };
  const shown = `${found.target}/${port.protocol}`;
  const own = `${port.port}/${port.protocol}`;
  return listens
    ? {
        port,
        notes: [
          `asked about ${own} of the pod itself; the Service ${found.service} leads from ${own} to ${shown}`,
        ],
      }
    : {
        port: { ...port, port: found.target },
        notes: [
          `${own} is a port of the Service ${found.service}: asked for ${shown}, which its pods listen on`,
        ],
      };
};
