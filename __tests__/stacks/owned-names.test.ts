import { beforeAll, describe, expect, test } from "vitest";
import { app } from "../../lib/app/declaration.ts";
import { environments, synthesis, undemandingApps, withUndemandingApps } from "./homelab.ts";

const plain = (name: string, namespace?: string) =>
  app(name, {
    image: "traefik/whoami:v1.11.0",
    port: 80,
    environments: ["dev"],
    isolated: "nobody calls it in this test",
    size: "xs",
    ...(namespace !== undefined && { namespace }),
  });

const dev = environments(withUndemandingApps).filter(({ name }) => name === "dev");

describe("names that somebody else has are refused", () => {
  let refused = "";
  beforeAll(() => {
    const taken = [
      ...[
        "argocd",
        "cilium",
        "default",
        "vixens-app-of-apps",
        "cilium-secrets",
        "vixens-critical",
        "cluster-admin",
      ],
      ...["argocd-server"],
    ].map((name) => plain(name, `${name}-apart`));
    const namespaces = ["argocd", "etcd-backup", "kube-system", "default", "cilium-secrets"].map((name) =>
      plain(`in-${name}`, name),
    );
    try {
      synthesis(dev, {}, [...undemandingApps, ...taken, ...namespaces]);
    } catch (error) {
      refused = String(error);
    }
  }, 60_000);

  test.each([
    ["argocd", "the Helm release argocd's"],
    ["cilium", "the Helm release cilium's"],
    ["argocd-server", "the Helm release argocd's"],
    ["cilium-secrets", "the Helm release cilium's"],
    ["default", "ArgoCD's own project"],
    ["vixens-app-of-apps", "the platform's"],
    ["vixens-critical", "the platform's"],
    ["cluster-admin", "Kubernetes'"],
  ])("an app called %s", (name, owner) => {
    expect(refused).toContain(`apps.${name}.name: must be free; it is ${owner}: got "${name}"`);
  });

  test.each([
    ["argocd", "the platform's"],
    ["etcd-backup", "the platform's"],
    ["cilium-secrets", "the Helm release cilium's"],
    ["kube-system", "Kubernetes'"],
    ["default", "Kubernetes'"],
  ])("the namespace %s", (name, owner) => {
    expect(refused).toContain(`apps.in-${name}.namespace: must be free; it is ${owner}: got "${name}"`);
  });
});
