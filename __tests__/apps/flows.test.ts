/** Flows between the real apps, asked of what both environments synthesize. */
import { describe, expect, test } from "vitest";
import { withSynthesis } from "../../operations/cli/synthesized-stacks.ts";
import { answer, parsePort } from "../../operations/reach/question.ts";
import { readNetwork } from "../../operations/reach/synthesized.ts";
import { environments } from "../stacks/homelab.ts";

const networks = withSynthesis(environments(), (_, directory) => ({
  dev: readNetwork(directory, "dev"),
  prod: readNetwork(directory, "prod"),
}));

const decision = (environment: "dev" | "prod", from: string, to: string, port: string): string =>
  answer({ network: networks[environment], from, to, port: parsePort(port) }).verdict;

describe("must live", () => {
  test.each([
    ["dev", "traefik/traefik", "whoami/whoami", "80/TCP"],
    ["prod", "traefik/traefik", "whoami/whoami", "80/TCP"],
    ["prod", "apps/nightscout", "kube-system/coredns", "53/UDP"],
    ["prod", "traefik/traefik", "auth/app.kubernetes.io/instance=authentik", "9000/TCP"],
    ["prod", "apps/nightscout", "apps/mongodb-shared", "27017/TCP"],
    ["prod", "traefik/traefik", "node", "8123/TCP"],
    ["prod", "monitoring/vmagent", "cert-manager/app.kubernetes.io/instance=cert-manager", "9402/TCP"],
    ["prod", "velero/app.kubernetes.io/name=velero", "192.168.111.69", "9000/TCP"],
    ["prod", "velero/velero.io/repo-name=media-default-kopia", "api-server", "6443/TCP"],
    ["prod", "argocd/repo-server", "fqdn:charts.goauthentik.io", "443/TCP"],
  ] as const)("%s: %s → %s %s", (environment, from, to, port) => {
    expect(decision(environment, from, to, port)).toBe("allowed");
  });
});

describe("must die", () => {
  test.each([
    ["prod", "internet", "whoami/whoami", "80/TCP"],
    ["prod", "apps/whoami", "apps/mongodb-shared", "27017/TCP"],
    ["prod", "apps/whoami", "api-server", "6443/TCP"],
    ["prod", "apps/mealie", "auth/app.kubernetes.io/instance=authentik", "9000/TCP"],
    ["prod", "apps/mealie", "192.168.111.69", "9000/TCP"],
    ["prod", "apps/firefly-iii", "apps/mongodb-shared", "27017/TCP"],
    ["prod", "apps/nightscout", "argocd/redis", "6379/TCP"],
    ["prod", "argocd/repo-server", "fqdn:example.org", "443/TCP"],
    ["dev", "apps/mealie", "node", "50000/TCP"],
  ] as const)("%s: %s → %s %s", (environment, from, to, port) => {
    expect(decision(environment, from, to, port)).toBe("denied");
  });
});
