import type { Examples } from "./examples.ts";

export const etcdExamples: Examples = {
  EtcdQuorumLost: {
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
  EtcdMemberDown: {
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
  EtcdNoLeader: {
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
  EtcdLeaderChanges: {
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
  EtcdDatabaseAlmostFull: {
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
  EtcdSlowDisk: {
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
};
