import { app, filesBeside, usesKubernetesApi } from "../lib/app/index.ts";

const COMMAND = "local-path-provisioner start --config /etc/config/config.json --configmap-name";

const storageClass = (reclaimPolicy: "Delete" | "Retain") => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  forceRename: `local-path-${reclaimPolicy.toLowerCase()}`,
  spec: { provisioner: "rancher.io/local-path", reclaimPolicy, volumeBindingMode: "WaitForFirstConsumer" },
});

/** Volumes that are directories of a node. Its helper pods make and remove them, as root: its namespace lets them in. */
export const localPathProvisioner = app("local-path-provisioner", {
  image: "rancher/local-path-provisioner:v0.0.36",
  port: "none",
  command: [...COMMAND.split(" "), "local-path-provisioner-etc-config"],
  env: { POD_NAMESPACE: "local-path-storage" },
  environments: ["dev", "prod"],
  namespace: "local-path-storage",
  podSecurity: "privileged",
  size: "xs",
  priority: "critical",
  network: [usesKubernetesApi()],
  mounts: { "/etc/config": filesBeside("local-path-provisioner") },
  clusterRole: {
    "nodes,persistentvolumeclaims,configmaps,pods/log": "read",
    "storage.k8s.io/storageclasses": "read",
    pods: ["get", "list", "watch", "create", "delete"],
    persistentvolumes: ["get", "list", "watch", "create", "patch", "update", "delete"],
    events: ["create", "patch"],
  },
  values: { rawResources: { delete: storageClass("Delete"), retain: storageClass("Retain") } },
  override: { dev: { hibernate: true } },
});
