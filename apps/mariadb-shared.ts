import { app, fromSecret, metrics, scrapedBy, sidecar } from "../lib/app/index.ts";

/** MariaDB for the apps that want it. Who uses it says so; none of those here does, so it hibernates. */
export const mariadbShared = app("mariadb-shared", {
  image: "mariadb:12.2",
  port: 3306,
  runAs: 999,
  environments: ["prod"],
  namespace: "databases",
  size: "s",
  priority: "critical",
  hibernate: true,
  network: [scrapedBy(metrics, 9104)],
  secrets: ["/apps/04-databases/mariadb-shared"],
  storage: { data: { class: "synelia-iscsi-retain", size: "10Gi", mount: "/var/lib/mysql" } },
  containers: {
    "mysqld-exporter": sidecar({
      image: "prom/mysqld-exporter:v0.19.0",
      size: "xs",
      args: ["--mysqld.address=127.0.0.1:3306", "--mysqld.username=root"],
      env: { MYSQLD_EXPORTER_PASSWORD: fromSecret("MARIADB_ROOT_PASSWORD") },
      health: { port: 9104, path: "/metrics" },
    }),
  },
});
