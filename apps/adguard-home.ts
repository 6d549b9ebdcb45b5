import { app, egressToInternet, exposedBy, loadBalancer, Port } from "../lib/app/index.ts";

const DNS = [Port.tcp(53), Port.udp(53)];

/**
 * Names for the house, without advertisements. vixens hands port 53 through Traefik's address; here it has its own, so
 * that names do not wait for the gateway, and its own namespace, because the quota of networking has no room for it.
 */
export const adguardHome = app("adguard-home", {
  image: "adguard/adguardhome:v0.107.74",
  port: 3000,
  ports: { "dns-tcp": Port.tcp(53), "dns-udp": Port.udp(53) },
  host: { prod: "adguard.truxonline.com" },
  size: "s",
  priority: "critical",
  network: [
    exposedBy(loadBalancer({ prod: "192.168.201.72" }), ...DNS),
    egressToInternet(...DNS, Port.tcp(443), Port.tcp(853)),
  ],
  secrets: ["/apps/40-network/adguard-home"],
  storage: {
    config: { class: "synelia-iscsi-retain", size: "1Gi", mount: "/opt/adguardhome/conf" },
    data: { class: "synelia-iscsi-retain", size: "2Gi", mount: "/opt/adguardhome/work" },
  },
});
