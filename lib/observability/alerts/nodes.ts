import type { AlertGroup } from "../alert.ts";

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
    },
    {
      name: "NodeMemoryLow",
      expression: "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.1",
      for: "10m",
      severity: "warning",
      summary: "{{ $labels.instance }} has {{ $value | humanizePercentage }} of its memory left",
      description: "The kubelet evicts pods at 256Mi, on converged control planes at 512Mi.",
    },
    {
      name: "NodeMemoryExhausted",
      expression: "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.05",
      for: "3m",
      severity: "critical",
      summary: "{{ $labels.instance }} has {{ $value | humanizePercentage }} of its memory left",
      description:
        "Pods are evicted now or killed next. On a control plane etcd and the API server are at risk.",
    },
    {
      name: "NodeKillsForMemory",
      expression: "increase(node_vmstat_oom_kill[30m]) > 0",
      for: "0s",
      severity: "warning",
      summary: "The kernel of {{ $labels.instance }} killed a process that ran out of memory",
      description: "A container reached its limit, or the node had no memory left.",
    },
    {
      name: "NodeDiskLow",
      expression:
        'node_filesystem_avail_bytes{mountpoint="/var"} / node_filesystem_size_bytes{mountpoint="/var"} < 0.2',
      for: "15m",
      severity: "warning",
      summary: "{{ $labels.instance }} has {{ $value | humanizePercentage }} of /var left",
      description: "The kubelet removes images at 15 %, and evicts pods at 10 %. etcd lives there too.",
    },
  ],
};
