import { egressToInternet, fromSecret, uses } from "../lib/app/index.ts";
import { content, downloads, media } from "./media.ts";
import { prowlarr } from "./prowlarr.ts";
import { qbittorrent } from "./qbittorrent.ts";

/** Finds series, and files them. */
export const sonarr = media("sonarr", {
  image: "ghcr.io/hotio/sonarr:release",
  port: 8989,
  health: "/ping",
  env: { SONARR__API_KEY: fromSecret("API_KEY") },
  host: { prod: "sonarr.truxonline.com" },
  size: "s",
  network: [uses(prowlarr), uses(qbittorrent), egressToInternet()],
  secrets: ["/apps/20-media/sonarr"],
  mounts: { "/downloads": downloads, "/tv": content("TV Show") },
  storage: { config: { class: "synelia-iscsi-retain", size: "2Gi", mount: "/config" } },
});
