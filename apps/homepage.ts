import { app, initContainer, scratch, secretFiles, usesKubernetesApi } from "../lib/app/index.ts";

const CONFIG = "/apps/70-tools/homepage/config";

/**
 * Start page of the house: finds services by their routes. Its files come from the store, and it writes beside them. With
 * one node lost prod has no room for it, so it hibernates.
 */
export const homepage = app("homepage", {
  image: "ghcr.io/gethomepage/homepage:v1.13",
  port: 3000,
  health: "/",
  runAs: 1000,
  env: { HOMEPAGE_ALLOWED_HOSTS: "homepage.truxonline.com" },
  host: { prod: "homepage.truxonline.com" },
  namespace: "tools",
  size: "s",
  priority: "low",
  hibernate: true,
  network: [usesKubernetesApi()],
  secrets: ["/apps/70-tools/homepage", CONFIG],
  mounts: { "/initial-config": secretFiles(CONFIG), "/app/config": scratch("64Mi") },
  containers: {
    "copy-initial-config": initContainer({
      image: "busybox:1.37.0",
      size: "xs",
      command: ["sh", "-c", "cp -L /initial-config/* /app/config/"],
      mounts: { "/initial-config": "/initial-config", "/app/config": "/app/config" },
    }),
  },
  clusterRole: {
    "nodes,services,namespaces,pods": "read",
    "networking.k8s.io/ingresses": "read",
  },
});
