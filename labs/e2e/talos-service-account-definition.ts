import type { CustomResourceDefinition } from "./definition.ts";

/**
 * The definition of `talos.dev/v1alpha1 ServiceAccount`, written by hand to the shape that Talos documents: Talos
 * itself registers it on a machine, and no module holds it as a file. It says nothing of which roles there are.
 */
export const talosServiceAccountDefinition: CustomResourceDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "serviceaccounts.talos.dev" },
  spec: {
    group: "talos.dev",
    scope: "Namespaced",
    names: {
      kind: "ServiceAccount",
      plural: "serviceaccounts",
      singular: "serviceaccount",
      shortNames: ["tsa"],
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
                properties: { roles: { type: "array", items: { type: "string" } } },
              },
              status: {
                type: "object",
                properties: { failureReason: { type: "string" } },
              },
            },
          },
        },
      },
    ],
  },
};
