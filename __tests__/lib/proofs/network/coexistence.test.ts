import { expect, test } from "vitest";
import { defaultDenyPolicy } from "../../../../lib/network/default-deny.ts";
import { vixensPolicies } from "../../../../lib/network/vixens-policies.ts";
import { proveCoexistence } from "../../../../lib/proofs/network/prove.ts";
import { allowances, apps, urls } from "./lab.ts";

const ours = [...allowances.map((allowance) => allowance.policy()), defaultDenyPolicy()];

const problems = (policies: readonly unknown[], others: readonly unknown[]) =>
  proveCoexistence({ ...urls, apps, allowances, policies }, others).problems;

test("vixens ships eight clusterwide policies that Cilium's schema accepts", () => {
  expect(vixensPolicies).toHaveLength(8);
  for (const policy of vixensPolicies) expect(() => policy.validate()).not.toThrow();
});

test("with ours, everything that must live does so under vixens' default deny", () => {
  expect(problems(ours, vixensPolicies)).toEqual([]);
});

test("vixens' alone would close what the platform needs", () => {
  const closed = problems([], vixensPolicies);
  for (const flow of ["ArgoCD", "Git", "webhooks", "etcd backup", "ArgoCD UI"])
    expect(closed).toContainEqual(expect.stringMatching(`^must live: ${flow}: `));
});

test("a deny of theirs is found", () => {
  const deny = {
    apiVersion: "cilium.io/v2",
    kind: "CiliumClusterwideNetworkPolicy",
    metadata: { name: "no-git" },
    spec: { endpointSelector: {}, egressDeny: [{ toEntities: ["world"] }] },
  };
  expect(problems(ours, [deny])).toContainEqual(
    expect.stringMatching(/^must live: Git: .*denied by CiliumClusterwideNetworkPolicy no-git/),
  );
});
