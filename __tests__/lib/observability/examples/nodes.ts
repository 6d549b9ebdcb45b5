import type { Examples } from "./examples.ts";

const memory = (available: number) => ({
  'node_memory_MemAvailable_bytes{job="node-exporter",instance="a"}': `${available}x60`,
  'node_memory_MemTotal_bytes{job="node-exporter",instance="a"}': "1000x60",
});
const disk = (available: number) => ({
  'node_filesystem_avail_bytes{job="node-exporter",instance="a",mountpoint="/var"}': `${available}x60`,
  'node_filesystem_size_bytes{job="node-exporter",instance="a",mountpoint="/var"}': "1000x60",
});

export const nodesExamples: Examples = {
  NodeNotReady: {
    fires: [
      {
        series: {
          'kube_node_status_condition{job="kube-state-metrics",node="pearl",condition="Ready",status="true"}':
            "1x5 0x20",
        },
        at: "15m",
        labels: [{ job: "kube-state-metrics", node: "pearl", condition: "Ready", status: "true" }],
      },
    ],
    quiet: [
      {
        series: {
          'kube_node_status_condition{job="kube-state-metrics",node="pearl",condition="Ready",status="true"}':
            "1x5 0x3 1x20",
        },
        at: "9m",
        because: "a restart takes less than five minutes",
      },
      {
        series: {
          'kube_node_status_condition{job="kube-state-metrics",node="pearl",condition="DiskPressure",status="true"}':
            "0x30",
        },
        at: "15m",
        because: "no disk pressure is a good thing",
      },
    ],
  },
  NodeMemoryLow: {
    fires: [{ series: memory(80), at: "20m", labels: [{ job: "node-exporter", instance: "a" }] }],
    quiet: [{ series: memory(200), at: "20m", because: "a fifth is free" }],
  },
  NodeMemoryExhausted: {
    fires: [{ series: memory(40), at: "20m", labels: [{ job: "node-exporter", instance: "a" }] }],
    quiet: [{ series: memory(80), at: "20m", because: "that is only low" }],
  },
  NodeKillsForMemory: {
    fires: [
      {
        series: { 'node_vmstat_oom_kill{job="node-exporter",instance="a"}': "4x20 5x60" },
        at: "30m",
        labels: [{ job: "node-exporter", instance: "a" }],
      },
    ],
    quiet: [
      {
        series: { 'node_vmstat_oom_kill{job="node-exporter",instance="a"}': "4x20 5x60" },
        at: "70m",
        because: "it happened an hour ago",
      },
    ],
  },
  NodeDiskLow: {
    fires: [
      {
        series: disk(180),
        at: "30m",
        labels: [{ job: "node-exporter", instance: "a", mountpoint: "/var" }],
      },
    ],
    quiet: [{ series: disk(300), at: "30m", because: "a third is free" }],
  },
};
