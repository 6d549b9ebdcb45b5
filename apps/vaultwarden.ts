import { app } from "../lib/app/index.ts";

/** Passwords of the household, in SQLite. vixens restores them from S3 at every start; here they have a claim. */
export const vaultwarden = app("vaultwarden", {
  image: "vaultwarden/server:1.36.0",
  port: 80,
  health: "/alive",
  runAs: 1000,
  env: {
    DOMAIN: "https://vaultwarden.truxonline.com",
    DATA_FOLDER: "/data",
    DATABASE_URL: "/data/db.sqlite3",
  },
  host: { prod: "vaultwarden.truxonline.com" },
  // Its clients bring no session of the gateway's login.
  authentication: "off",
  namespace: "services",
  size: "xs",
  secrets: ["/apps/60-services/vaultwarden"],
  storage: { data: { class: "synelia-iscsi-retain", size: "2Gi", mount: "/data" } },
});
