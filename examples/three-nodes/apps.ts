import {
  app,
  calledByApiServer,
  egressTo,
  exposedBy,
  fromSecret,
  loadBalancer,
  Port,
  talksToItself,
  uses,
  usesKubernetesApi,
} from "terravixens/lib/app";

const ADDRESS = "10.20.20.70";

/** The gateway: ends TLS, and passes on to the apps that let it in. */
const traefik = app("traefik", {
  chart: { repository: "https://traefik.github.io/charts", name: "traefik", version: "25.0.0" },
  values: {
    podSecurityContext: { seccompProfile: { type: "RuntimeDefault" } },
    ingressRoute: { dashboard: { enabled: false } },
    service: { annotations: { "io.cilium/lb-ipam-ips": ADDRESS } },
  },
  port: "none",
  environments: ["rack"],
  podSecurity: "restricted",
  pods: { "app.kubernetes.io/name": "traefik" },
  size: "s",
  priority: "critical",
  replicas: 2,
  network: [exposedBy(loadBalancer({ rack: ADDRESS }), Port.tcp(8000), Port.tcp(8443)), usesKubernetesApi()],
  places: {
    priorityClassName: ["priorityClassName"],
    resources: ["resources"],
    replicas: ["deployment.replicas"],
  },
});

/** Fetches the secrets of apps from the store that the environment names. */
const externalSecrets = app("external-secrets", {
  chart: { repository: "https://charts.external-secrets.io", name: "external-secrets", version: "2.9.0" },
  values: { installCRDs: true },
  port: "none",
  environments: ["rack"],
  podSecurity: "restricted",
  size: "xs",
  priority: "critical",
  network: [
    usesKubernetesApi(),
    calledByApiServer(Port.tcp(10250)),
    talksToItself(Port.tcp(10250)),
    egressTo("10.20.10.5", Port.tcp(8200)),
  ],
  places: {
    priorityClassName: ["priorityClassName", "webhook.priorityClassName", "certController.priorityClassName"],
    resources: ["resources", "webhook.resources", "certController.resources"],
    replicas: ["replicaCount", "webhook.replicaCount", "certController.replicaCount"],
  },
});

/** A cache that nobody outside reaches. */
const cache = app("cache", {
  image: "valkey/valkey:8.1.3-alpine",
  port: 6379,
  health: "none",
  environments: ["rack"],
  namespace: "tools",
  size: "xs",
});

/** A wiki at wiki.rack.example.org: a volume that lives on the NAS, a secret of the store, and the cache. */
const wiki = app("wiki", {
  image: "ghcr.io/requarks/wiki:2.5.308",
  port: 3000,
  host: "wiki",
  namespace: "tools",
  size: "s",
  network: [uses(cache)],
  secrets: ["/apps/tools/wiki"],
  env: { DB_PASS: fromSecret("password"), REDIS_HOST: "cache" },
  storage: {
    data: {
      class: "nas-retain",
      size: "5Gi",
      mount: "/wiki/data",
      backup: { off: "The NAS makes snapshots of the volume itself." },
    },
  },
});

export const apps = [cache, externalSecrets, traefik, wiki];
