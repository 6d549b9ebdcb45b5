import { app, uses } from "../lib/app/index.ts";
import { postgresqlShared } from "./postgresql-shared.ts";

/** A secret of the app, as an environment variable of another name. */
const secret = (key: string) => ({ valueFrom: { secretKeyRef: { name: "firefly-iii-secrets", key } } });

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
    DB_HOST: "postgresql-shared-rw.databases.svc.cluster.local",
    DB_PORT: "5432",
    DB_DATABASE: "firefly_iii",
  },
  values: {
    controllers: {
      main: {
        containers: { main: { env: { DB_USERNAME: secret("username"), DB_PASSWORD: secret("password") } } },
      },
    },
  },
  host: { prod: "firefly.truxonline.com" },
  namespace: "finance",
  size: "s",
  network: [uses(postgresqlShared)],
  secrets: ["/apps/60-services/firefly-iii"],
  storage: {
    upload: { class: "synelia-iscsi-retain", size: "2Gi", mount: "/var/www/html/storage/upload" },
  },
});
