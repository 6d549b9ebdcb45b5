import { app, egressTo, metrics, Port, scrapedBy, usesKubernetesApi } from "../lib/app/index.ts";
import { VELERO_CREDENTIALS, VELERO_LOCATION } from "../lib/backup/volume-backup.ts";

const NAS = "192.168.111.69";

/**
 * Pods that move the data of volumes. A pod that the namespace's quota refuses fails its volume, so that one prepares
 * itself at a time, and all that run then, one a machine, fit beside the node agents.
 */
const DATA_MOVERS = {
  loadConcurrency: { globalConfig: 1, prepareQueueLength: 1 },
  podResources: { cpuRequest: "5m", memoryRequest: "32Mi", cpuLimit: "500m", memoryLimit: "512Mi" },
};

/**
 * Backs volumes up, file by file, into the bucket of the backup stack. Its Schedules come from the claims of apps:
 * `lib/backup/volume-backup.ts`. The pods that look after its repositories carry no label of the chart.
 */
export const velero = app("velero", {
  chart: {
    repository: "https://vmware-tanzu.github.io/helm-charts",
    name: "velero",
    version: "12.0.0",
  },
  values: {
    initContainers: [
      {
        name: "velero-plugin-for-aws",
        image: "velero/velero-plugin-for-aws:v1.14.0",
        volumeMounts: [{ mountPath: "/target", name: "plugins" }],
      },
    ],
    // As admission has it for the job that brings its definitions.
    containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    credentials: { existingSecret: VELERO_CREDENTIALS.name },
    configuration: {
      uploaderType: "kopia",
      defaultRepoMaintainFrequency: "24h",
      backupStorageLocation: [
        {
          name: VELERO_LOCATION,
          provider: "aws",
          bucket: "vixens-prod-velero",
          prefix: "backups",
          default: true,
          config: { region: "us-east-1", s3ForcePathStyle: "true", s3Url: `http://${NAS}:9000` },
        },
      ],
    },
    // The init container that holds a restored pod back asks for no more than the smallest app, or the pod's quota refuses it.
    configMaps: {
      "fs-restore-action-config": {
        labels: { "velero.io/plugin-config": "", "velero.io/pod-volume-restore": "RestoreItemAction" },
        data: { cpuRequest: "5m", memRequest: "64Mi", cpuLimit: "50m", memLimit: "128Mi" },
      },
      "node-agent": { data: { "config.json": JSON.stringify(DATA_MOVERS) } },
    },
    snapshotsEnabled: false,
    deployNodeAgent: true,
    nodeAgent: { extraArgs: ["--node-agent-configmap=velero-node-agent"] },
    schedules: {},
  },
  port: "none",
  pods: "namespace",
  namespace: "velero",
  environments: ["prod"],
  size: "s",
  priority: "high",
  privileges: {
    why: "its node agent reads the files of every pod's volumes, as root",
    root: true,
    hostPaths: ["/var/lib/kubelet/pods", "/var/lib/kubelet/plugins"],
  },
  network: [usesKubernetesApi(), egressTo(NAS, Port.tcp(9000)), scrapedBy(metrics, 8085)],
  places: {
    podLabels: [
      { at: "podLabels", containers: { velero: "app" } },
      { at: "nodeAgent.podLabels", containers: { "node-agent": "s" } },
    ],
    podAnnotations: ["podAnnotations"],
    priorityClassName: ["priorityClassName", "nodeAgent.priorityClassName"],
    resources: ["resources", { at: "nodeAgent.resources", size: "s" }],
    replicas: [],
  },
});
