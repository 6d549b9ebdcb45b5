import { app, database, egressTo, fromSecret, Port, uses } from "../lib/app/index.ts";
import { docspellJoex } from "./docspell-joex.ts";
import { postgresqlShared } from "./postgresql-shared.ts";

/** Documents of the household: pages and API. Documents are on the NAS, all else in PostgreSQL. */
export const docspell = app("docspell", {
  image: "ghcr.io/docspell/restserver:v0.43.0",
  port: 7880,
  health: "/api/info/version",
  runAs: 1000,
  env: {
    JAVA_OPTS: "-Xmx640m",
    DOCSPELL_SERVER_APP__NAME: "Docspell",
    DOCSPELL_SERVER_APP__ID: "restserver",
    DOCSPELL_SERVER_BASE__URL: "https://docspell.truxonline.com",
    DOCSPELL_SERVER_INTERNAL__URL: "http://docspell:7880",
    DOCSPELL_SERVER_BIND_ADDRESS: "0.0.0.0",
    DOCSPELL_SERVER_FULL__TEXT__SEARCH_ENABLED: "true",
    DOCSPELL_SERVER_FULL__TEXT__SEARCH_BACKEND: "postgresql",
    DOCSPELL_SERVER_FULL__TEXT__SEARCH_POSTGRESQL_USE__DEFAULT__CONNECTION: "true",
    DOCSPELL_SERVER_BACKEND_JDBC_URL:
      "jdbc:postgresql://postgresql-shared-rw.databases.svc.cluster.local:5432/docspell",
    DOCSPELL_SERVER_BACKEND_SIGNUP_MODE: "closed",
    DOCSPELL_SERVER_BACKEND_FILES_DEFAULT__STORE: "minio",
    DOCSPELL_SERVER_BACKEND_FILES_STORES_MINIO_ENABLED: "true",
    DOCSPELL_SERVER_BACKEND_FILES_STORES_MINIO_ENDPOINT: "http://192.168.111.69:9000",
    DOCSPELL_SERVER_BACKEND_FILES_STORES_DATABASE_ENABLED: "false",
    DOCSPELL_SERVER_BACKEND_JDBC_USER: fromSecret("username"),
    DOCSPELL_SERVER_BACKEND_JDBC_PASSWORD: fromSecret("password"),
    DOCSPELL_SERVER_BACKEND_FILES_STORES_MINIO_ACCESS__KEY: fromSecret("MINIO_ACCESS_KEY"),
    DOCSPELL_SERVER_BACKEND_FILES_STORES_MINIO_SECRET__KEY: fromSecret("MINIO_SECRET_KEY"),
  },
  host: { prod: "docspell.truxonline.com" },
  authentication: "off",
  namespace: "services",
  size: "m",
  network: [uses(docspellJoex), egressTo("192.168.111.69", Port.tcp(9000))],
  database: database(postgresqlShared),
  secrets: ["/apps/60-services/docspell"],
});
