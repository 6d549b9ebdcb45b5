import type { Dashboard, Panel, Query } from "./dashboard.ts";

const query = (expression: string, legend: string): Query => ({ expression, legend });

const lines = (title: string, description: string, unit: string, ...queries: [Query, ...Query[]]): Panel => ({
  title,
  description,
  kind: "timeseries",
  unit,
  queries,
});

const table = (
  title: string,
  description: string,
  unit: string,
  query: Query,
  alarmAbove?: number,
): Panel => ({
  title,
  description,
  kind: "table",
  unit,
  queries: [query],
  ...(alarmAbove !== undefined && { alarmAbove }),
});

const number = (title: string, description: string, expression: string, alarmAbove: number): Panel => ({
  title,
  description,
  kind: "stat",
  unit: "short",
  queries: [query(expression, "")],
  alarmAbove,
});

const capacity: Dashboard = {
  uid: "capacity",
  title: "Capacity",
  panels: [
    lines(
      "Memory left",
      "Evictions begin at 256Mi, on converged control planes at 512Mi.",
      "bytes",
      query("node_memory_MemAvailable_bytes", "{{instance}}"),
    ),
    lines(
      "CPU in use",
      "Share of a node's cores.",
      "percentunit",
      query('1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))', "{{instance}}"),
    ),
    lines(
      "Memory asked for",
      "Requests of all pods against what the node has to give.",
      "percentunit",
      query(
        'sum by (node) (kube_pod_container_resource_requests{resource="memory"}) / sum by (node) (kube_node_status_allocatable{resource="memory"})',
        "{{node}}",
      ),
    ),
    table(
      "Quotas",
      "Share of each namespace's quota; at 1 new pods are refused.",
      "percentunit",
      query(
        'kube_resourcequota{type="used"} / ignoring (type) (kube_resourcequota{type="hard"} > 0)',
        "{{namespace}} {{resource}}",
      ),
      0.9,
    ),
    lines(
      "Disk left on /var",
      "The kubelet removes images at 15 %, and evicts pods at 10 %.",
      "percentunit",
      query(
        'node_filesystem_avail_bytes{mountpoint="/var"} / node_filesystem_size_bytes{mountpoint="/var"}',
        "{{instance}}",
      ),
    ),
    table(
      "Volumes",
      "Share in use of each claim.",
      "percentunit",
      query(
        "1 - kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes",
        "{{namespace}}/{{persistentvolumeclaim}}",
      ),
      0.9,
    ),
  ],
};

const etcd: Dashboard = {
  uid: "etcd",
  title: "etcd",
  panels: [
    number("Members that do not answer", "None, or quorum is at risk.", 'sum(up{job="etcd"} == bool 0)', 1),
    lines(
      "Elections",
      "Changes of the leader within an hour.",
      "short",
      query("increase(etcd_server_leader_changes_seen_total[1h])", "{{instance}}"),
    ),
    lines(
      "Waiting for the disk",
      "99th percentile of writes to the log: above 100 ms heartbeats are missed.",
      "s",
      query(
        "histogram_quantile(0.99, sum by (instance, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[10m])))",
        "{{instance}}",
      ),
    ),
    lines(
      "Database",
      "Its size, and the quota at which writes are refused.",
      "bytes",
      query("etcd_mvcc_db_total_size_in_bytes", "{{instance}}"),
      query("max(etcd_server_quota_backend_bytes)", "quota"),
    ),
    lines("Has a leader", "1 where it has.", "short", query("etcd_server_has_leader", "{{instance}}")),
  ],
};

const networkPolicy: Dashboard = {
  uid: "network-policy",
  title: "Network policy",
  panels: [
    lines(
      "Dropped by policies",
      "Packets a second on each node.",
      "pps",
      query(
        'sum by (instance, direction) (rate(cilium_drop_count_total{reason="Policy denied"}[10m]))',
        "{{instance}} {{direction}}",
      ),
    ),
    lines(
      "Would be dropped",
      "Connections that policies in audit let through.",
      "short",
      query(
        'sum by (direction) (increase(hubble_policy_verdicts_total{action="audit"}[1h]))',
        "{{direction}}",
      ),
    ),
    lines(
      "Verdicts",
      "New connections by what became of them.",
      "short",
      query("sum by (action) (rate(hubble_policy_verdicts_total[5m]))", "{{action}}"),
    ),
    lines(
      "Dropped, whatever the reason",
      "Hubble's view.",
      "short",
      query("sum by (reason) (rate(hubble_drop_total[5m]))", "{{reason}}"),
    ),
    lines(
      "Flows seen",
      "None means that Hubble sees nothing.",
      "short",
      query("sum by (instance) (rate(hubble_flows_processed_total[5m]))", "{{instance}}"),
    ),
    lines(
      "Endpoints",
      "Pods by their state in Cilium.",
      "short",
      query("sum by (endpoint_state) (cilium_endpoint_state)", "{{endpoint_state}}"),
    ),
  ],
};

const backups: Dashboard = {
  uid: "backups",
  title: "Backups",
  panels: [
    table(
      "Age of the last good volume backup",
      "More than 30 hours for a daily one calls.",
      "s",
      query('time() - velero_backup_last_successful_timestamp{schedule!=""}', "{{schedule}}"),
    ),
    table(
      "Last volume backup",
      "1 for success, 0 for failure.",
      "short",
      query('velero_backup_last_status{schedule!=""}', "{{schedule}}"),
    ),
    lines(
      "Size of volume backups",
      "Of the objects; a sudden fall means that something is left out.",
      "bytes",
      query('velero_backup_tarball_size_bytes{schedule!=""}', "{{schedule}}"),
    ),
    table(
      "Age of the last good run of each job",
      "Among them the snapshot of etcd, every six hours.",
      "s",
      query("time() - kube_cronjob_status_last_successful_time", "{{namespace}}/{{cronjob}}"),
    ),
  ],
};

const gitops: Dashboard = {
  uid: "gitops",
  title: "ArgoCD",
  panels: [
    number(
      "Out of sync",
      "Applications that are not what Git says.",
      'count(argocd_app_info{sync_status!="Synced"}) or vector(0)',
      1,
    ),
    number(
      "Unhealthy",
      "Applications with an object that is not well.",
      'count(argocd_app_info{health_status!="Healthy"}) or vector(0)',
      1,
    ),
    lines(
      "Syncs",
      "Within an hour, by how they ended.",
      "short",
      query("sum by (phase) (increase(argocd_app_sync_total[1h]))", "{{phase}}"),
    ),
    table("Applications", "Each with its state.", "short", query("argocd_app_info", "{{name}}")),
  ],
};

/** Every dashboard. */
export const DASHBOARDS: readonly Dashboard[] = [capacity, etcd, networkPolicy, backups, gitops];
