import { app, database, egressToInternet } from "../lib/app/index.ts";
import { postgresqlShared } from "./postgresql-shared.ts";

/** Workflows between services. With one node lost prod has no room for it, so it hibernates. */
export const n8n = app("n8n", {
  image: "docker.n8n.io/n8nio/n8n:2.21.0",
  port: 5678,
  health: "/healthz",
  runAs: 1000,
  env: {
    N8N_PORT: "5678",
    N8N_URL: "https://n8n.truxonline.com",
    WEBHOOK_URL: "https://n8n.truxonline.com",
    DB_TYPE: "postgresdb",
  },
  host: { prod: "n8n.truxonline.com" },
  authentication: "off",
  namespace: "services",
  size: "m",
  hibernate: true,
  // Workflows talk to whatever service they name.
  network: [egressToInternet()],
  secrets: ["/apps/60-services/n8n"],
  database: database(postgresqlShared, {
    variables: {
      host: "DB_POSTGRESDB_HOST",
      port: "DB_POSTGRESDB_PORT",
      name: "DB_POSTGRESDB_DATABASE",
      user: "DB_POSTGRESDB_USER",
      password: "DB_POSTGRESDB_PASSWORD",
    },
  }),
  storage: { data: { class: "synelia-iscsi-retain", size: "2Gi", mount: "/home/node/.n8n" } },
});
