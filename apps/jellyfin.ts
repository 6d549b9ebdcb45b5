import { app, egressToInternet, nfs, scratch } from "../lib/app/index.ts";

const CONTENT = ["192.168.111.69", "/volume3/Content"] as const;

/**
 * Films, series and music. The node's GPU transcodes: vixens' base has no device, though its nodes have the driver. With
 * one node lost prod has no room for it, so it hibernates.
 */
export const jellyfin = app("jellyfin", {
  image: "jellyfin/jellyfin:10.11.8",
  port: 8096,
  health: "/health",
  runAs: 1000,
  env: { TZ: "Europe/Paris", JELLYFIN_LOG_DIR: "/config/log" },
  host: { prod: "jellyfin.truxonline.com" },
  authentication: "off",
  namespace: "media",
  size: "m",
  hibernate: true,
  privileges: { why: "transcodes video on the node's GPU", hostPaths: ["/dev/dri"] },
  // Descriptions and pictures of what it finds.
  network: [egressToInternet()],
  mounts: {
    "/media/movies": nfs(...CONTENT, { subPath: "movies" }),
    "/media/tv": nfs(...CONTENT, { subPath: "TV Show" }),
    "/media/music": nfs(...CONTENT, { subPath: "music" }),
    "/cache": scratch("10Gi"),
  },
  storage: { config: { class: "synelia-iscsi-retain", size: "10Gi", mount: "/config" } },
});
