import { expect, test } from "vitest";
import { openedElsewhere } from "../../../../labs/e2e/checks/live-policies.ts";

const policy = (rules: object) => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumClusterwideNetworkPolicy",
  metadata: { name: "x" },
  ...rules,
});
const endpointSelector = {};
const world = { ingress: [{ fromEntities: ["world"] }], egress: [{ toEntities: ["world"] }] };

test.each([
  [
    "ingress",
    { spec: { endpointSelector, egress: [{}] } },
    { spec: { endpointSelector, egress: [{}], ingress: world.ingress } },
  ],
  [
    "egress",
    { spec: { endpointSelector, ingress: [{}] } },
    { spec: { endpointSelector, ingress: [{}], egress: world.egress } },
  ],
  [
    "the first of several rules that leaves one out",
    {
      specs: [
        { nodeSelector: {}, egress: [] },
        { endpointSelector, ingress: [{}] },
      ],
    },
    {
      specs: [
        { nodeSelector: {}, egress: [] },
        { endpointSelector, ingress: [{}], egress: world.egress },
      ],
    },
  ],
])("a policy is opened in %s", (_, given, expected) => {
  expect(openedElsewhere(policy(given))).toEqual(policy(expected));
});

test.each([
  ["speaks of both", { spec: { endpointSelector, ingress: [], egress: [] } }],
  ["is about nodes", { spec: { nodeSelector: {}, ingress: [] } }],
  ["is none of Cilium", { spec: { podSelector: {}, ingress: [] } }],
])("one that %s is left alone", (_, given) => {
  expect(openedElsewhere(policy(given))).toBeUndefined();
});
