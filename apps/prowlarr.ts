import { egressToInternet, fromSecret } from "../lib/app/index.ts";
import { media } from "./media.ts";

/** Asks indexers for the others. */
export const prowlarr = media("prowlarr", {
  image: "ghcr.io/hotio/prowlarr:release",
  port: 9696,
  health: "/ping",
  env: { PROWLARR__API_KEY: fromSecret("API_KEY") },
  host: { prod: "prowlarr.truxonline.com" },
  size: "s",
  network: [egressToInternet()],
  secrets: ["/apps/20-media/prowlarr"],
  storage: { config: { class: "synelia-iscsi-retain", size: "1Gi", mount: "/config" } },
});
