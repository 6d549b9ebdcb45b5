import { describe, expect, test } from "vitest";
import { Subnet } from "../../../lib/core/values/subnet.ts";
import type { Allowance } from "../../../lib/network/allowance.ts";
import { defaultDenyPolicy } from "../../../lib/network/default-deny.ts";
import { exceptionAllowance, type NetworkException } from "../../../lib/network/exceptions.ts";
import { PROFILES, type ProfileName, profileAllowances } from "../../../lib/network/profiles.ts";
import { PolicySet } from "../../../lib/proofs/evaluator/policy-set.ts";
import { ENDS, inventory } from "../../../lib/proofs/network/inventory.ts";
import { proveNetwork } from "../../../lib/proofs/network/prove.ts";
import { allowances, apps, urls } from "../proofs/network/lab.ts";

const { identities } = inventory({ ...urls, apps });
const lan = { id: "LAN", kind: "cidr", cidr: "192.168.1.5/32" } as const;
const media = "media/any-app";

const open = (chosen: readonly Allowance[], from: string, to: string, port: number): boolean => {
  const policies = [...chosen.map((allowance) => allowance.policy()), defaultDenyPolicy()];
  const evaluator = PolicySet.compile(policies).over([...identities, lan]);
  return evaluator.evaluate({ from, to, protocol: "TCP", port }).decision === "allowed";
};

const problems = (chosen: readonly Allowance[]) => {
  const all = [...allowances, ...chosen];
  const policies = [...all.map((allowance) => allowance.policy()), defaultDenyPolicy()];
  return proveNetwork({ ...urls, apps, allowances: all, demands: chosen, policies }).problems;
};

describe("profiles", () => {
  test.each<[ProfileName, string, string, number]>([
    ["web", "traefik/traefik", media, 8080],
    ["internet", media, ENDS.world, 443],
    ["monitored", "monitoring/vmagent", media, 9090],
    ["neighbours", media, media, 5432],
    ["kubernetes-api", media, ENDS.apiServer, 6443],
  ])("%s opens %s → %s %i, and nothing does without it", (profile, from, to, port) => {
    expect(open(profileAllowances("media", [profile]), from, to, port)).toBe(true);
    expect(open([], from, to, port)).toBe(false);
  });

  test("internet leaves private addresses and the metadata service closed", () => {
    const chosen = profileAllowances("media", ["internet"]);
    for (const to of [lan.id, ENDS.metadata]) expect(open(chosen, media, to, 443)).toBe(false);
  });

  test("one namespace's profile opens nothing in another", () => {
    const chosen = profileAllowances("tools", ["web", "internet", "neighbours"]);
    expect(open(chosen, "traefik/traefik", media, 8080)).toBe(false);
    expect(open(chosen, media, ENDS.world, 443)).toBe(false);
  });

  test("all profiles together break no proof", () => {
    expect(problems(profileAllowances("media", Object.keys(PROFILES) as ProfileName[]))).toEqual([]);
  });

  test("no profile makes no policy", () => {
    expect(profileAllowances("media", [])).toEqual([]);
  });
});

describe("exceptions", () => {
  const exception = (changes: Partial<NetworkException> = {}): NetworkException => ({
    name: "printer",
    reason: "The printer pushes scans.",
    reviewBy: "2027-01-31",
    from: { cidr: Subnet.parse("192.168.1.5/32") },
    to: { namespace: "media", labels: { "app.kubernetes.io/name": "any-app" } },
    ports: [{ protocol: "TCP", port: 8000, endPort: 8010 }],
    ...changes,
  });

  test("opens what it names, under a name that says what it is", () => {
    const allowance = exceptionAllowance(exception());
    expect(allowance.name).toBe("exception-printer");
    expect(allowance.why).toBe("Exception until 2027-01-31: The printer pushes scans.");
    expect(open([allowance], lan.id, media, 8005)).toBe(true);
    expect(open([allowance], lan.id, media, 8011)).toBe(false);
    expect(open([allowance], lan.id, "tools/any-app", 8005)).toBe(false);
  });

  test.each<[string, Partial<NetworkException>]>([
    ["a namespace to a name", { from: { namespace: "media" }, to: { fqdn: "example.org" } }],
    ["an entity to a namespace", { from: { entity: "remote-node" }, to: { namespace: "media" } }],
  ])("may be from %s", (_, changes) => {
    expect(problems([exceptionAllowance(exception(changes))])).toEqual([]);
  });

  test("cannot open what nothing may open", () => {
    const toRedis = exception({
      from: { namespace: "tools" },
      to: { namespace: "argocd", labels: { "app.kubernetes.io/name": "argocd-redis" } },
    });
    expect(problems([exceptionAllowance(toRedis)])).toContainEqual(
      expect.stringMatching(/^must die: anything → ArgoCD's Redis/),
    );
  });
});
