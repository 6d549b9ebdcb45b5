import { app, fileBeside, onSchedule, usesKubernetesApi } from "../lib/app/index.ts";

/**
 * Moves pods from full nodes to others, every four hours. vixens runs it in kube-system with a priority of the system, and
 * its policy has a list of strategies that this version does not read.
 */
export const descheduler = app("descheduler", {
  image: "registry.k8s.io/descheduler/descheduler:v0.35.1",
  port: "none",
  runAs: 1000,
  command: ["/bin/descheduler"],
  args: ["--policy-config-file=/policy-dir/policy.yaml", "--v=3", "--dry-run=false"],
  environments: ["prod"],
  size: "xs",
  priority: "critical",
  runs: onSchedule("0 */4 * * *", "Europe/Paris"),
  network: [usesKubernetesApi()],
  mounts: { "/policy-dir/policy.yaml": fileBeside("descheduler/policy.yaml") },
  clusterRole: {
    "nodes,namespaces,persistentvolumeclaims": "read",
    "scheduling.k8s.io/priorityclasses": "read",
    "policy/poddisruptionbudgets": "read",
    pods: ["get", "list", "watch", "delete"],
    "pods/eviction": ["create"],
    "events.k8s.io/events": ["create", "update"],
  },
});
