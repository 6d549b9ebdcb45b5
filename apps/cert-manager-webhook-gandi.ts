import { app, egressTo, usesKubernetesApi } from "../lib/app/index.ts";
import { certManager } from "./cert-manager.ts";

/** Answers the challenges of cert-manager with records at Gandi. */
export const certManagerWebhookGandi = app("cert-manager-webhook-gandi", {
  chart: {
    repository: "https://sintef.github.io/cert-manager-webhook-gandi",
    name: "cert-manager-webhook-gandi",
    version: "v0.5.2",
  },
  values: { groupName: "acme.truxonline.com" },
  port: "none",
  environments: ["dev", "prod"],
  namespace: "cert-manager",
  size: "xs",
  network: [usesKubernetesApi(), egressTo("api.gandi.net")],
  dependsOn: [certManager],
  secrets: ["/apps/00-infra/cert-manager-webhook-gandi"],
  clusterKinds: [
    "apiregistration.k8s.io/APIService",
    "rbac.authorization.k8s.io/ClusterRole",
    "rbac.authorization.k8s.io/ClusterRoleBinding",
  ],
  kinds: ["cert-manager.io/Certificate", "cert-manager.io/Issuer"],
  alsoInto: ["kube-system"],
  places: { priorityClassName: [], resources: ["resources"], replicas: ["replicaCount"] },
});
