import { expect, test } from "vitest";
import { opened } from "../../../../labs/e2e/checks/drift.ts";

const policy = (fields: object, apiVersion = "cilium.io/v2") => ({
  apiVersion,
  kind: "NetworkPolicy",
  metadata: { name: "x" },
  ...fields,
});

test.each([
  ["ingress", { spec: { ingress: [{}] } }, { spec: { ingress: [{}, { fromEntities: ["world"] }] } }],
  ["egress", { spec: { egress: [] } }, { spec: { egress: [{ toEntities: ["world"] }] } }],
  [
    "the first of several",
    { specs: [{ egress: [] }, { ingress: [] }] },
    { specs: [{ egress: [{ toEntities: ["world"] }] }, { ingress: [] }] },
  ],
])("a Cilium policy is opened in %s", (_, fields, expected) => {
  expect(opened(policy(fields))).toEqual(policy(expected));
});

test("a Kubernetes policy is opened by address", () => {
  const kubernetes = "networking.k8s.io/v1";
  expect(opened(policy({ spec: { egress: [] } }, kubernetes))).toEqual(
    policy({ spec: { egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] } }, kubernetes),
  );
});

test("the policy that is given stays as it is; one without rules is refused", () => {
  const given = policy({ spec: { ingress: [] } });
  opened(given);
  expect(given).toEqual(policy({ spec: { ingress: [] } }));
  expect(() => opened(policy({ spec: {} }))).toThrow("NetworkPolicy x: has no rule that could be opened");
});
