import { app, egressToInternet } from "../lib/app/index.ts";

/** Recipes, in SQLite. vixens restores them from S3 at every start; here they have a claim. */
export const mealie = app("mealie", {
  image: "ghcr.io/mealie-recipes/mealie:v3.17.0",
  port: 9000,
  health: "/api/app/about",
  runAs: 911,
  host: { dev: "mealie.dev.truxonline.com", prod: "mealie.truxonline.com" },
  authentication: "off",
  size: "s",
  priority: "low",
  // Recipes are read from whatever site they are on.
  network: [egressToInternet()],
  secrets: ["/apps/10-home/mealie"],
  storage: { data: { class: "synelia-iscsi-retain", size: "5Gi", mount: "/app/data" } },
});
