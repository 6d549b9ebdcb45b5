import { app, egressTo, metrics, Port, scrapedBy, usesKubernetesApi } from "../lib/app/index.ts";

/**
 * Counters of the router, over SNMP: manifests of the GitOps repository as they are. Its init container tells the
 * scraper whom to ask, through the API.
 */
export const snmpExporter = app("snmp-exporter", {
  git: {
    repository: "https://github.com/charchess/vixens.git",
    path: "apps/02-monitoring/snmp-exporter/overlays/{environment}",
    revision: "prod-stable",
    workloads: ["snmp-exporter"],
  },
  port: 9116,
  pods: { "app.kubernetes.io/name": "snmp-exporter" },
  environments: ["prod"],
  namespace: "monitoring",
  size: "xs",
  priority: "low",
  network: [usesKubernetesApi(), egressTo("192.168.200.1", Port.udp(161)), scrapedBy(metrics, 9116)],
  kinds: [
    "cilium.io/CiliumNetworkPolicy",
    "operator.victoriametrics.com/VMStaticScrape",
    "secrets.infisical.com/InfisicalSecret",
  ],
  ignoreDifferences: [
    {
      group: "operator.victoriametrics.com",
      kind: "VMStaticScrape",
      name: "snmp-unifi",
      jsonPointers: ["/spec/targetEndpoints"],
    },
  ],
});
