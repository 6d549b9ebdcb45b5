/** A metric that alerts and dashboards may use. */
export interface Metric {
  readonly name: string;
  /**
   * Labels whose values come and go with the state they tell, so that a missing series says nothing.
   * @default - none
   */
  readonly states?: readonly string[];
  /**
   * The reason why the metric may be missing although all is well, e.g. a counter of what never happened yet.
   * @default - the metric is always there
   */
  readonly rare?: string;
}

/** Something that is scraped. */
export interface MetricSource {
  /** Name of the program that has the metrics. */
  readonly name: string;
  /** Value of the label `job` of its series. */
  readonly job: string;
  /** Names of its metrics. */
  readonly metrics: readonly Metric[];
}

const metrics = (...names: string[]): Metric[] => names.map((name) => ({ name }));

/**
 * The sources that are scraped, with the metrics that alerts and dashboards may ask for: a metric that no source has
 * is refused, because an alert on it could never fire. Names were read from the sources of the versions that run;
 * `up` belongs to every source.
 */
export const METRIC_SOURCES = {
  /** etcd 3.6 on Talos, on its metrics port. */
  etcd: {
    name: "etcd",
    job: "etcd",
    metrics: metrics(
      "etcd_server_has_leader",
      "etcd_server_leader_changes_seen_total",
      "etcd_mvcc_db_total_size_in_bytes",
      "etcd_server_quota_backend_bytes",
      "etcd_disk_wal_fsync_duration_seconds_bucket",
    ),
  },
  /** Chart kube-state-metrics 7.2.1. */
  "kube-state-metrics": {
    name: "kube-state-metrics",
    job: "kube-state-metrics",
    metrics: [
      ...metrics(
        "kube_node_status_condition",
        "kube_node_status_allocatable",
        "kube_pod_container_resource_requests",
        "kube_resourcequota",
        "kube_deployment_spec_replicas",
        "kube_deployment_status_replicas_available",
        "kube_statefulset_replicas",
        "kube_statefulset_status_replicas_ready",
        "kube_cronjob_created",
        "kube_cronjob_spec_suspend",
        "kube_cronjob_status_last_schedule_time",
      ),
      {
        name: "kube_persistentvolumeclaim_labels",
        rare: "a cluster without claims has none; the chart's metricLabelsAllowlist names the label",
      },
      { name: "kube_cronjob_status_last_successful_time", rare: "a job that never succeeded has none" },
      { name: "kube_job_failed", rare: "only jobs that ended have it, and they go with their history" },
      { name: "kube_job_status_failed", rare: "jobs go with their history" },
      { name: "kube_job_owner", rare: "jobs go with their history" },
    ],
  },
  /** Chart prometheus-node-exporter 4.52.0. */
  "node-exporter": {
    name: "node-exporter",
    job: "node-exporter",
    metrics: metrics(
      "node_memory_MemAvailable_bytes",
      "node_memory_MemTotal_bytes",
      "node_vmstat_oom_kill",
      "node_cpu_seconds_total",
      "node_filesystem_avail_bytes",
      "node_filesystem_size_bytes",
    ),
  },
  /** Kubernetes 1.34. */
  kubelet: {
    name: "kubelet",
    job: "kubelet",
    metrics: ["kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"].map((name) => ({
      name,
      rare: "a cluster without claims has none",
    })),
  },
  /** Chart cilium 1.18.3, port 9962. */
  "cilium-agent": {
    name: "cilium-agent",
    job: "cilium-agent",
    metrics: [
      ...metrics("cilium_endpoint_state"),
      { name: "cilium_drop_count_total", rare: "a node that dropped nothing has no counter" },
    ],
  },
  /** Chart cilium 1.18.3, port 9965. */
  hubble: {
    name: "hubble",
    job: "hubble",
    metrics: [
      ...metrics("hubble_flows_processed_total"),
      { name: "hubble_drop_total", rare: "a node that dropped nothing has no counter" },
      { name: "hubble_policy_verdicts_total", states: ["action"] },
    ],
  },
  /** Chart argo-cd 7.7.7, ArgoCD 2.13. */
  argocd: {
    name: "argocd",
    job: "argocd",
    metrics: [
      { name: "argocd_app_info", states: ["sync_status", "health_status"] },
      { name: "argocd_app_sync_total", states: ["phase"], rare: "counts from the controller's start" },
    ],
  },
  /** cert-manager 1.14.4. */
  "cert-manager": {
    name: "cert-manager",
    job: "cert-manager",
    metrics: metrics(
      "certmanager_certificate_expiration_timestamp_seconds",
      "certmanager_certificate_ready_status",
    ),
  },
  /** Velero 1.18. */
  velero: {
    name: "velero",
    job: "velero",
    metrics: metrics(
      "velero_backup_attempt_total",
      "velero_backup_last_status",
      "velero_backup_last_successful_timestamp",
      "velero_backup_tarball_size_bytes",
    ),
  },
  /** VictoriaMetrics 1.138.0, which evaluates the rules. */
  vmalert: {
    name: "vmalert",
    job: "vmalert-vm-stack",
    metrics: metrics("vmalert_alerting_rules_errors_total"),
  },
  /** Alertmanager 0.28.1, which sends the notifications. */
  alertmanager: {
    name: "alertmanager",
    job: "vmalertmanager-vm-stack",
    metrics: metrics("alertmanager_notifications_failed_total"),
  },
} as const satisfies Record<string, MetricSource>;

export type MetricSourceName = keyof typeof METRIC_SOURCES;
