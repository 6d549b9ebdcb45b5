import { expect, test } from "vitest";
import { alreadyThere, importId } from "../../../labs/e2e/recovery.ts";

const error = (text: string, address: string) =>
  `Error: ${text}\n\n  with ${address},\n  on cdk.tf.json line 1, in resource:\n\n`;

test("what is there already, and nothing that failed otherwise", () => {
  const stderr = [
    error('namespaces "media" already exists', "kubernetes_namespace_v1.media_A1"),
    error("connection refused", "kubernetes_namespace_v1.other"),
    error('namespaces "media" already exists', "kubernetes_namespace_v1.media_A1"),
  ].join("");
  expect(alreadyThere({ stdout: "", stderr })).toEqual(["kubernetes_namespace_v1.media_A1"]);
  expect(alreadyThere({ stdout: "already exists", stderr: "" })).toEqual([]);
});

test("objects are imported by namespace and name", () => {
  const json = {
    resource: {
      kubernetes_namespace_v1: { n: { metadata: { name: "media" } } },
      kubernetes_secret_v1: { s: { metadata: { name: "key", namespace: "media" } }, odd: {} },
      kubernetes_limit_range_v1: {
        l: { metadata: { name: "containers", namespace: "${kubernetes_namespace_v1.n.metadata[0].name}" } },
        lost: {
          metadata: { name: "containers", namespace: "${kubernetes_namespace_v1.m.metadata[0].name}" },
        },
        odd: { metadata: { name: "containers", namespace: "${var.namespace}" } },
      },
    },
  };
  const stack = { name: "dev-platform", json };
  expect(importId(stack, "kubernetes_namespace_v1.n")).toBe("media");
  expect(importId(stack, "kubernetes_secret_v1.s")).toBe("media/key");
  expect(importId(stack, "kubernetes_limit_range_v1.l")).toBe("media/containers");
  for (const id of ["lost", "odd"]) {
    expect(() => importId(stack, `kubernetes_limit_range_v1.${id}`)).toThrow(/only an apply knows$/);
  }
  expect(() => importId(stack, "kubernetes_secret_v1.odd")).toThrow("has no name to import it by");
});
