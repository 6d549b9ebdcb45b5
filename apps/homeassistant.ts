import { app, exposedBy, gateway, Port, uses } from "../lib/app/index.ts";
import { frigate } from "./frigate.ts";
import { mosquitto } from "./mosquitto.ts";

const HTTP = 8123;
/** CoIoT: how Shelly devices report, over UDP. */
const COIOT = 5683;

/** Runs the house. Devices find it by broadcast, which needs the node's own network. */
export const homeassistant = app("homeassistant", {
  image: "ghcr.io/home-assistant/home-assistant:2026.5.1",
  port: HTTP,
  runAs: 1000,
  env: { TZ: "Europe/Paris" },
  host: { dev: "homeassistant.dev.truxonline.com", prod: "homeassistant.truxonline.com" },
  authentication: "off",
  size: "l",
  priority: "high",
  privileges: {
    why: "mDNS and SSDP discovery reach a pod on the node's network only",
    hostNetwork: true,
  },
  network: [exposedBy(gateway, Port.udp(COIOT))],
  storage: { config: { class: "synelia-iscsi-xfs-retain", size: "10Gi", mount: "/config" } },
  ports: { coiot: Port.udp(COIOT) },
  values: {
    rawResources: {
      coiot: {
        apiVersion: "traefik.io/v1alpha1",
        kind: "IngressRouteUDP",
        spec: {
          spec: {
            entryPoints: ["coiot"],
            routes: [{ services: [{ name: "homeassistant", port: COIOT }] }],
          },
        },
      },
    },
  },
  override: {
    dev: { hibernate: true },
    prod: {
      dns: "public",
      network: [
        exposedBy(gateway, Port.udp(COIOT)),
        uses(mosquitto),
        uses(frigate, Port.tcp(5000), Port.tcp(8554, 8555)),
      ],
      storage: { config: { class: "synelia-iscsi-xfs-retain", size: "250Gi", mount: "/config" } },
    },
  },
});
