import { app, usesKubernetesApi } from "../lib/app/index.ts";
import { APP_SIZES } from "../lib/app/sizes.ts";

/** The page is static; what it asks for under /api goes to the backend beside it. */
const NGINX = `server {
  listen 8081;
  root /app;
  location /api {
    proxy_http_version 1.1;
    proxy_set_header Host $host;
    proxy_pass http://127.0.0.1:8090;
  }
  location / {
    try_files $uri $uri/ /index.html;
  }
}
`;

/**
 * Shows the flows that Hubble sees. Cilium's chart expects it beside Hubble relay, and the homelab runs it in
 * `monitoring`: `platform-hubble` lets it reach the relay by its label `k8s-app`.
 */
export const hubbleUi = app("hubble-ui", {
  image:
    "quay.io/cilium/hubble-ui:v0.13.5@sha256:f7d514fc54d784ed6df9d58cf0e97648b143f92b766dd1780ed3fc845bd4c516",
  port: 8081,
  runAs: 1001,
  host: { prod: "hubble.truxonline.com" },
  namespace: "monitoring",
  size: "xs",
  priority: "low",
  network: [usesKubernetesApi()],
  clusterRole: {
    "endpoints,namespaces,nodes,pods,services": "read",
    "networking.k8s.io/networkpolicies": "read",
    "apiextensions.k8s.io/customresourcedefinitions": "read",
    "cilium.io/*": "read",
  },
  values: {
    defaultPodOptions: { labels: { "k8s-app": "hubble-ui" } },
    controllers: {
      main: {
        containers: {
          backend: {
            image: {
              repository: "quay.io/cilium/hubble-ui-backend",
              tag: "v0.13.5@sha256:fac0c300ae119274edca11fd89b1ad23c788792d8bc4ea2ba631c709e8d3c688",
            },
            env: {
              EVENTS_SERVER_PORT: "8090",
              FLOWS_API_ADDR: "hubble-relay.kube-system.svc.cluster.local:80",
            },
            resources: { ...APP_SIZES.xs },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        },
      },
    },
    configMaps: { nginx: { data: { "default.conf": NGINX } } },
    persistence: {
      nginx: {
        type: "configMap",
        identifier: "nginx",
        advancedMounts: {
          main: { main: [{ path: "/etc/nginx/conf.d/default.conf", subPath: "default.conf" }] },
        },
      },
      tmp: { type: "emptyDir", advancedMounts: { main: { main: [{ path: "/tmp" }] } } },
    },
  },
});
