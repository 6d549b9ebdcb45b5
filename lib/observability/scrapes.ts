import { ETCD_METRICS_PORT } from "../core/platform/etcd-metrics.ts";
import { METRIC_SOURCES, type MetricSource } from "./metric-sources.ts";
import { VmObject, type VmSpec } from "./vm-objects.ts";

/** Pods that are scraped at a named port of a container. */
interface PodScrape {
  readonly source: MetricSource;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly port: string;
}

/**
 * Pods that the stack's chart does not scrape by itself, with the labels and port names of each chart. Pods and not
 * Services are named, as not every chart makes a Service for metrics.
 */
const POD_SCRAPES: readonly PodScrape[] = [
  {
    source: METRIC_SOURCES["node-exporter"],
    namespace: "monitoring",
    labels: { "app.kubernetes.io/name": "prometheus-node-exporter" },
    port: "metrics",
  },
  {
    source: METRIC_SOURCES["cilium-agent"],
    namespace: "kube-system",
    labels: { "k8s-app": "cilium" },
    port: "prometheus",
  },
  {
    source: METRIC_SOURCES.hubble,
    namespace: "kube-system",
    labels: { "k8s-app": "cilium" },
    port: "hubble-metrics",
  },
  {
    source: METRIC_SOURCES.argocd,
    namespace: "argocd",
    labels: { "app.kubernetes.io/part-of": "argocd" },
    port: "metrics",
  },
  {
    source: METRIC_SOURCES["cert-manager"],
    namespace: "cert-manager",
    labels: { "app.kubernetes.io/component": "controller" },
    port: "http-metrics",
  },
  {
    source: METRIC_SOURCES.velero,
    namespace: "velero",
    labels: { "app.kubernetes.io/name": "velero" },
    port: "http-monitoring",
  },
];

/** Scrape interval; alerts look at ten minutes and more. */
const INTERVAL = "30s";

/** Series that cost much and that nothing here asks for. */
const DROPPED = "hubble_port_distribution_total|(go|process|promhttp)_.*";

const drop = [{ action: "drop" as const, sourceLabels: ["__name__"], regex: DROPPED }];

const podScrape = ({ source, namespace, labels, port }: PodScrape): VmSpec<"VMPodScrape"> => ({
  namespaceSelector: { matchNames: [namespace] },
  selector: { matchLabels: { ...labels } },
  podMetricsEndpoints: [
    {
      port,
      interval: INTERVAL,
      // The operator would call the job after its own object.
      relabelConfigs: [{ targetLabel: "job", replacement: source.job }],
      metricRelabelConfigs: drop,
    },
  ],
});

export interface ScrapesProps {
  /** Namespace of the objects, which is that of the metrics agent. */
  readonly namespace: string;
  /** Addresses of the control planes, where etcd runs outside of Kubernetes. */
  readonly controlPlanes: readonly string[];
  /** The sources that the environment has. */
  readonly sources: readonly MetricSource[];
}

/** The scrapes as objects of VictoriaMetrics' operator. Those of sources that the stack's chart scrapes are not there. */
export const scrapes = ({
  namespace,
  controlPlanes,
  sources,
}: ScrapesProps): (VmObject<"VMPodScrape"> | VmObject<"VMStaticScrape">)[] => [
  new VmObject(
    "VMStaticScrape",
    { name: "etcd", namespace },
    {
      jobName: METRIC_SOURCES.etcd.job,
      targetEndpoints: [
        {
          targets: controlPlanes.map((address) => `${address}:${ETCD_METRICS_PORT}`),
          interval: INTERVAL,
          metricRelabelConfigs: drop,
        },
      ],
    },
  ),
  ...POD_SCRAPES.filter(({ source }) => sources.includes(source)).map(
    (scrape) => new VmObject("VMPodScrape", { name: scrape.source.name, namespace }, podScrape(scrape)),
  ),
];
