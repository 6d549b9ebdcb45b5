import type { AlertGroup } from "../alert.ts";

/** Alerts of what namespaces run out of: quota, replicas, room on their volumes. */
export const capacityAlerts: AlertGroup = {
  name: "capacity",
  alerts: [
    {
      name: "NamespaceQuotaAlmostFull",
      // An address is one or none, so its quota is full whenever it is used.
      expression:
        'kube_resourcequota{type="used",resource!="services.loadbalancers"} / ignoring (type) (kube_resourcequota{type="hard"} > 0) > 0.9',
      for: "15m",
      severity: "warning",
      summary:
        "{{ $labels.namespace }} uses {{ $value | humanizePercentage }} of its quota of {{ $labels.resource }}",
      description:
        "At the quota new pods are refused: a rolling update stops, and a lost pod does not come back.",
    },
    {
      name: "DeploymentReplicasMissing",
      expression: "kube_deployment_status_replicas_available < kube_deployment_spec_replicas",
      for: "20m",
      severity: "warning",
      summary:
        "{{ $labels.namespace }}/{{ $labels.deployment }} has {{ $value }} available replicas, fewer than asked for",
      description: "The app is down, or runs without its spare.",
    },
    {
      name: "StatefulSetReplicasMissing",
      expression: "kube_statefulset_status_replicas_ready < kube_statefulset_replicas",
      for: "20m",
      severity: "warning",
      summary:
        "{{ $labels.namespace }}/{{ $labels.statefulset }} has {{ $value }} ready replicas, fewer than asked for",
      description: "A database or another app with a volume is down, or runs without its spare.",
    },
    {
      name: "VolumeAlmostFull",
      expression: "kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.1",
      for: "15m",
      severity: "warning",
      summary:
        "The claim {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left",
      description: "An app whose volume is full stops, or loses what it writes.",
    },
  ],
};
