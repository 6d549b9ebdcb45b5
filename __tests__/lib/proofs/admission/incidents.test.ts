/** Three outages of the homelab, each refused before anything is sent. */
import { expect, test } from "vitest";
import type { KnownChart } from "../../../../environments/recorded/chart-facts.ts";
import { admissionWorld } from "../../../../lib/admission/admit.ts";
import type { RenderedContainer } from "../../../../lib/core/facts/rendered.ts";
import { admissionFindings, admissionProblems } from "../../../../lib/proofs/admission/problems.ts";

const app = (container: Partial<RenderedContainer>, labels: Record<string, string> = {}) => ({
  name: "web",
  namespace: "media",
  size: "xl" as const,
  facts: {
    known: true,
    workloads: [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web", namespace: "media" },
        spec: {
          replicas: 1,
          template: { metadata: { labels }, spec: { containers: [{ name: "main", ...container }] } },
        },
      },
    ],
    operated: [],
  } as unknown as KnownChart,
});
const world = admissionWorld();
const resources = { requests: { cpu: "100m", memory: "1Gi" }, limits: { cpu: "1", memory: "2Gi" } };

test("2026-02-28: a profile by default cuts the memory of a container", () => {
  expect(admissionFindings(app({ resources }), world)).toContain(
    "apps.web: Deployment web: containers.main.resources.limits.memory: must run as declared: policy sizing-v2-mutate, rule v2-unlabeled-sidecar-defaults would make it 512Mi: got 2Gi",
  );
});

test("2026-04-24: a label's size wins over stated resources", () => {
  const lines = admissionFindings(app({ resources }, { "vixens.io/sizing.main": "B-small" }), world);
  expect(lines).toContain(
    "apps.web: Deployment web: containers.main.resources.limits.memory: must run as declared: policy sizing-v2-mutate, rule v2-container-sizing would make it 512Mi: got 2Gi",
  );
});

test("what the label says is what runs", () => {
  expect(admissionFindings(app({ resources }, { "vixens.io/sizing.main": "B-large" }), world)).toEqual([]);
});

test("a finding is silenced by its risk alone, and a risk without a finding is refused", () => {
  expect(admissionProblems([app({ resources })], [], world)).not.toEqual([]);
  expect(admissionProblems([app({ resources })], ["admission-web"], world)).toEqual([]);
  expect(admissionProblems([app({})], ["admission-web"], world)).toHaveLength(1);
});
