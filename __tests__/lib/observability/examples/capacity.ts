import type { Examples } from "./examples.ts";

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

export const capacityExamples: Examples = {
  NamespaceQuotaAlmostFull: {
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
  DeploymentReplicasMissing: {
    fires: [
      {
        series: replicas("1x5 0x55"),
        at: "40m",
        labels: [{ job: "kube-state-metrics", namespace: "media", deployment: "app" }],
      },
    ],
    quiet: [{ series: replicas("1x5 0x10 1x45"), at: "16m", because: "a slow start takes ten minutes" }],
  },
  StatefulSetReplicasMissing: {
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
  VolumeAlmostFull: {
    fires: [
      {
        series: volume(50),
        at: "30m",
        labels: [{ job: "kubelet", namespace: "media", persistentvolumeclaim: "data" }],
      },
    ],
    quiet: [{ series: volume(200), at: "30m", because: "a fifth is free" }],
  },
};
