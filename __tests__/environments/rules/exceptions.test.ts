import { expect, test } from "vitest";
import { problems, TODAY } from "../lab.ts";

const exception = {
  name: "printer",
  reason: "The printer pushes scans.",
  reviewBy: TODAY,
  from: { cidr: "10.9.0.5/32" },
  to: { namespace: "media" },
  ports: [{ protocol: "TCP", port: 8000, endPort: 8010 }],
};

const found = (changes: object = {}) =>
  problems({ "networkPolicy.exceptions": [{ ...exception, ...changes }] });

test("accepts an exception up to its review date", () => {
  expect(found()).toEqual([]);
});

test.each<[string, object, string]>([
  ["past its review date", { reviewBy: "2020-01-01" }, "reviewBy: must not be past; today is"],
  ["without pods at an end", { to: { entity: "world" } }, "printer: must have pods at one end"],
  ["from a name", { from: { fqdn: "example.org" } }, "from: must not be a name"],
  [
    "with reversed ports",
    { ports: [{ protocol: "TCP", port: 9, endPort: 8 }] },
    "ports[0]: must not be reversed",
  ],
  ["without a reason", { reason: "no" }, "reason"],
  ["without ports", { ports: [] }, "ports"],
  [
    "with an entity that says too much",
    { from: { entity: "all" } },
    'from.entity: must be "host" or "remote-node" or "kube-apiserver" or "world": got "all"',
  ],
  [
    "with an address that is none",
    { from: { cidr: "10.9.0.5" } },
    "from.cidr: must be an IPv4 address with a prefix length",
  ],
  ["from a peer of two kinds", { from: { cidr: "10.9.0.0/24", fqdn: "a.org" } }, "from: must be a namespace"],
  ["from no peer", { from: {} }, "from: must be a namespace, maybe with labels, or else one"],
  [
    "without labels among its labels",
    { to: { namespace: "media", labels: {} } },
    "labels: must have a label",
  ],
  [
    "with a label that Kubernetes refuses",
    { to: { namespace: "media", labels: { "a b": "x" } } },
    "must be a label's key, e.g. app.kubernetes.io/name",
  ],
  [
    "with a label's value that is a template",
    { to: { namespace: "media", labels: { app: "$" + "{path.module}" } } },
    "labels.app: must be a label's value, at most 63 characters",
  ],
  [
    "with a reason that is a template",
    { reason: "Because of %" + "{ if true }" },
    "reason: must not hold a dollar or percent sign before a brace",
  ],
])("refuses one %s", (_, changes, message) => {
  const all = found(changes);
  expect(all).toHaveLength(1);
  expect(all[0]).toContain(message);
  expect(all[0]).toContain("networkPolicy.exceptions.printer");
});

test("refuses two of one name", () => {
  expect(problems({ "networkPolicy.exceptions": [exception, exception] })).toEqual([
    'networkPolicy.exceptions.printer.name: must be the only exception of that name: got "printer"',
  ]);
});
