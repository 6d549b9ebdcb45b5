import { app, egressTo, fromSecret, Port, uses } from "../lib/app/index.ts";
import { postgresqlShared } from "./postgresql-shared.ts";

/** Docspell's job executor: reads the text out of documents and files them. One job at a time fits its memory. */
export const docspellJoex = app("docspell-joex", {
  image: "ghcr.io/docspell/joex:v0.43.0",
  port: 7878,
  health: "/api/info/version",
  runAs: 1000,
  env: {
    JAVA_OPTS: "-Xmx640m",
    DOCSPELL_JOEX_APP__ID: "joex",
    DOCSPELL_JOEX_BASE__URL: "http://docspell-joex:7878",
    DOCSPELL_JOEX_BIND_ADDRESS: "0.0.0.0",
    DOCSPELL_JOEX_SCHEDULER_POOL__SIZE: "1",
    DOCSPELL_JOEX_JDBC_URL:
      "jdbc:postgresql://postgresql-shared-rw.databases.svc.cluster.local:5432/docspell",
    DOCSPELL_JOEX_FULL__TEXT__SEARCH_ENABLED: "true",
    DOCSPELL_JOEX_FULL__TEXT__SEARCH_BACKEND: "postgresql",
    DOCSPELL_JOEX_FULL__TEXT__SEARCH_POSTGRESQL_USE__DEFAULT__CONNECTION: "true",
    DOCSPELL_JOEX_FILES_DEFAULT__STORE: "minio",
    DOCSPELL_JOEX_FILES_STORES_MINIO_ENABLED: "true",
    DOCSPELL_JOEX_FILES_STORES_MINIO_ENDPOINT: "http://192.168.111.69:9000",
    DOCSPELL_JOEX_FILES_STORES_DATABASE_ENABLED: "false",
    DOCSPELL_JOEX_JDBC_USER: fromSecret("username"),
    DOCSPELL_JOEX_JDBC_PASSWORD: fromSecret("password"),
    DOCSPELL_JOEX_FILES_STORES_MINIO_ACCESS__KEY: fromSecret("MINIO_ACCESS_KEY"),
    DOCSPELL_JOEX_FILES_STORES_MINIO_SECRET__KEY: fromSecret("MINIO_SECRET_KEY"),
  },
  environments: ["prod"],
  namespace: "services",
  size: "m",
  network: [uses(postgresqlShared), egressTo("192.168.111.69", Port.tcp(9000))],
  secrets: ["/apps/60-services/docspell"],
});
