import { app, database } from "../lib/app/index.ts";
import { postgresqlShared } from "./postgresql-shared.ts";

/** Personal finances. */
export const fireflyIii = app("firefly-iii", {
  image: "fireflyiii/core:version-6.4.16",
  port: 8080,
  runAs: 33,
  env: {
    APP_URL: "https://firefly.truxonline.com",
    TRUSTED_PROXIES: "*",
    TZ: "Europe/Paris",
    DB_CONNECTION: "pgsql",
  },
  host: { prod: "firefly.truxonline.com" },
  namespace: "finance",
  size: "s",
  database: database(postgresqlShared, {
    owner: "firefly",
    variables: {
      host: "DB_HOST",
      port: "DB_PORT",
      name: "DB_DATABASE",
      user: "DB_USERNAME",
      password: "DB_PASSWORD",
    },
  }),
  secrets: ["/apps/60-services/firefly-iii"],
  storage: {
    upload: { class: "synelia-iscsi-retain", size: "2Gi", mount: "/var/www/html/storage/upload" },
  },
});
