import { expect, test } from "vitest";
import { problems } from "../lab.ts";

test("refuses one name twice", () => {
  expect(problems({ "namespaces.1.name": "media" })).toEqual([
    'namespaces.media.name: must be the only namespace of that name: got "media"',
  ]);
});

test.each(["default", "kube-system", "kube-anything", "argocd", "cilium-secrets"])("refuses %s", (name) => {
  expect(problems({ "namespaces.0.name": name })).toEqual([
    `namespaces.${name}.name: must not be a namespace of Kubernetes or of the platform: got "${name}"`,
  ]);
});
