import { app } from "../lib/app/index.ts";

const CONFIG = `
auth_enabled: false
server: { http_listen_port: 3100 }
common:
  path_prefix: /var/loki
  replication_factor: 1
  ring: { kvstore: { store: inmemory } }
  storage:
    filesystem: { chunks_directory: /var/loki/chunks, rules_directory: /var/loki/rules }
schema_config:
  configs:
    - from: "2024-04-01"
      store: tsdb
      object_store: filesystem
      schema: v13
      index: { prefix: index_, period: 24h }
limits_config:
  retention_period: 336h
  reject_old_samples_max_age: 168h
  ingestion_rate_mb: 8
compactor:
  working_directory: /var/loki/retention
  delete_request_store: filesystem
  retention_enabled: true
analytics: { reporting_enabled: false }
`;

/** Logs of fourteen days, in one process on one volume. */
export const loki = app("loki", {
  image: "grafana/loki:3.7.1",
  port: 3100,
  health: "/ready",
  environments: ["prod"],
  namespace: "monitoring",
  size: "m",
  priority: "critical",
  runAs: 10001,
  storage: {
    logs: {
      class: "synelia-iscsi-retain",
      size: "10Gi",
      mount: "/var/loki",
      backup: { off: "fourteen days of logs, which nobody would restore" },
    },
  },
  values: {
    configMaps: { config: { enabled: true, data: { "loki.yaml": CONFIG.trimStart() } } },
    controllers: { main: { containers: { main: { args: ["-config.file=/etc/loki/loki.yaml"] } } } },
    persistence: {
      config: { type: "configMap", identifier: "config", globalMounts: [{ path: "/etc/loki" }] },
    },
  },
});
