import { app, usesKubernetesApi } from "../lib/app/index.ts";

const DRIVER = "csi.san.synology.com";

/** Snapshots of volumes, for the CSI drivers. The project publishes no chart; this is the community's. */
export const snapshotController = app("snapshot-controller", {
  chart: {
    repository: "https://piraeus.io/helm-charts",
    name: "snapshot-controller",
    version: "5.0.4",
  },
  values: {
    // It converts group snapshots of old API versions: there are none.
    webhook: { enabled: false },
    controller: { args: { featureGates: "CSIVolumeGroupSnapshot=false" } },
    volumeSnapshotClasses: [
      {
        name: "synelia-snapshot-retain",
        annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" },
        labels: { "velero.io/csi-volumesnapshot-class": "true" },
        driver: DRIVER,
        deletionPolicy: "Retain",
      },
      { name: "synelia-snapshot-delete", driver: DRIVER, deletionPolicy: "Delete" },
    ],
  },
  port: "none",
  environments: ["dev", "prod"],
  size: "xs",
  priority: "critical",
  network: [usesKubernetesApi()],
  places: {
    podLabels: [{ at: "controller.podLabels", containers: { "snapshot-controller": "app" } }],
    priorityClassName: ["controller.priorityClassName"],
    resources: ["controller.resources"],
    replicas: ["controller.replicaCount"],
  },
});
