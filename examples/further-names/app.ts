import type { EnvironmentInput } from "terravixens/environments";
import { app } from "terravixens/lib/app";

/** `edge.ways` of an environment: a Traefik for the house alone, and a Gateway that Cilium's proxy serves. */
export const ways: EnvironmentInput["edge"]["ways"] = {
  internal: {
    kind: "ingress",
    ingressClass: "traefik-internal",
    entryPoints: ["internal"],
    domain: "in.example.org",
    pods: { namespace: "traefik-internal", labels: { "app.kubernetes.io/name": "traefik" } },
  },
  cilium: {
    kind: "gateway",
    gateway: { name: "home", namespace: "gateways", listener: "https" },
    class: "cilium",
    driver: { side: "gitops", name: "gateways" },
  },
};

/** Has a public name behind the login, one inside of the house, and a route of the Gateway API, which asks nobody. */
export const whoami = app("whoami", {
  image: "traefik/whoami:v1.11.0",
  port: 8080,
  host: { prod: "whoami" },
  alsoAt: { internal: { host: "whoami" }, cilium: { host: "echo", authentication: "off" } },
  dns: "public",
  size: "xs",
});
