import type { AlertGroup } from "../alert.ts";

const quota = (resource: string, used: number, hard: number) => ({
  [`kube_resourcequota{job="kube-state-metrics",namespace="media",resourcequota="quota",resource="${resource}",type="used"}`]: `${used}x60`,
  [`kube_resourcequota{job="kube-state-metrics",namespace="media",resourcequota="quota",resource="${resource}",type="hard"}`]: `${hard}x60`,
});
const replicas = (available: string) => ({
  'kube_deployment_spec_replicas{job="kube-state-metrics",namespace="media",deployment="app"}': "1x60",
  'kube_deployment_status_replicas_available{job="kube-state-metrics",namespace="media",deployment="app"}':
    available,
});
const volume = (available: number) => ({
  'kubelet_volume_stats_available_bytes{job="kubelet",namespace="media",persistentvolumeclaim="data"}': `${available}x60`,
  'kubelet_volume_stats_capacity_bytes{job="kubelet",namespace="media",persistentvolumeclaim="data"}':
    "1000x60",
});

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
      fires: [
        {
          series: quota("requests.memory", 95, 100),
          at: "30m",
          labels: [
            {
              job: "kube-state-metrics",
              namespace: "media",
              resourcequota: "quota",
              resource: "requests.memory",
            },
          ],
        },
      ],
      quiet: [
        { series: quota("requests.memory", 90, 100), at: "30m", because: "90 % is the limit, not above it" },
        { series: quota("services.loadbalancers", 1, 1), at: "30m", because: "its one address is in use" },
        { series: quota("pods", 0, 0), at: "30m", because: "nothing of nothing is used" },
      ],
    },
    {
      name: "DeploymentReplicasMissing",
      expression: "kube_deployment_status_replicas_available < kube_deployment_spec_replicas",
      for: "20m",
      severity: "warning",
      summary:
        "{{ $labels.namespace }}/{{ $labels.deployment }} has {{ $value }} available replicas, fewer than asked for",
      description: "The app is down, or runs without its spare.",
      fires: [
        {
          series: replicas("1x5 0x55"),
          at: "40m",
          labels: [{ job: "kube-state-metrics", namespace: "media", deployment: "app" }],
        },
      ],
      quiet: [{ series: replicas("1x5 0x10 1x45"), at: "16m", because: "a slow start takes ten minutes" }],
    },
    {
      name: "StatefulSetReplicasMissing",
      expression: "kube_statefulset_status_replicas_ready < kube_statefulset_replicas",
      for: "20m",
      severity: "warning",
      summary:
        "{{ $labels.namespace }}/{{ $labels.statefulset }} has {{ $value }} ready replicas, fewer than asked for",
      description: "A database or another app with a volume is down, or runs without its spare.",
      fires: [
        {
          series: {
            'kube_statefulset_replicas{job="kube-state-metrics",namespace="databases",statefulset="db"}':
              "1x60",
            'kube_statefulset_status_replicas_ready{job="kube-state-metrics",namespace="databases",statefulset="db"}':
              "0x60",
          },
          at: "40m",
          labels: [{ job: "kube-state-metrics", namespace: "databases", statefulset: "db" }],
        },
      ],
      quiet: [
        {
          series: {
            'kube_statefulset_replicas{job="kube-state-metrics",namespace="databases",statefulset="db"}':
              "0x60",
            'kube_statefulset_status_replicas_ready{job="kube-state-metrics",namespace="databases",statefulset="db"}':
              "0x60",
          },
          at: "40m",
          because: "it hibernates",
        },
      ],
    },
    {
      name: "VolumeAlmostFull",
      expression: "kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.1",
      for: "15m",
      severity: "warning",
      summary:
        "The claim {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left",
      description: "An app whose volume is full stops, or loses what it writes.",
      fires: [
        {
          series: volume(50),
          at: "30m",
          labels: [{ job: "kubelet", namespace: "media", persistentvolumeclaim: "data" }],
        },
      ],
      quiet: [{ series: volume(200), at: "30m", because: "a fifth is free" }],
    },
  ],
};
