import { expect, test } from "vitest";
import { ARGOCD_NAMESPACE, ETCD_BACKUP_NAMESPACE } from "../../../lib/core/platform/namespaces.ts";
import { problems } from "../lab.ts";

test("refuses one name twice", () => {
  expect(problems({ "namespaces.1.name": "media" })).toEqual([
    'namespaces.media.name: must be the only namespace of that name: got "media"',
  ]);
});

test.each([
  "default",
  "kube-system",
  "kube-anything",
  "cilium-secrets",
  ARGOCD_NAMESPACE,
  ETCD_BACKUP_NAMESPACE,
])("refuses %s", (name) => {
  expect(problems({ "namespaces.0.name": name })).toEqual([
    `namespaces.${name}.name: must not be a namespace of Kubernetes or of the platform: got "${name}"`,
  ]);
});

test.each(["kubernetes", "kubeless", "argocd-apps", "default-apps"])("accepts %s", (name) => {
  expect(problems({ "namespaces.0.name": name })).toEqual([]);
});
