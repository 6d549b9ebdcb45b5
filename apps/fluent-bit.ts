import { app, uses, usesKubernetesApi } from "../lib/app/index.ts";
import { loki } from "./loki.ts";

const SERVICE = `[SERVICE]
    Daemon Off
    Flush 5
    Log_Level warn
    Parsers_File /fluent-bit/etc/parsers.conf
    HTTP_Server On
    HTTP_Listen 0.0.0.0
    HTTP_Port 2020
    Health_Check On
`;
const INPUTS = `[INPUT]
    Name tail
    Path /var/log/containers/*.log
    multiline.parser cri
    Tag kube.*
    Mem_Buf_Limit 5MB
    Skip_Long_Lines On
    DB /var/log/fluent-bit-positions.db
`;
const FILTERS = `[FILTER]
    Name kubernetes
    Match kube.*
    Merge_Log On
    Keep_Log Off
    K8S-Logging.Parser On
    K8S-Logging.Exclude On
`;
const OUTPUTS = `[OUTPUT]
    Name loki
    Match kube.*
    Host loki.monitoring.svc
    Port 3100
    Labels job=fluent-bit, namespace=$kubernetes['namespace_name'], pod=$kubernetes['pod_name'], container=$kubernetes['container_name']
    Auto_Kubernetes_Labels Off
    Line_Format json
    Retry_Limit 5
`;

/** Sends what containers write to Loki, from each node. */
export const fluentBit = app("fluent-bit", {
  chart: { repository: "https://fluent.github.io/helm-charts", name: "fluent-bit", version: "0.56.0" },
  environments: ["prod"],
  namespace: "monitoring",
  port: "none",
  size: "xs",
  priority: "high",
  network: [uses(loki), usesKubernetesApi()],
  privileges: {
    why: "reads the logs of all containers, which belong to root, and keeps its place beside them",
    root: true,
    hostPaths: ["/var/log"],
  },
  places: {
    podLabels: [{ at: "podLabels", containers: { "fluent-bit": "app" } }],
    podAnnotations: ["podAnnotations"],
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: [],
  },
  values: {
    testFramework: { enabled: false },
    tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
    config: { service: SERVICE, inputs: INPUTS, filters: FILTERS, outputs: OUTPUTS },
    // Talos has neither Docker nor /etc/machine-id.
    daemonSetVolumes: [{ name: "varlog", hostPath: { path: "/var/log" } }],
    daemonSetVolumeMounts: [{ name: "varlog", mountPath: "/var/log" }],
  },
});
