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
      fires: [
        {
          series: {
            'up{job="etcd",instance="a"}': "1x30",
            'up{job="etcd",instance="b"}': "1x5 0x25",
            'up{job="etcd",instance="c"}': "1x5 0x25",
          },
          at: "10m",
          labels: [{}],
        },
        {
          series: { 'up{job="etcd",instance="a"}': "1x30", 'up{job="etcd",instance="b"}': "0x30" },
          at: "10m",
          labels: [{}],
        },
      ],
      quiet: [
        {
          series: {
            'up{job="etcd",instance="a"}': "1x30",
            'up{job="etcd",instance="b"}': "1x30",
            'up{job="etcd",instance="c"}': "0x30",
          },
          at: "10m",
          because: "two members of three are a quorum",
        },
      ],
    },
    {
      name: "EtcdMemberDown",
      expression: 'up{job="etcd"} == 0',
      for: "5m",
      severity: "critical",
      summary: "The etcd member at {{ $labels.instance }} does not answer",
      description: "With three members, losing one more loses the quorum.",
      fires: [
        {
          series: { 'up{job="etcd",instance="a"}': "1x30", 'up{job="etcd",instance="b"}': "1x10 0x20" },
          at: "20m",
          labels: [{ job: "etcd", instance: "b" }],
        },
      ],
      quiet: [
        {
          series: { 'up{job="etcd",instance="a"}': "1x10 0x2 1x18" },
          at: "14m",
          because: "a restart takes less than five minutes",
        },
        { series: { 'up{job="node-exporter",instance="a"}': "0x30" }, at: "20m", because: "it is not etcd" },
      ],
    },
    {
      name: "EtcdNoLeader",
      expression: "etcd_server_has_leader == 0",
      for: "1m",
      severity: "critical",
      summary: "The etcd member at {{ $labels.instance }} knows no leader",
      description: "It takes no writes. On all members at once it is a lost quorum.",
      fires: [
        {
          series: { 'etcd_server_has_leader{job="etcd",instance="a"}': "1x5 0x20" },
          at: "10m",
          labels: [{ job: "etcd", instance: "a" }],
        },
      ],
      quiet: [
        {
          series: { 'etcd_server_has_leader{job="etcd",instance="a"}': "1x30" },
          at: "10m",
          because: "it has a leader",
        },
      ],
    },
    {
      name: "EtcdLeaderChanges",
      expression: "max(increase(etcd_server_leader_changes_seen_total[1h])) > 3",
      for: "5m",
      severity: "warning",
      summary: "etcd changed its leader {{ $value | humanize }} times within an hour",
      description: "Members miss heartbeats: a slow disk, a full CPU, or the network between control planes.",
      fires: [
        {
          series: { 'etcd_server_leader_changes_seen_total{job="etcd",instance="a"}': "0x20 1+1x6 7x60" },
          at: "40m",
          labels: [{}],
        },
      ],
      quiet: [
        {
          series: { 'etcd_server_leader_changes_seen_total{job="etcd",instance="a"}': "0x20 1x10 2x60" },
          at: "80m",
          because: "an upgrade moves the leader twice",
        },
      ],
    },
    {
      name: "EtcdDatabaseAlmostFull",
      expression: "etcd_mvcc_db_total_size_in_bytes / etcd_server_quota_backend_bytes > 0.8",
      for: "10m",
      severity: "warning",
      summary:
        "etcd's database at {{ $labels.instance }} fills {{ $value | humanizePercentage }} of its quota",
      description: "At its quota etcd refuses every write.",
      fires: [
        {
          series: {
            'etcd_mvcc_db_total_size_in_bytes{job="etcd",instance="a"}': "1900x30",
            'etcd_server_quota_backend_bytes{job="etcd",instance="a"}': "2000x30",
          },
          at: "20m",
          labels: [{ job: "etcd", instance: "a" }],
        },
      ],
      quiet: [
        {
          series: {
            'etcd_mvcc_db_total_size_in_bytes{job="etcd",instance="a"}': "1500x30",
            'etcd_server_quota_backend_bytes{job="etcd",instance="a"}': "2000x30",
          },
          at: "20m",
          because: "three quarters leave time",
        },
      ],
    },
    {
      name: "EtcdSlowDisk",
      expression:
        "histogram_quantile(0.99, sum by (instance, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[10m]))) > 0.1",
      for: "15m",
      severity: "warning",
      summary: "etcd at {{ $labels.instance }} waits {{ $value | humanizeDuration }} for its disk",
      description: "etcd shares the disk with workloads here. Slow writes end in elections.",
      fires: [
        {
          series: {
            'etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd",instance="a",le="0.064"}': "0x60",
            'etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd",instance="a",le="0.512"}': "0+60x60",
            'etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd",instance="a",le="+Inf"}': "0+60x60",
          },
          at: "40m",
          labels: [{ instance: "a" }],
        },
      ],
      quiet: [
        {
          series: {
            'etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd",instance="a",le="0.064"}': "0+60x60",
            'etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd",instance="a",le="0.512"}': "0+60x60",
            'etcd_disk_wal_fsync_duration_seconds_bucket{job="etcd",instance="a",le="+Inf"}': "0+60x60",
          },
          at: "40m",
          because: "64 ms are slow, and still below a heartbeat",
        },
      ],
    },
  ],
};
