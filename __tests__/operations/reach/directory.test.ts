import { describe, expect, test } from "vitest";
import { Directory, UnknownNameError } from "../../../operations/reach/directory.ts";
import { sceneOf } from "../../../operations/reach/scene.ts";
import { cnp, defaultDeny, networkOf } from "./lab.ts";

const network = networkOf({
  policies: [
    defaultDeny,
    cnp("apps", "whoami", {
      endpointSelector: { matchLabels: { "app.kubernetes.io/name": "whoami", tier: "web" } },
      ingress: [{}],
    }),
  ],
  namespaces: { media: { team: "home" } },
  resources: {
    kubernetes_deployment_v1: {
      reader: {
        metadata: { namespace: "books" },
        spec: { template: { metadata: { labels: { "app.kubernetes.io/name": "reader", tier: "web" } } } },
      },
    },
  },
});
const directory = new Directory(sceneOf([network]));
const identity = (name: string) => directory.resolve(name).identity;

describe("names", () => {
  test.each([
    ["kube-system/kube-dns", "kube-system/kube-dns"],
    ["kube-system/coredns", "kube-system/kube-dns"],
    ["argocd/argocd-repo-server", "argocd/argocd-repo-server"],
    ["argocd/repo-server", "argocd/argocd-repo-server"],
    ["etcd-backup/etcd-backup", "etcd-backup/talos-backup"],
    ["monitoring/scraper", "monitoring/vmagent"],
    ["internet", "internet"],
    ["world", "internet"],
    ["node", "node"],
    ["host", "node"],
    ["other-node", "other node"],
    ["other node", "other node"],
    ["remote-node", "other node"],
    ["api-server", "API server"],
    ["kube-apiserver", "API server"],
    ["metadata-service", "metadata service"],
    ["cilium-health", "cilium-health"],
    ["media/any-app", "media/any-app"],
    ["media/*", "media/any-app"],
    ["books/reader", "books/app.kubernetes.io/name=reader,tier=web"],
    ["books/any-app", "books/any-app"],
    ["apps/reader", "books/app.kubernetes.io/name=reader,tier=web"],
    ["apps/any-app", "apps/any-app"],
    ["apps/whoami", "apps/app.kubernetes.io/name=whoami,tier=web"],
  ])("%s is %s", (name, id) => {
    expect(identity(name).id).toBe(id);
  });

  test("an app that nobody knows yet, in a namespace that nobody knows", () => {
    const { identity: pod, notes } = directory.resolve("new/any-app");
    expect(pod).toMatchObject({
      kind: "pod",
      namespace: "new",
      labels: { "app.kubernetes.io/name": "any-app" },
    });
    expect(notes).toEqual(["no stack and no policy knows a namespace new"]);
  });

  test("a pod by its labels, with those of its namespace", () => {
    expect(identity("media/app=jellyfin,app.kubernetes.io/part-of=tv")).toEqual({
      id: "media/app=jellyfin,app.kubernetes.io/part-of=tv",
      kind: "pod",
      namespace: "media",
      labels: { app: "jellyfin", "app.kubernetes.io/part-of": "tv" },
      namespaceLabels: { team: "home" },
    });
  });

  test.each([
    ["192.0.2.1", { id: "192.0.2.1", cidr: "192.0.2.1" }],
    ["10.0.0.0/8", { id: "10.0.0.0/8", cidr: "10.0.0.0/8" }],
    ["2001:db8::1", { id: "2001:db8::1", cidr: "2001:db8::1" }],
    ["fqdn:GitHub.com", { id: "fqdn:github.com", dnsNames: ["github.com"] }],
  ])("%s is outside the cluster", (name, expected) => {
    expect(identity(name)).toMatchObject({ kind: "cidr", ...expected });
  });
});

describe("refuses what nobody is called, with the closest names", () => {
  test.each([
    ["kube-system/cordns", "kube-system/coredns"],
    ["argocd/reposerver", "argocd/repo-server"],
    ["media/whoami", "apps/whoami"],
    ["argocd/redi", "argocd/redis, books/reader"],
    ["internett", "internet"],
    ["apiserver", "api-server"],
  ])("%s: %s", (name, closest) => {
    expect(() => identity(name)).toThrow(UnknownNameError);
    expect(() => identity(name)).toThrow(`nobody is called ${JSON.stringify(name)}; closest: ${closest}`);
  });

  test.each(["", "media/", "/app=a", "fqdn:", "fqdn:*.example.com", "300.0.0.1", "10.0.0.0/33", "Media/a=b"])(
    "%j",
    (name) => {
      expect(() => identity(name)).toThrow(UnknownNameError);
    },
  );
});

test("a refusal says how to ask for a pod that is not there yet", () => {
  expect(() => identity("shop/db")).toThrow(
    "for an app that no policy names: shop/any-app; for a pod by its labels: shop/app.kubernetes.io/name=db",
  );
});

test("an app that nobody knows is of the namespace that is named, even of apps", () => {
  const other = new Directory(sceneOf([networkOf({ namespaces: { media: {} } })]));
  for (const name of ["apps/any-app", "apps/*"])
    expect(other.resolve(name).identity).toMatchObject({ id: "apps/any-app", namespace: "apps" });
  expect(other.resolve("apps/whoami")).toMatchObject({
    identity: { namespace: "apps", labels: { "app.kubernetes.io/name": "whoami" } },
    notes: [expect.any(String), "nobody runs an app whoami yet: asked for a pod of that name"],
  });
  expect(() => other.resolve("apps/Who Am I")).toThrow(UnknownNameError);
  expect(() => other.resolve("10.0.0/x")).toThrow(/closest: (?!\d)/);
});

test("a label may be empty", () => {
  expect(identity("media/app=")).toMatchObject({ labels: { app: "" } });
});
