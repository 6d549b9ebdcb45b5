import { app, exposedBy, fileBeside, gateway, Port, secretFiles } from "../lib/app/index.ts";

const MQTT = 1883;

/** MQTT broker of the house. */
export const mosquitto = app("mosquitto", {
  image: "eclipse-mosquitto:2.0.22",
  port: MQTT,
  runAs: 1883,
  environments: ["prod"],
  size: "xs",
  priority: "high",
  // Devices reach it through the gateway's entry point for MQTT.
  network: [exposedBy(gateway, Port.tcp(MQTT))],
  secrets: ["/apps/10-home/mosquitto"],
  storage: { data: { class: "synelia-iscsi-retain", size: "1Gi", mount: "/mosquitto/data" } },
  mounts: {
    "/mosquitto/config/mosquitto.conf": fileBeside("mosquitto/mosquitto.conf"),
    "/mosquitto/auth": secretFiles("/apps/10-home/mosquitto"),
  },
  values: {
    rawResources: {
      mqtt: {
        apiVersion: "traefik.io/v1alpha1",
        kind: "IngressRouteTCP",
        spec: {
          spec: {
            entryPoints: ["mqtt"],
            routes: [{ match: "HostSNI(`*`)", services: [{ name: "mosquitto", port: MQTT }] }],
          },
        },
      },
    },
  },
});
