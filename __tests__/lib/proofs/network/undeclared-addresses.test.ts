import { expect, test } from "vitest";
import { allowances, problemsWith, prove } from "./lab.ts";

const media = { matchLabels: { "k8s:io.kubernetes.pod.namespace": "media" } };
const open = { endpointSelector: media, enableDefaultDeny: { ingress: false, egress: false } };

test.each([
  ["ingress", [{ fromCIDR: ["198.51.100.7/32"] }], "198\\.51\\.100\\.7/32"],
  ["egress", [{ toCIDRSet: [{ cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] }] }], "10\\.0\\.0\\.0/8"],
  ["egress", [{ toFQDNs: [{ matchName: "elsewhere.example.org" }] }], "elsewhere\\.example\\.org"],
])("what a stranger's %s opens outside of the inventory is undeclared", (direction, rules, text) => {
  expect(problemsWith({ ...open, [direction]: rules })).toContainEqual(
    expect.stringMatching(
      new RegExp(`^undeclared: CiliumClusterwideNetworkPolicy stranger spec.${direction}.* opens .*${text}`),
    ),
  );
});

test("a deny opens nothing, and allowances declare what they name", () => {
  const denied = problemsWith({ ...open, egressDeny: [{ toCIDR: ["198.51.100.7/32"] }] });
  expect(denied.filter((problem) => problem.includes("opens"))).toEqual([]);
  expect(prove({ allowances, others: [] }).problems).toEqual([]);
});
