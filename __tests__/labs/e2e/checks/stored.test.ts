import { expect, test } from "vitest";
import { storedDifferences } from "../../../../labs/e2e/checks/stored.ts";

const object = (kind: string, fields: object, metadata: object = {}) => ({
  apiVersion: "cilium.io/v2",
  kind,
  metadata: { name: "x", ...metadata },
  ...fields,
});
const policy = (spec: object) => object("CiliumClusterwideNetworkPolicy", { spec });
const written = policy({ endpointSelector: {}, egress: [{ toEntities: ["world"] }] });

test("what the API server adds to any object is no difference", () => {
  const stored = { ...written, metadata: { name: "x", uid: "1", labels: { a: "b" } }, status: { ok: true } };
  expect(storedDifferences(written, stored)).toEqual([]);
});

test("an object that is not there", () => {
  expect(storedDifferences(written, undefined)).toEqual(["CiliumClusterwideNetworkPolicy x: is not stored"]);
});

test("a field that was dropped or changed, with its path", () => {
  expect(storedDifferences(written, policy({ endpointSelector: {}, egress: [{}] }))).toEqual([
    'CiliumClusterwideNetworkPolicy x: spec.egress[0].toEntities: written ["world"], stored undefined',
  ]);
  expect(
    storedDifferences(written, policy({ endpointSelector: {}, egress: [{ toEntities: ["all"] }] })),
  ).toEqual([
    'CiliumClusterwideNetworkPolicy x: spec.egress[0].toEntities[0]: written "world", stored "all"',
  ]);
});

test("of a policy, nothing more may be stored than is written", () => {
  const opened = policy({ endpointSelector: {}, egress: [{ toEntities: ["world"] }], ingress: [{}] });
  expect(storedDifferences(written, opened)[0]).toMatch(/: spec: must be stored as written: got .*ingress/);
  expect(storedDifferences(written, { ...written, specs: [] })).toEqual([
    "CiliumClusterwideNetworkPolicy x: specs: is stored, but not written",
  ]);
});

test("of other objects, a default that is added is no difference", () => {
  const pool = object("CiliumLoadBalancerIPPool", { spec: { blocks: [] } });
  expect(
    storedDifferences(pool, object("CiliumLoadBalancerIPPool", { spec: { blocks: [], disabled: false } })),
  ).toEqual([]);
});

test("labels and finalizers count as far as they are written", () => {
  const labelled = object("Application", {}, { labels: { env: "dev" }, finalizers: ["f"] });
  const stored = object("Application", {}, { labels: { env: "prod", more: "x" } });
  expect(storedDifferences(labelled, stored)).toEqual([
    'Application x: metadata.labels.env: written "dev", stored "prod"',
    'Application x: metadata.finalizers: written ["f"], stored undefined',
  ]);
});
