import { describe, expect, test } from "vitest";
import { displayKey, extendKey, parseExtendedKey } from "../../../../lib/proofs/evaluator/labels.ts";

describe("keys of selectors", () => {
  test.each([
    ["app", "any.app", { source: "any", key: "app" }],
    ["any:app", "any.app", { source: "any", key: "app" }],
    ["k8s:app", "k8s.app", { source: "k8s", key: "app" }],
    [":app", "any.app", { source: "any", key: "app" }],
    ["unspec:app", "unspec.app", { source: "any", key: "app" }],
    ["k8s.app", "any.k8s.app", { source: "any", key: "k8s.app" }],
    ["my.source:app", "my.source.app", { source: "my", key: "source.app" }],
    ["reserved:host", "reserved.host", { source: "reserved", key: "host" }],
    ["reserved.host", "reserved.host", { source: "reserved", key: "host" }],
    ["$host", "reserved.host", { source: "reserved", key: "host" }],
    ["any:reserved.host", "any.reserved.host", { source: "any", key: "reserved.host" }],
    ["app=web", "any.app", { source: "any", key: "app" }],
  ])("%s", (written, extended, key) => {
    expect(extendKey(written)).toBe(extended);
    expect(parseExtendedKey(extended)).toEqual(key);
  });

  test.each([
    ["any.app", "app"],
    ["k8s.app", "k8s:app"],
    ["cidr.2001-db8--0/32", "cidr:2001:db8::0/32"],
  ])("%s is shown as %s", (extended, shown) => {
    expect(displayKey(extended)).toBe(shown);
  });
});
