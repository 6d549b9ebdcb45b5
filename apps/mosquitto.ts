import { app, exposedBy, gateway, Port } from "../lib/app/index.ts";

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
  kinds: ["traefik.io/IngressRouteTCP"],
  secrets: ["/apps/10-home/mosquitto"],
  storage: { data: { class: "synelia-iscsi-retain", size: "1Gi", mount: "/mosquitto/data" } },
  values: {
    configMaps: {
      config: {
        data: {
          "mosquitto.conf": [
            `listener ${MQTT}`,
            "allow_anonymous false",
            "password_file /mosquitto/auth/MOSQUITTO_PASSWD_FILE",
            "persistence true",
            "persistence_location /mosquitto/data/",
            "log_dest stdout",
            "max_connections 100",
          ].join("\n"),
        },
      },
    },
    persistence: {
      config: {
        type: "configMap",
        identifier: "config",
        globalMounts: [{ path: "/mosquitto/config", readOnly: true }],
      },
      auth: {
        type: "secret",
        name: "mosquitto-secrets",
        globalMounts: [{ path: "/mosquitto/auth", readOnly: true }],
      },
    },
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
