import { egressToInternet, fromSecret, uses } from "../lib/app/index.ts";
import { content, downloads, media } from "./media.ts";
import { prowlarr } from "./prowlarr.ts";
import { qbittorrent } from "./qbittorrent.ts";

/** Finds films, and files them. */
export const radarr = media("radarr", {
  image: "ghcr.io/hotio/radarr:release",
  port: 7878,
  health: "/ping",
  env: { RADARR__API_KEY: fromSecret("API_KEY") },
  host: { prod: "radarr.truxonline.com" },
  size: "m",
  network: [uses(prowlarr), uses(qbittorrent), egressToInternet()],
  secrets: ["/apps/20-media/radarr"],
  mounts: { "/downloads": downloads, "/movies": content("movies") },
  storage: { config: { class: "synelia-iscsi-retain", size: "2Gi", mount: "/config" } },
});
