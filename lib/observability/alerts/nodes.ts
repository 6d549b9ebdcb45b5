import type { AlertGroup } from "../alert.ts";

const memory = (available: number) => ({
  'node_memory_MemAvailable_bytes{job="node-exporter",instance="a"}': `${available}x60`,
  'node_memory_MemTotal_bytes{job="node-exporter",instance="a"}': "1000x60",
});
const disk = (available: number) => ({
  'node_filesystem_avail_bytes{job="node-exporter",instance="a",mountpoint="/var"}': `${available}x60`,
  'node_filesystem_size_bytes{job="node-exporter",instance="a",mountpoint="/var"}': "1000x60",
});

/** Nodes: gone, out of memory, out of disk. */
export const nodeAlerts: AlertGroup = {
  name: "nodes",
  alerts: [
    {
      name: "NodeNotReady",
      expression: 'kube_node_status_condition{condition="Ready",status="true"} == 0',
      for: "5m",
      severity: "critical",
      summary: "The node {{ $labels.node }} is not ready",
      description: "Its pods move to other nodes after five minutes, whose memory must hold them.",
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
    {
      name: "NodeMemoryLow",
      expression: "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.1",
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.instance }} has {{ $value | humanizePercentage }} of its memory left",
      description: "The kubelet evicts pods at 256Mi, on converged control planes at 512Mi.",
      fires: [{ series: memory(80), at: "20m", labels: [{ job: "node-exporter", instance: "a" }] }],
      quiet: [{ series: memory(200), at: "20m", because: "a fifth is free" }],
    },
    {
      name: "NodeMemoryExhausted",
      expression: "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.05",
      for: "3m",
      severity: "critical",
      summary: "{{ $labels.instance }} has {{ $value | humanizePercentage }} of its memory left",
      description:
        "Pods are evicted now or killed next. On a control plane etcd and the API server are at risk.",
      fires: [{ series: memory(40), at: "20m", labels: [{ job: "node-exporter", instance: "a" }] }],
      quiet: [{ series: memory(80), at: "20m", because: "that is only low" }],
    },
    {
      name: "NodeKillsForMemory",
      expression: "increase(node_vmstat_oom_kill[30m]) > 0",
      for: "0s",
      severity: "warning",
      summary: "The kernel of {{ $labels.instance }} killed a process that ran out of memory",
      description: "A container reached its limit, or the node had no memory left.",
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
    {
      name: "NodeDiskLow",
      expression:
        'node_filesystem_avail_bytes{mountpoint="/var"} / node_filesystem_size_bytes{mountpoint="/var"} < 0.2',
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.instance }} has {{ $value | humanizePercentage }} of /var left",
      description: "The kubelet removes images at 15 %, and evicts pods at 10 %. etcd lives there too.",
      fires: [
        {
          series: disk(180),
          at: "30m",
          labels: [{ job: "node-exporter", instance: "a", mountpoint: "/var" }],
        },
      ],
      quiet: [{ series: disk(300), at: "30m", because: "a third is free" }],
    },
  ],
};
