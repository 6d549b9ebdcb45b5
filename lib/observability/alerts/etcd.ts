import type { AlertGroup } from "../alert.ts";

/** Alerts of what takes the cluster's state away: lost quorum, elections, a full database, a slow disk. */
export const etcdAlerts: AlertGroup = {
  name: "etcd",
  alerts: [
    {
      name: "EtcdQuorumLost",
      expression: 'sum(up{job="etcd"}) <= count(up{job="etcd"}) / 2',
      for: "1m",
      severity: "critical",
      summary: "etcd has no quorum: {{ $value }} members answer",
      description:
        "The Kubernetes API is down or about to be. Pods go on as they are; nothing can be changed.",
    },
    {
      name: "EtcdMemberDown",
      expression: 'up{job="etcd"} == 0',
      for: "5m",
      severity: "critical",
      summary: "The etcd member at {{ $labels.instance }} does not answer",
      description: "With three members, losing one more loses the quorum.",
    },
    {
      name: "EtcdNoLeader",
      expression: "etcd_server_has_leader == 0",
      for: "1m",
      severity: "critical",
      summary: "The etcd member at {{ $labels.instance }} knows no leader",
      description: "It takes no writes. On all members at once it is a lost quorum.",
    },
    {
      name: "EtcdLeaderChanges",
      expression: "max(increase(etcd_server_leader_changes_seen_total[1h])) > 3",
      for: "5m",
      severity: "warning",
      summary: "etcd changed its leader {{ $value | humanize }} times within an hour",
      description: "Members miss heartbeats: a slow disk, a full CPU, or the network between control planes.",
    },
    {
      name: "EtcdDatabaseAlmostFull",
      expression: "etcd_mvcc_db_total_size_in_bytes / etcd_server_quota_backend_bytes > 0.8",
      for: "10m",
      severity: "warning",
      summary:
        "etcd's database at {{ $labels.instance }} fills {{ $value | humanizePercentage }} of its quota",
      description: "At its quota etcd refuses every write.",
    },
    {
      name: "EtcdSlowDisk",
      expression:
        "histogram_quantile(0.99, sum by (instance, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[10m]))) > 0.1",
      for: "15m",
      severity: "warning",
      summary: "etcd at {{ $labels.instance }} waits {{ $value | humanizeDuration }} for its disk",
      description: "etcd shares the disk with workloads here. Slow writes end in elections.",
    },
  ],
};
