import { app, database, egressToInternet } from "../lib/app/index.ts";
import { postgresqlShared } from "./postgresql-shared.ts";

/** Bookmarks with copies of their pages. vixens wakes it when somebody asks, by KEDA; here it hibernates. */
export const linkwarden = app("linkwarden", {
  image: "ghcr.io/linkwarden/linkwarden:v2.14.1",
  port: 3000,
  health: "/",
  runAs: 1000,
  // DATABASE_URL and NEXTAUTH_SECRET come from the store.
  env: {
    NEXTAUTH_URL: "https://linkwarden.truxonline.com/api/v1/auth",
    STORAGE_FOLDER: "/data/data",
    NEXT_PUBLIC_DISABLE_REGISTRATION: "false",
  },
  host: { prod: "linkwarden.truxonline.com" },
  authentication: "off",
  namespace: "tools",
  size: "m",
  priority: "low",
  hibernate: true,
  // It copies whatever page somebody keeps.
  network: [egressToInternet()],
  secrets: ["/apps/70-tools/linkwarden"],
  database: database(postgresqlShared),
  storage: { data: { class: "synelia-iscsi-retain", size: "5Gi", mount: "/data/data" } },
});
