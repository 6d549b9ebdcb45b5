import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { expect, test } from "vitest";
import { PlatformNamespace } from "../../../lib/governance/platform-namespace.ts";
import { onlyResource, synth } from "../../synth.ts";

test("enforces its standard, has no quota, and no plan may destroy it", () => {
  const stack = synth((s) => {
    new KubernetesProvider(s, "kubernetes", {});
    new PlatformNamespace(s, "argocd", { name: "argocd", podSecurity: "baseline" });
  });
  expect(onlyResource(stack, "kubernetes_namespace_v1")).toMatchObject({
    metadata: {
      name: "argocd",
      labels: {
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/audit": "baseline",
        "pod-security.kubernetes.io/warn": "baseline",
      },
    },
    lifecycle: { prevent_destroy: true },
  });
  expect(Object.keys(stack.resource ?? {})).toEqual(["kubernetes_namespace_v1"]);
});
