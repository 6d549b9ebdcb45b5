/** The route of the gateway to an app: an Ingress, because Traefik's chart of the homelab serves that kind. */
import type { IngressV1Config } from "@cdktf/provider-kubernetes/lib/ingress-v1";
import type { Edge } from "./app-environment.ts";
import type { ResolvedApp } from "./resolved-app.ts";

/** The Ingress of an app; undefined without a host. */
export const ingressOf = (
  { name, namespace, host, service, authentication, dns }: ResolvedApp,
  { ingressClass, clusterIssuer, middlewares, authentication: middleware, domain }: Edge,
): Pick<IngressV1Config, "metadata" | "spec"> | undefined => {
  if (host === undefined || service === undefined) return undefined;
  const chain = [...middlewares, ...(authentication === "on" ? [middleware] : [])];
  return {
    metadata: {
      name,
      namespace,
      annotations: {
        "cert-manager.io/cluster-issuer": clusterIssuer,
        "traefik.ingress.kubernetes.io/router.entrypoints": "web,websecure",
        "traefik.ingress.kubernetes.io/router.middlewares": chain
          .map((each) => `${each}@kubernetescrd`)
          .join(","),
        // The internet is sent to the domain's own address, and not to the gateway's private one.
        ...(dns === "public" && {
          "external-dns.alpha.kubernetes.io/public": "true",
          "external-dns.alpha.kubernetes.io/target": domain,
        }),
      },
    },
    spec: {
      ingressClassName: ingressClass,
      tls: [{ hosts: [host], secretName: `${name}-tls` }],
      rule: [
        {
          host,
          http: {
            path: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: service.name, port: { number: service.port } } },
              },
            ],
          },
        },
      ],
    },
  };
};
