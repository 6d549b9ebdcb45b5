import type { CustomResourceDefinition } from "./definition.ts";

const text = { type: "string" };

/**
 * The definition of `secrets.infisical.com/v1alpha1 InfisicalSecret`, written by hand, as far as apps use it: the
 * operator's chart holds it, and no module that can be had as a file. Its other ways of authentication are left open.
 */
export const infisicalSecretDefinition: CustomResourceDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "infisicalsecrets.secrets.infisical.com" },
  spec: {
    group: "secrets.infisical.com",
    scope: "Namespaced",
    names: {
      kind: "InfisicalSecret",
      listKind: "InfisicalSecretList",
      plural: "infisicalsecrets",
      singular: "infisicalsecret",
    },
    versions: [
      {
        name: "v1alpha1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  hostAPI: text,
                  resyncInterval: { type: "integer" },
                  authentication: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                  managedSecretReference: {
                    type: "object",
                    required: ["secretName", "secretNamespace"],
                    properties: { secretName: text, secretNamespace: text, creationPolicy: text },
                  },
                },
              },
              status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        },
      },
    ],
  },
};
