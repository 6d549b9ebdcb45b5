import { app, database, uses } from "../lib/app/index.ts";
import { postgresqlShared } from "./postgresql-shared.ts";
import { redisShared } from "./redis-shared.ts";

/** Tasks. Files are in a claim, all else in PostgreSQL. With one node lost prod has no room for it, so it hibernates. */
export const vikunja = app("vikunja", {
  image: "vikunja/vikunja:2.3.0",
  port: 3456,
  health: "/api/v1/info",
  runAs: 1000,
  env: {
    VIKUNJA_DATABASE_TYPE: "postgres",
    VIKUNJA_REDIS_ENABLED: "true",
    VIKUNJA_REDIS_HOST: "redis-shared.databases.svc.cluster.local:6379",
    VIKUNJA_SERVICE_PUBLICURL: "https://vikunja.truxonline.com",
  },
  host: { prod: "vikunja.truxonline.com" },
  namespace: "tools",
  size: "s",
  priority: "low",
  hibernate: true,
  network: [uses(redisShared)],
  secrets: ["/apps/70-tools/vikunja"],
  database: database(postgresqlShared, {
    variables: {
      host: "VIKUNJA_DATABASE_HOST",
      port: "VIKUNJA_DATABASE_PORT",
      name: "VIKUNJA_DATABASE_DATABASE",
      user: "VIKUNJA_DATABASE_USER",
      password: "VIKUNJA_DATABASE_PASSWORD",
    },
  }),
  storage: { files: { class: "synelia-iscsi-retain", size: "2Gi", mount: "/app/vikunja/files" } },
});
