import { describe, expect, test } from "vitest";
import { gitopsFacts, gitopsFactsProblem } from "../../../../environments/recorded/gitops-facts.ts";
import { HttpUrl } from "../../../../lib/core/values/http-url.ts";
import { defaultDenyPolicy } from "../../../../lib/network/default-deny.ts";
import { exceptionAllowance } from "../../../../lib/network/exceptions.ts";
import type { PodIdentity } from "../../../../lib/proofs/evaluator/identities.ts";
import { neighbourPods } from "../../../../lib/proofs/network/neighbours.ts";
import { proveCoexistence, proveNetwork } from "../../../../lib/proofs/network/prove.ts";
import { environments } from "../../../stacks/homelab.ts";
import { allowances, apps, urls } from "./lab.ts";

const prod = gitopsFacts("prod") as NonNullable<ReturnType<typeof gitopsFacts>>;
const dev = gitopsFacts("dev") as typeof prod;
const vixensPolicies = prod.policies;

const ours = [...allowances.map((allowance) => allowance.policy()), defaultDenyPolicy()];

const problems = (policies: readonly unknown[], others: readonly unknown[]) =>
  proveCoexistence({ ...urls, apps, allowances, policies }, others).problems;

test("with ours, everything that must live does so under vixens' default deny", () => {
  expect(problems(ours, vixensPolicies)).toEqual([]);
});

test("vixens' alone would close what the platform needs", () => {
  const closed = problems([], vixensPolicies);
  for (const flow of ["webhooks", "Hubble", "gateway", "etcd backup"])
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

describe("with the pods of the GitOps side", () => {
  const proof = (others: readonly unknown[], beside: typeof prod, enforced: boolean) =>
    proveCoexistence({ ...urls, apps, allowances, policies: ours }, others, { ...beside, enforced }).problems;

  test("a deny of theirs that keeps one of their pods from names is found", () => {
    const deny = {
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: { name: "no-names", namespace: "whoami" },
      spec: { endpointSelector: {}, egressDeny: [{ toEntities: ["cluster"] }] },
    };
    const pod = dev.pods.find(({ namespace }) => namespace === "whoami");
    expect(proof([...dev.policies, deny], dev, false)).toContainEqual(
      expect.stringMatching(
        new RegExp(`^must live: DNS: ${pod?.id} .*denied by CiliumNetworkPolicy whoami/no-names`),
      ),
    );
  });

  test("what they say they need, and default deny closes, is refused once it is enforced", () => {
    const closed = (enforced: boolean) =>
      proof(dev.policies, dev, enforced).filter((line) => /^default deny/.test(line));
    expect(closed(false)).toEqual([]);
    expect(closed(true)).toContainEqual(
      "default deny closes kube-system/descheduler → API server 6443/TCP, which is open today and needed: ClusterRoleBinding descheduler; homelab coexist says what keeps it open",
    );
  });

  test("nothing is closed where theirs is enforced already", () => {
    expect(proof(prod.policies, prod, true)).toEqual([]);
  });
});

test("the facts hold what vixens renders, and no more than policies, pods and needs", () => {
  const kinds = (facts: typeof prod) =>
    ["CiliumClusterwideNetworkPolicy", "CiliumNetworkPolicy", "NetworkPolicy"].map(
      (kind) => facts.policies.filter((policy) => policy.kind === kind).length,
    );
  expect([kinds(prod)[0], kinds(dev)]).toEqual([8, [0, 38, 12]]);
  for (const facts of [prod, dev]) {
    for (const policy of facts.policies)
      expect(Object.keys(policy).every((key) => /^(apiVersion|kind|metadata|specs?)$/.test(key))).toBe(true);
    for (const pod of facts.pods)
      expect(
        Object.keys(pod).every((key) => /^(id|app|namespace|labels|serviceAccount|namedPorts)$/.test(key)),
      ).toBe(true);
  }
});

test("facts of another revision than the environment syncs are refused", () => {
  const synced = (revision: string) => ({
    name: "prod",
    gitops: { repository: HttpUrl.parse(prod.repository), revision },
  });
  expect(gitopsFactsProblem(prod, synced(prod.revision))).toBeUndefined();
  expect(gitopsFactsProblem(prod, synced(prod.commit))).toBeUndefined();
  const [claim] = prod.claims;
  if (!claim) throw new Error("no claim");
  const unclassed = { ...prod, claims: [...prod.claims, { ...claim, id: "a/b", backup: "" }] };
  expect(gitopsFactsProblem(unclassed, synced(prod.revision))).toBe(
    "recorded facts of the GitOps side do not say what saves a/b: run homelab coexist prod --gitops <checkout> --write",
  );
  expect(gitopsFactsProblem(prod, synced("2026.06.1"))).toContain(
    "syncs https://github.com/charchess/vixens.git 2026.06.1: run homelab coexist prod",
  );
});

describe("an exception for a pod of the GitOps side", () => {
  const exception = exceptionAllowance({
    name: "descheduler-api",
    reason: "It evicts pods.",
    reviewBy: "2099-12-31",
    from: { namespace: "kube-system", labels: { "app.kubernetes.io/name": "descheduler" } },
    to: { entity: "kube-apiserver" },
    ports: [{ protocol: "TCP", port: 6443 }],
  });
  const all = [...allowances, exception];
  const problems = (neighbours: readonly PodIdentity[]) =>
    proveNetwork({
      ...urls,
      apps,
      allowances: all,
      demands: [exception],
      policies: [...all.map((allowance) => allowance.policy()), defaultDenyPolicy()],
      neighbours,
    }).problems;

  test("selects a pod that exists", () => {
    expect(problems(neighbourPods(dev))).toEqual([]);
  });

  test("selects nobody when there is no such pod", () => {
    expect(problems([])).toContainEqual(expect.stringContaining("must select a pod that exists"));
  });
});

test("that kubelets reach their own pods is an assumption of each environment that runs beside vixens", () => {
  for (const { name, assumptions } of environments().filter((each) => gitopsFacts(each.name)))
    expect([name, assumptions.find(({ path }) => path === "networkPolicy.mode")?.verify]).toEqual([
      name,
      expect.stringContaining("AllowLocalhost"),
    ]);
});
