/** The route of the gateway to an app: an Ingress, because Traefik's chart of the homelab serves that kind. */
import type { IngressV1Config } from "@cdktf/provider-kubernetes/lib/ingress-v1";
import type { Edge } from "./app-environment.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import type { NamedWay } from "./ways.ts";

type Ingress = Pick<IngressV1Config, "metadata" | "spec">;

/** The Ingress of an app; undefined without a host. */
export const ingressOf = (app: ResolvedApp, edge: Edge): Ingress | undefined =>
  app.host === undefined ? undefined : ingress({ ...app, host: app.host }, edge);

/** The Ingress of a further name; undefined for a gateway's. The internet never hears of it. */
export const namedIngressOf = (
  app: ResolvedApp,
  edge: Edge,
  { by, host, authentication, way }: NamedWay,
): Ingress | undefined =>
  way?.kind === "ingress"
    ? ingress(
        { ...app, name: `${app.name}-${by}`, host, authentication, dns: "private" },
        { ...edge, ingressClass: way.ingressClass },
        way.entryPoints,
      )
    : undefined;

const ingress = (
  {
    name,
    namespace,
    host,
    service,
    authentication,
    dns,
  }: Omit<ResolvedApp, "host"> & { readonly host: string },
  { ingressClass, clusterIssuer, middlewares, authentication: middleware, domain }: Edge,
  entryPoints: readonly string[] = ["web", "websecure"],
): Ingress | undefined => {
  if (service === undefined) return undefined;
  const chain = [...middlewares, ...(authentication === "on" ? [middleware] : [])];
  return {
    metadata: {
      name,
      namespace,
      annotations: {
        "cert-manager.io/cluster-issuer": clusterIssuer,
        "traefik.ingress.kubernetes.io/router.entrypoints": entryPoints.join(","),
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
