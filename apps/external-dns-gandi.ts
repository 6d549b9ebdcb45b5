import { app, egressTo, metrics, scrapedBy, usesKubernetesApi } from "../lib/app/index.ts";
import { externalDnsUnifi } from "./external-dns-unifi.ts";

/** Names that the internet sees, at Gandi: of routes that ask for it with `dns: "public"`. */
export const externalDnsGandi = app("external-dns-gandi", {
  chart: {
    repository: "https://kubernetes-sigs.github.io/external-dns",
    name: "external-dns",
    version: "1.21.1",
  },
  values: {
    provider: { name: "gandi" },
    env: [
      {
        name: "GANDI_PAT",
        valueFrom: { secretKeyRef: { name: "external-dns-gandi-gandi-secrets", key: "GANDI_API_KEY" } },
      },
    ],
    sources: ["ingress"],
    policy: "sync",
    txtOwnerId: "prod-gandi-public",
    domainFilters: ["truxonline.com"],
    annotationFilter: "external-dns.alpha.kubernetes.io/public=true",
  },
  port: "none",
  environments: ["prod"],
  namespace: "networking",
  size: "xs",
  priority: "high",
  network: [usesKubernetesApi(), egressTo("api.gandi.net"), scrapedBy(metrics, 7979)],
  // It shares the definition of DNSEndpoint, which the other one brings.
  dependsOn: [externalDnsUnifi],
  secrets: ["/apps/40-network/external-dns/gandi"],
  places: {
    podLabels: [{ at: "podLabels", containers: { "external-dns": "app" } }],
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: [],
  },
});
