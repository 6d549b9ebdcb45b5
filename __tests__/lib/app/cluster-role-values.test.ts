import { describe, expect, test } from "vitest";
import { appTemplateValues } from "../../../lib/app/app-template.ts";
import { usesKubernetesApi } from "../../../lib/app/links.ts";
import { imageApp, problems, resolved } from "./lab.ts";

const withRole = (clusterRole: object, network = [usesKubernetesApi()]) =>
  imageApp({ clusterRole, network, clusterKinds: ["rbac.authorization.k8s.io/ClusterRole"] });

test("is a ClusterRole of an account of its own, whose token the pod has", () => {
  const role = {
    "pods,nodes": "read",
    "pods/log": ["get"],
    "apps/deployments": ["patch"],
    "cilium.io/*": "read",
  };
  expect(appTemplateValues(resolved(withRole(role)))).toMatchObject({
    defaultPodOptions: { automountServiceAccountToken: true },
    serviceAccount: { web: {} },
    controllers: { main: { serviceAccount: { identifier: "web" } } },
    rbac: {
      roles: {
        web: {
          type: "ClusterRole",
          rules: [
            { apiGroups: [""], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] },
            { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
            { apiGroups: ["apps"], resources: ["deployments"], verbs: ["patch"] },
            { apiGroups: ["cilium.io"], resources: ["*"], verbs: ["get", "list", "watch"] },
          ],
        },
      },
      bindings: { web: { type: "ClusterRoleBinding", roleRef: { identifier: "web" } } },
    },
  });
});

test("an app without one has no token", () => {
  const values = appTemplateValues(resolved(imageApp()));
  expect(values).toMatchObject({ defaultPodOptions: { automountServiceAccountToken: false } });
  expect(values).not.toHaveProperty("rbac");
});

describe("refused", () => {
  test.each<[string, object, string]>([
    ["every verb", { secrets: ["*"] }, "clusterRole.secrets: must name the verbs and resources"],
    [
      "changes of everything",
      { "apps/*": ["patch"] },
      "clusterRole.apps/*: must name the verbs and resources",
    ],
    ["no resource", { "Pods and more": "read" }, "clusterRole: must be resources, e.g. pods,nodes"],
    ["no verb", { pods: "write" }, 'clusterRole.pods: must be "read", or verbs'],
  ])("%s", (_, role, says) => {
    expect(problems([withRole(role)]).join()).toContain(`apps.web.${says}`);
  });

  test("without a way to the API", () => {
    expect(problems([withRole({ pods: "read" }, [])])).toEqual([
      expect.stringContaining("network: must hold usesKubernetesApi()"),
    ]);
  });
});
