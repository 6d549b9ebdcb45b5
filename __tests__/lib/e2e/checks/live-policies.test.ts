import { expect, test } from "vitest";
import { openedElsewhere } from "../../../../lib/e2e/checks/live-policies.ts";

const policy = (spec: object | undefined, kind = "CiliumNetworkPolicy") => ({
  apiVersion: "cilium.io/v2",
  kind,
  metadata: { name: "x", namespace: "y" },
  ...(spec && { spec }),
});

test("a policy is opened in the direction that it does not speak of", () => {
  expect(openedElsewhere(policy({ egress: [{}] }))).toEqual(
    policy({ egress: [{}], ingress: [{ fromEntities: ["world"] }] }),
  );
  expect(openedElsewhere(policy({ ingress: [{}] }))).toEqual(
    policy({ ingress: [{}], egress: [{ toEntities: ["world"] }] }),
  );
});

test.each([
  ["speaks of both", policy({ ingress: [], egress: [] })],
  ["has several rules", policy(undefined)],
  ["is of another kind", policy({ egress: [] }, "CiliumClusterwideNetworkPolicy")],
])("one that %s is left alone", (_, given) => {
  expect(openedElsewhere(given)).toBeUndefined();
});
