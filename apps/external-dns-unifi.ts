import { app, egressTo, metrics, scrapedBy, usesKubernetesApi } from "../lib/app/index.ts";

const SECRET = "external-dns-unifi-unifi-secrets";

const secret = (name: string) => ({ name, valueFrom: { secretKeyRef: { name: SECRET, key: name } } });

/**
 * Names of the routes, in the router of the homelab. vixens runs the same image by Bitnami's chart, whose repository
 * is no longer kept; this is the project's own.
 */
export const externalDnsUnifi = app("external-dns-unifi", {
  chart: {
    repository: "https://kubernetes-sigs.github.io/external-dns",
    name: "external-dns",
    version: "1.21.1",
  },
  values: {
    provider: {
      name: "webhook",
      webhook: {
        image: { repository: "ghcr.io/kashalls/external-dns-unifi-webhook", tag: "v0.8.2" },
        env: [
          secret("UNIFI_HOST"),
          secret("UNIFI_USER"),
          secret("UNIFI_PASS"),
          // The router signs its certificate itself.
          { name: "UNIFI_SKIP_TLS_VERIFY", value: "true" },
        ],
      },
    },
    sources: ["ingress", "service"],
  },
  port: "none",
  environments: ["dev", "prod"],
  namespace: "networking",
  size: "xs",
  priority: "high",
  network: [usesKubernetesApi(), egressTo("192.168.200.1"), scrapedBy(metrics, 7979)],
  secrets: ["/apps/40-network/external-dns/unifi"],
  places: {
    podLabels: [{ at: "podLabels", containers: { "external-dns": "app", webhook: "app" } }],
    priorityClassName: ["priorityClassName"],
    resources: ["resources", "provider.webhook.resources"],
    replicas: [],
  },
  override: {
    dev: { values: { txtOwnerId: "dev-unifi", domainFilters: ["dev.truxonline.com"] } },
    prod: { values: { txtOwnerId: "prod-unifi", domainFilters: ["truxonline.com"] } },
  },
});
