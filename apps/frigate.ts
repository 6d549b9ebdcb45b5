import { app, egressTo, exposedBy, gateway, memory, nfs, Port, uses } from "../lib/app/index.ts";
import { mosquitto } from "./mosquitto.ts";

const HTTP = 5000;
const RTSP = 8554;
const WEBRTC = 8555;

/** An entry point of the gateway that hands TCP through as it is. */
const passedThrough = (entryPoint: string, port: number) => ({
  apiVersion: "traefik.io/v1alpha1",
  kind: "IngressRouteTCP",
  spec: {
    spec: {
      entryPoints: [entryPoint],
      routes: [{ match: "HostSNI(`*`)", services: [{ name: "frigate", port }] }],
    },
  },
});

const exposed = exposedBy(gateway, Port.tcp(HTTP), Port.tcp(RTSP), Port.tcp(WEBRTC));
/** The doorbell. */
const camera = egressTo("192.168.1.100", Port.tcp(554));

/** Watches the cameras. The node's GPU decodes; recordings go to the NAS, which the node mounts. */
export const frigate = app("frigate", {
  image: "ghcr.io/blakeblackshear/frigate:0.17.0-beta2",
  port: HTTP,
  host: { dev: "frigate.dev.truxonline.com", prod: "frigate.truxonline.com" },
  namespace: "media",
  // What the quotas leave it with one node lost; vixens lets it have far more.
  size: "m",
  privileges: {
    why: "decodes video on the node's GPU, and its image starts as root",
    privileged: true,
    root: true,
    hostPaths: ["/dev/dri"],
  },
  network: [exposed, camera],
  storage: {
    config: { class: "synelia-iscsi-retain", size: "2Gi", mount: "/config" },
    cache: {
      class: "synelia-iscsi-retain",
      size: "10Gi",
      mount: "/tmp/cache",
      backup: { off: "clips on their way to the recordings" },
    },
  },
  ports: { rtsp: Port.tcp(RTSP), webrtc: Port.tcp(WEBRTC) },
  mounts: {
    "/media/frigate": nfs("192.168.111.69", "/volume3/Internal", { subPath: "Frigate" }),
    "/dev/shm": memory("256Mi"),
  },
  values: {
    rawResources: {
      api: passedThrough("frigate-api", HTTP),
      rtsp: passedThrough("frigate-rtsp", RTSP),
      webrtc: passedThrough("frigate-webrtc", WEBRTC),
    },
  },
  override: {
    dev: { hibernate: true },
    prod: {
      network: [exposed, camera, uses(mosquitto)],
      storage: {
        config: { class: "synelia-iscsi-xfs-retain", size: "50Gi", mount: "/config" },
        cache: {
          class: "synelia-iscsi-xfs-retain",
          size: "10Gi",
          mount: "/tmp/cache",
          backup: { off: "clips on their way to the recordings" },
        },
      },
    },
  },
});
