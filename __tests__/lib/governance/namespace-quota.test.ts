import { expect, test } from "vitest";
import { NamespaceQuota } from "../../../lib/governance/namespace-quota.ts";
import { resources } from "../../synth.ts";
import { synthInCluster } from "./cluster.ts";

const quotas = () =>
  resources(
    synthInCluster((stack) => {
      new NamespaceQuota(stack, "media", { namespace: "media", size: "xs" });
    }),
    "kubernetes_resource_quota_v1",
  );

const named = (name: string, found = quotas()) =>
  found.find(({ metadata }) => (metadata as { name: string }).name === name);

test("bounds everything that a namespace can use up", () => {
  expect(named("namespace")).toMatchObject({
    metadata: { namespace: "media" },
    spec: {
      hard: {
        "requests.cpu": "250m",
        "requests.memory": "512Mi",
        "requests.ephemeral-storage": "2Gi",
        "limits.cpu": "2",
        "limits.memory": "1Gi",
        "limits.ephemeral-storage": "16Gi",
        pods: "8",
        persistentvolumeclaims: "4",
        "requests.storage": "50Gi",
        "services.loadbalancers": "1",
      },
    },
  });
});

test("refuses pods in a system priority class", () => {
  expect(named("no-system-priority")).toMatchObject({
    metadata: { namespace: "media" },
    spec: {
      hard: { pods: "0" },
      scope_selector: {
        match_expression: [
          {
            scope_name: "PriorityClass",
            operator: "In",
            values: ["system-cluster-critical", "system-node-critical"],
          },
        ],
      },
    },
  });
});

test("a larger size allows more", () => {
  const found = resources(
    synthInCluster((stack) => {
      new NamespaceQuota(stack, "media", { namespace: "media", size: "xl" });
    }),
    "kubernetes_resource_quota_v1",
  );
  expect(named("namespace", found)).toMatchObject({ spec: { hard: { "requests.memory": "12Gi" } } });
});
