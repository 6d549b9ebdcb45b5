import { initContainer, nfs, Port, scratch, uses } from "../lib/app/index.ts";
import { gluetun } from "./gluetun.ts";
import { media } from "./media.ts";

const PROXY = "http://gluetun.services.svc.cluster.local:8888";

/** Downloads, through the VPN alone: vixens lets it reach the world beside it. */
export const qbittorrent = media("qbittorrent", {
  image: "lscr.io/linuxserver/qbittorrent:5.1.4",
  port: 8080,
  health: "/",
  runAs: 1000,
  env: {
    WEBUI_PORT: "8080",
    HTTP_PROXY: PROXY,
    HTTPS_PROXY: PROXY,
    NO_PROXY: "localhost,127.0.0.1,10.0.0.0/8,192.168.0.0/16",
  },
  host: { prod: "qbittorrent.truxonline.com" },
  size: "m",
  network: [uses(gluetun, Port.tcp(8888), Port.tcp(1080))],
  secrets: ["/apps/20-media/qbittorrent"],
  mounts: { "/run": scratch("64Mi"), "/downloads": nfs("192.168.111.69", "/volume3/Downloads/torrents") },
  containers: {
    "fix-run-dir": initContainer({
      image: "busybox:1.37.0",
      size: "xs",
      command: ["sh", "-c", "chown 1000:1000 /run"],
      runAs: 0,
      mounts: { "/run": "/run" },
    }),
  },
  storage: { config: { class: "synelia-iscsi-retain", size: "1Gi", mount: "/config" } },
});
