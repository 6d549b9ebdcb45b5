import { app, fromSecret, onSchedule, uses } from "../lib/app/index.ts";
import { postgresqlShared } from "./postgresql-shared.ts";

/** Books recurring transactions of Firefly III, every night; in a namespace of its own, because finance's is full. */
export const fireflyIiiCron = app("firefly-iii-cron", {
  image: "fireflyiii/core:version-6.4.16",
  command: ["php", "artisan", "firefly-iii:cron"],
  runs: onSchedule("0 3 * * *", "Europe/Paris"),
  port: "none",
  runAs: 33,
  env: {
    DB_CONNECTION: "pgsql",
    DB_HOST: "postgresql-shared-rw.databases.svc.cluster.local",
    DB_PORT: "5432",
    DB_DATABASE: "firefly_iii",
    DB_USERNAME: fromSecret("username"),
    DB_PASSWORD: fromSecret("password"),
  },
  environments: ["prod"],
  size: "xs",
  network: [uses(postgresqlShared)],
  secrets: ["/apps/60-services/firefly-iii"],
});
