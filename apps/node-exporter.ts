import { app } from "../lib/app/index.ts";

/** Memory, CPU and disk of each node; the platform lets the metrics agent reach it. */
export const nodeExporter = app("node-exporter", {
  chart: {
    repository: "https://prometheus-community.github.io/helm-charts",
    name: "prometheus-node-exporter",
    version: "4.52.0",
  },
  environments: ["dev", "prod"],
  namespace: "monitoring",
  port: "none",
  size: "xs",
  priority: "critical",
  isolated: "on the nodes' network, where policies know it as the node",
  privileges: {
    why: "reads the node's own counters, and answers on the node's address",
    hostNetwork: true,
    privileged: true,
    hostPaths: ["/proc", "/sys", "/var"],
  },
  places: {
    podLabels: [{ at: "podLabels", containers: { "node-exporter": "app" } }],
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: [],
  },
  values: {
    fullnameOverride: "node-exporter",
    hostNetwork: true,
    // The mounts that it tells of are those of the node's first process.
    hostPID: true,
    // Not the whole node: /var is what fills.
    hostRootFsMount: { enabled: false },
    extraHostVolumeMounts: [
      {
        name: "var",
        hostPath: "/var",
        mountPath: "/host/root/var",
        readOnly: true,
        mountPropagation: "HostToContainer",
      },
    ],
    extraArgs: [
      "--path.rootfs=/host/root",
      "--collector.filesystem.mount-points-exclude=^/(dev|proc|sys|run|var/lib/kubelet/.+|var/lib/containerd/.+)($|/)",
    ],
    tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
    // The chart's own scrape is of a kind that the stack does not need.
    prometheus: { monitor: { enabled: false } },
  },
});
