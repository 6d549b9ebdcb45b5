import { app } from "../lib/app/index.ts";
import { certManagerWebhookGandi } from "./cert-manager-webhook-gandi.ts";

const SECRET = "cert-manager-webhook-gandi-secrets";

const issuer = (name: string, server: string) => ({
  rawResources: {
    issuer: {
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      forceRename: name,
      spec: {
        spec: {
          acme: {
            server: `https://${server}/directory`,
            email: "admin@truxonline.com",
            privateKeySecretRef: { name },
            solvers: [
              {
                dns01: {
                  webhook: {
                    groupName: "acme.truxonline.com",
                    solverName: "gandi",
                    config: { patSecretRef: { name: SECRET, key: "api-token", namespace: "cert-manager" } },
                  },
                },
              },
            ],
          },
        },
      },
    },
  },
});

/** The issuer of all certificates; dev's are of the staging authority, which browsers do not trust. */
export const letsencrypt = app("letsencrypt", {
  chart: {
    repository: "https://bjw-s-labs.github.io/helm-charts",
    name: "app-template",
    version: "4.1.1",
    alsoFrom: ["raw.githubusercontent.com"],
  },
  values: {
    rbac: {
      // The webhook's own chart lets it read one Secret of a fixed name, which is not this one.
      roles: {
        token: {
          type: "Role",
          rules: [
            { apiGroups: [""], resources: ["secrets"], resourceNames: [SECRET], verbs: ["get", "watch"] },
          ],
        },
      },
      bindings: {
        token: {
          type: "RoleBinding",
          roleRef: { identifier: "token" },
          subjects: [
            { kind: "ServiceAccount", name: "cert-manager-webhook-gandi", namespace: "cert-manager" },
          ],
        },
      },
    },
  },
  port: "none",
  environments: ["dev", "prod"],
  namespace: "cert-manager",
  size: "xs",
  dependsOn: [certManagerWebhookGandi],
  isolated: "It is an object that cert-manager reads, and no pod.",
  places: { priorityClassName: [], resources: [], replicas: [] },
  override: {
    dev: { values: issuer("letsencrypt-staging", "acme-staging-v02.api.letsencrypt.org") },
    prod: { values: issuer("letsencrypt-prod", "acme-v02.api.letsencrypt.org") },
  },
});
