import { describe, expect, test } from "vitest";
import type { Allowance } from "../../../../lib/network/allowance.ts";
import { defaultDenyPolicy } from "../../../../lib/network/default-deny.ts";
import { proveNetwork } from "../../../../lib/proofs/network/prove.ts";
import { allowances, apps, urls } from "./lab.ts";

type Egress = { readonly toPorts?: readonly { readonly rules?: unknown }[] };

/** The policy of an allowance with its DNS rules changed. */
const changed = (allowance: Allowance, change: (egress: readonly Egress[]) => unknown): unknown => {
  const policy = JSON.parse(JSON.stringify(allowance.policy()));
  for (const spec of policy.specs) if (spec.egress) spec.egress = change(spec.egress);
  return policy;
};

const hasDns = ({ toPorts = [] }: Egress): boolean => toPorts.some(({ rules }) => rules !== undefined);

const problems = (change: (egress: readonly Egress[]) => unknown): readonly string[] =>
  proveNetwork({
    ...urls,
    apps,
    allowances,
    policies: [
      ...allowances.map((allowance) =>
        allowance.name === "platform-argocd-git" ? changed(allowance, change) : allowance.policy(),
      ),
      defaultDenyPolicy(),
    ],
  }).problems;

describe("a name is reached only where Cilium sees it resolve", () => {
  test.each<[string, (egress: readonly Egress[]) => unknown]>([
    ["without a DNS rule", (egress) => egress.filter((rule) => !hasDns(rule))],
    [
      "with DNS open past the proxy",
      (egress) =>
        egress.map((rule) =>
          hasDns(rule) ? { ...rule, toPorts: rule.toPorts?.map(({ rules: _, ...ports }) => ports) } : rule,
        ),
    ],
    [
      "with a DNS rule on the way to somebody else",
      (egress) =>
        egress.map((rule) =>
          hasDns(rule)
            ? { ...rule, toEndpoints: [{ matchLabels: { "k8s:k8s-app": "hubble-relay" } }] }
            : rule,
        ),
    ],
  ])("%s", (_, change) => {
    expect(problems(change)).toContainEqual(
      expect.stringMatching(
        /^must live: Git: argocd\/argocd-repo-server → Git server 443\/TCP is denied: .*let Cilium see the name resolve/,
      ),
    );
  });

  test("a DNS rule as it should be", () => {
    expect(problems((egress) => egress)).toEqual([]);
  });
});
