import { app, metrics, scrapedBy, uses } from "../lib/app/index.ts";
import { postgresqlShared } from "./postgresql-shared.ts";
import { redisShared } from "./redis-shared.ts";

/** The store names them otherwise than authentik reads them. */
const from = (secret: string, variable: string, key: string) => ({
  name: variable,
  valueFrom: { secretKeyRef: { name: secret, key } },
});

/** As admission has it for every pod: its image runs as a user of its own. */
const containerSecurityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/**
 * Asks who somebody is, for every app behind the gateway: Traefik's middleware `authentication` calls its outpost,
 * which is embedded in the server. Server and worker; their data is in the shared PostgreSQL.
 */
export const authentik = app("authentik", {
  chart: {
    repository: "https://charts.goauthentik.io",
    name: "authentik",
    version: "2026.2.3",
  },
  values: {
    server: { containerSecurityContext },
    worker: { containerSecurityContext },
    authentik: { existingSecret: { secretName: "authentik-secrets" } },
    global: {
      env: [
        from("authentik-secrets", "AUTHENTIK_SECRET_KEY", "SECRET_KEY"),
        from("authentik-secrets", "AUTHENTIK_POSTGRESQL__USER", "POSTGRES_USER"),
        from("authentik-secrets", "AUTHENTIK_POSTGRESQL__PASSWORD", "POSTGRES_PASSWORD"),
        { name: "AUTHENTIK_POSTGRESQL__HOST", value: "postgresql-shared-rw.databases.svc.cluster.local" },
        { name: "AUTHENTIK_POSTGRESQL__NAME", value: "authentik" },
        // Releases since 2025.10 do without Redis; the homelab keeps it configured.
        { name: "AUTHENTIK_REDIS__HOST", value: "redis-shared.databases.svc.cluster.local" },
        from("authentik-redis-shared-secrets", "AUTHENTIK_REDIS__PASSWORD", "password"),
        // It calls nobody outside.
        { name: "AUTHENTIK_DISABLE_UPDATE_CHECK", value: "true" },
        { name: "AUTHENTIK_DISABLE_STARTUP_ANALYTICS", value: "true" },
        { name: "AUTHENTIK_ERROR_REPORTING__ENABLED", value: "false" },
      ],
    },
    // For outposts that it would deploy itself: none.
    serviceAccount: { create: false },
  },
  port: 9000,
  service: { name: "authentik-server", port: 80 },
  host: { prod: "authentik.truxonline.com" },
  authentication: "off",
  namespace: "auth",
  size: "l",
  priority: "critical",
  network: [uses(postgresqlShared), uses(redisShared), scrapedBy(metrics, 9300)],
  secrets: ["/apps/03-security/authentik", "/apps/04-databases/redis-shared"],
  places: {
    podLabels: [
      { at: "server.podLabels", containers: { server: "app" } },
      { at: "worker.podLabels", containers: { worker: "m" } },
    ],
    priorityClassName: ["global.priorityClassName"],
    resources: ["server.resources", { at: "worker.resources", size: "m" }],
    replicas: ["server.replicas", "worker.replicas"],
  },
});
