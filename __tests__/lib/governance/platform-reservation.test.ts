import { expect, test } from "vitest";
import { argoCdValues } from "../../../lib/argocd/values.ts";
import { ciliumValues } from "../../../lib/cilium/values.ts";
import { PODS_PER_CLUSTER, PODS_PER_NODE } from "../../../lib/governance/platform-reservation.ts";

const requestsOf = (name: string) =>
  [...PODS_PER_NODE, ...PODS_PER_CLUSTER].find((pods) => pods.name === name)?.requests;

const argocd = argoCdValues({
  address: "192.0.2.1",
  hostname: "argocd.example.org",
  plainHttp: false,
  authDisabled: false,
  anonymous: false,
  admin: "disabled",
  adminPasswordChangedAt: "2026-01-01T00:00:00Z",
  priorityClassName: "vixens-critical",
});
const cilium = ciliumValues({ nodeCount: 4, loadBalancerServices: 20, policyMode: "enforce" });

test("every component of ArgoCD has what its chart requests", () => {
  const components = Object.entries(argocd).filter(([, values]) => Object.hasOwn(values, "resources"));
  expect(components.length).toBeGreaterThan(5);
  for (const [name, values] of components) {
    const { resources } = values as { resources: { requests: unknown } };
    expect([name, requestsOf(`argocd-${name}`)]).toEqual([name, resources.requests]);
  }
});

test("every component of Cilium has what its chart requests", () => {
  const requested = {
    "cilium-agent": cilium.resources.requests,
    "cilium-envoy": cilium.envoy.resources.requests,
    "cilium-operator": cilium.operator.resources.requests,
    "hubble-relay": cilium.hubble.relay.resources.requests,
  };
  for (const [name, requests] of Object.entries(requested))
    expect([name, requestsOf(name)]).toEqual([name, requests]);
  expect(PODS_PER_CLUSTER.find(({ name }) => name === "cilium-operator")?.count).toBe(
    cilium.operator.replicas,
  );
});

test("names are unique, and every amount has a source", () => {
  const all = [...PODS_PER_NODE, ...PODS_PER_CLUSTER];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { source } of all) expect(source).toMatch(/\S{5,}/);
});
