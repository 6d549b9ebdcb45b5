import { app, Port, reachesNodes, usesKubernetesApi } from "../lib/app/index.ts";

/** CPU and memory of pods and nodes, for `kubectl top` and autoscalers. */
export const metricsServer = app("metrics-server", {
  chart: {
    repository: "https://kubernetes-sigs.github.io/metrics-server",
    name: "metrics-server",
    version: "3.12.2",
  },
  // Kubelets of Talos sign their serving certificates themselves.
  values: { args: ["--kubelet-insecure-tls"] },
  port: "none",
  environments: ["prod"],
  namespace: "monitoring",
  podSecurity: "restricted",
  size: "s",
  network: [usesKubernetesApi(), reachesNodes(Port.tcp(10250))],
  alsoInto: ["kube-system"],
  places: {
    podLabels: [{ at: "podLabels", containers: { "metrics-server": "app" } }],
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: ["replicas"],
  },
});
