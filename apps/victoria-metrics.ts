import { app, egressTo, Port, talksToItself, usesKubernetesApi } from "../lib/app/index.ts";
import { volumeBackupLabel } from "../lib/core/platform/names.ts";
import { rulesAndScrapes } from "../lib/observability/objects.ts";

const NAMESPACE = "monitoring";
/** Prefix of the stack's objects, as vixens has it: jobs, services and the volume are called after it. */
const STACK = "vm-stack";
/** Keys `DISCORD_WEBHOOK_URL`, and for the two heartbeats `WATCHDOG_URL` and `ETCD_BACKUP_URL`. */
const SECRET = "victoria-metrics-alertmanager-secrets";

/** A label that all its pods carry; the operator's own labels name each object. */
const pods = { "vixens.lab/app": "victoria-metrics" };
const podMetadata = { labels: pods };
/** Runs as nobody, without capabilities: admission takes them from every pod. */
const useStrictSecurity = true;
/** Of the container that tells a pod of new rules: the smallest size, which its label names too. */
const configReloaderResources = {
  requests: { cpu: "5m", memory: "64Mi" },
  limits: { cpu: "50m", memory: "128Mi" },
};
const secretFile = (key: string) => `/etc/vm/secrets/${SECRET}/${key}`;

/** An alert that fires as long as all is well, to whoever calls when it stops. */
const heartbeat = (receiver: string, alert: string, every: string) => ({
  receiver,
  matchers: [`alertname = "${alert}"`],
  group_wait: "0s",
  group_interval: "1m",
  repeat_interval: every,
});
const heartbeatTo = (key: string) => ({ url_file: secretFile(key), send_resolved: false });

/** Metrics of the cluster, the alerts on them, and who hears of them. */
export const victoriaMetrics = app("victoria-metrics", {
  chart: {
    repository: "https://victoriametrics.github.io/helm-charts",
    name: "victoria-metrics-k8s-stack",
    version: "0.72.5",
  },
  environments: ["dev", "prod"],
  namespace: NAMESPACE,
  pods,
  port: 8428,
  service: { name: `vmsingle-${STACK}`, port: 8428 },
  size: "m",
  priority: "critical",
  places: {
    priorityClassName: [
      "victoria-metrics-operator.priorityClassName",
      "vmsingle.spec.priorityClassName",
      "vmagent.spec.priorityClassName",
      "vmalert.spec.priorityClassName",
      "alertmanager.spec.priorityClassName",
      "kube-state-metrics.priorityClassName",
    ],
    resources: [
      "vmsingle.spec.resources",
      { at: "victoria-metrics-operator.resources", size: "xs" },
      { at: "vmagent.spec.resources", size: "xs" },
      { at: "vmalert.spec.resources", size: "xs" },
      { at: "alertmanager.spec.resources", size: "xs" },
      { at: "kube-state-metrics.resources", size: "xs" },
    ],
    podLabels: [
      { at: "victoria-metrics-operator.podLabels", containers: { operator: "xs" } },
      { at: "kube-state-metrics.podLabels", containers: { "kube-state-metrics": "xs" } },
      { at: "vmsingle.spec.podMetadata.labels", containers: { vmsingle: "app" } },
      { at: "vmagent.spec.podMetadata.labels", containers: { vmagent: "xs", "config-reloader": "xs" } },
      { at: "vmalert.spec.podMetadata.labels", containers: { vmalert: "xs", "config-reloader": "xs" } },
      {
        at: "alertmanager.spec.podMetadata.labels",
        containers: { alertmanager: "xs", "config-reloader": "xs" },
      },
    ],
    replicas: [
      "victoria-metrics-operator.replicaCount",
      "vmsingle.spec.replicaCount",
      "vmagent.spec.replicaCount",
      "vmalert.spec.replicaCount",
      "alertmanager.spec.replicaCount",
      "kube-state-metrics.replicas",
    ],
  },
  network: [
    // Storage, metrics agent, rules and the operator, notifications; each is scraped too.
    talksToItself(Port.tcp(8428), Port.tcp(8429), Port.tcp(8080), Port.tcp(9093)),
    usesKubernetesApi(),
    egressTo("discord.com"),
    egressTo("hc-ping.com"),
  ],
  secrets: ["/apps/02-monitoring/alertmanager"],
  storage: {
    "vmsingle-vm-stack": {
      class: "synelia-iscsi-retain",
      size: "10Gi",
      madeByChart: true,
      backup: { off: "thirty days of metrics, which nobody would restore" },
    },
  },
  alsoInto: ["kube-system"],
  values: ({ names }) => ({
    fullnameOverride: STACK,
    "victoria-metrics-operator": {
      podLabels: pods,
      // Its certificate would differ at each rendering; rules are checked at synth.
      admissionWebhooks: { enabled: false },
      // A hook that deletes every object of the operator when the release goes.
      crds: { cleanup: { enabled: false } },
    },
    // Only alerts that stand in lib/observability, each with its runbook entry.
    defaultRules: { create: false },
    defaultDashboards: { enabled: false },
    grafana: { enabled: false },
    "prometheus-node-exporter": { enabled: false },
    // Talos has them listen on the node itself alone; etcd is scraped by an object of our own.
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeProxy: { enabled: false },
    kubeApiServer: { enabled: false },
    vmsingle: {
      spec: {
        podMetadata,
        useStrictSecurity,
        retentionPeriod: "30d",
        storage: {
          storageClassName: "synelia-iscsi-retain",
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "10Gi" } },
        },
      },
    },
    vmagent: { spec: { podMetadata, useStrictSecurity, configReloaderResources, scrapeInterval: "30s" } },
    vmalert: { spec: { podMetadata, useStrictSecurity, configReloaderResources, evaluationInterval: "1m" } },
    "kube-state-metrics": {
      podLabels: pods,
      // For the alert on a claim without a recent backup.
      metricLabelsAllowlist: [`persistentvolumeclaims=[${volumeBackupLabel(names.manager)}]`],
      collectors: [
        "cronjobs",
        "daemonsets",
        "deployments",
        "jobs",
        "namespaces",
        "nodes",
        "persistentvolumeclaims",
        "pods",
        "resourcequotas",
        "statefulsets",
      ],
    },
    alertmanager: {
      spec: { podMetadata, useStrictSecurity, configReloaderResources, secrets: [SECRET] },
      config: {
        route: {
          receiver: "discord",
          group_by: ["alertname", "namespace"],
          group_wait: "30s",
          group_interval: "5m",
          repeat_interval: "12h",
          routes: [
            heartbeat("watchdog", "Watchdog", "5m"),
            heartbeat("etcd-backup", "EtcdBackupHeartbeat", "1h"),
          ],
        },
        receivers: [
          {
            name: "discord",
            discord_configs: [{ webhook_url_file: secretFile("DISCORD_WEBHOOK_URL"), send_resolved: true }],
          },
          { name: "watchdog", webhook_configs: [heartbeatTo("WATCHDOG_URL")] },
          { name: "etcd-backup", webhook_configs: [heartbeatTo("ETCD_BACKUP_URL")] },
        ],
      },
    },
  }),
  override: {
    // Seven days are enough to try alerts out.
    dev: {
      size: "s",
      values: (environment) => ({
        vmsingle: { spec: { retentionPeriod: "7d" } },
        // Nobody installs Velero in dev.
        extraObjects: rulesAndScrapes(environment, NAMESPACE, ["velero"]),
      }),
    },
    prod: { values: (environment) => ({ extraObjects: rulesAndScrapes(environment, NAMESPACE) }) },
  },
});
