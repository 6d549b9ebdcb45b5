import {
  app,
  egressTo,
  exposedBy,
  loadBalancer,
  metrics,
  Port,
  scrapedBy,
  usesKubernetesApi,
} from "../lib/app/index.ts";

const ADDRESS = { dev: "192.168.208.70", prod: "192.168.201.70" } as const;

/** Entry points beside HTTP and HTTPS, for what apps hand through as it is. */
const tcp = (port: number) => ({ port, exposedPort: port, expose: true, protocol: "TCP" });
const udp = (port: number) => ({ port, exposedPort: port, expose: true, protocol: "UDP" });

const middleware = (name: string, spec: { readonly [key: string]: string | boolean | object }) => ({
  apiVersion: "traefik.io/v1alpha1",
  kind: "Middleware",
  metadata: { name, namespace: "traefik" },
  spec: JSON.parse(JSON.stringify(spec)),
});

/** Every route's redirect, and the one that asks authentik who somebody is. */
const middlewares = (authentik: string) => [
  middleware("redirect-https", { redirectScheme: { scheme: "https", permanent: true } }),
  middleware("authentication", {
    forwardAuth: {
      address: `${authentik}/outpost.goauthentik.io/auth/traefik`,
      trustForwardHeader: true,
      authResponseHeaders: ["X-authentik-username", "X-authentik-groups", "X-authentik-email"],
    },
  }),
];

const exposed = exposedBy(
  loadBalancer(ADDRESS),
  Port.tcp(8000),
  Port.tcp(8443),
  Port.tcp(1883),
  Port.udp(5683),
  Port.tcp(5000),
  Port.tcp(8554),
  Port.tcp(8555),
);

/** The gateway: ends TLS, and passes on to the apps that let it in. dev asks prod's authentik, as it has none. */
export const traefik = app("traefik", {
  chart: {
    repository: "https://traefik.github.io/charts",
    name: "traefik",
    version: "25.0.0",
  },
  values: {
    providers: {
      kubernetesCRD: { allowCrossNamespace: true },
      kubernetesIngress: { publishedService: { enabled: true } },
    },
    ingressRoute: { dashboard: { enabled: false } },
    globalArguments: [],
    logs: { access: { enabled: true } },
    podSecurityContext: { seccompProfile: { type: "RuntimeDefault" } },
    ports: {
      mqtt: tcp(1883),
      coiot: udp(5683),
      "frigate-api": tcp(5000),
      "frigate-rtsp": tcp(8554),
      "frigate-webrtc": tcp(8555),
    },
  },
  port: "none",
  environments: ["dev", "prod"],
  podSecurity: "restricted",
  pods: { "app.kubernetes.io/name": "traefik" },
  size: "s",
  priority: "high",
  network: [exposed, usesKubernetesApi(), scrapedBy(metrics, 9100)],
  places: {
    podLabels: [{ at: "deployment.podLabels", containers: { traefik: "app" } }],
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: ["deployment.replicas"],
  },
  override: {
    dev: {
      network: [exposed, usesKubernetesApi(), scrapedBy(metrics, 9100), egressTo("192.168.201.70")],
      values: {
        service: { annotations: { "io.cilium/lb-ipam-ips": ADDRESS.dev } },
        extraObjects: middlewares("https://authentik.truxonline.com"),
      },
    },
    prod: {
      replicas: 2,
      values: {
        service: { annotations: { "io.cilium/lb-ipam-ips": ADDRESS.prod } },
        extraObjects: middlewares("http://authentik-server.auth.svc.cluster.local"),
      },
    },
  },
});
