/** Three outages of the homelab, each refused before anything is sent. */
import { describe, expect, test } from "vitest";
import type { KnownChart } from "../../../../environments/recorded/chart-facts.ts";
import { admissionWorld } from "../../../../lib/admission/admit.ts";
import { effectivePods } from "../../../../lib/admission/effective-pods.ts";
import { refusals } from "../../../../lib/admission/refusals.ts";
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

describe("2026-03-07: a security context that nobody asked for", () => {
  const labels = { "vixens.io/sizing.main": "B-large" };
  const findings = (container: Partial<RenderedContainer>) =>
    admissionFindings(app({ resources, ...container }, labels), world);

  test("takes the capabilities of an image that declares nothing and may be root", () => {
    expect(findings({ image: "images/risk:1.0.0" })).toEqual([
      expect.stringContaining("containers.main.securityContext.allowPrivilegeEscalation"),
      "apps.web: Deployment web: containers.main.securityContext.capabilities.drop.0: must run as declared: policy mutate-security-context, rule inject-containers-securitycontext would make it ALL: got nothing, and nothing says that it is not root",
    ]);
    expect(findings({ securityContext: { runAsUser: 0 } })).toHaveLength(2);
  });

  test("takes nothing from one that is no root, or that declares what comes", () => {
    expect(findings({ securityContext: { runAsUser: 1000 } })).toEqual([]);
    expect(findings({ securityContext: { runAsNonRoot: true } })).toEqual([]);
    const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
    expect(findings({ securityContext })).toEqual([]);
  });

  test("beside a privileged container is refused by the API", () => {
    const { template } = privileged();
    expect(
      refusals({ template }, { name: "media", podSecurity: "privileged", size: "xl" }, world.priorities),
    ).toEqual([
      expect.objectContaining({
        container: "main",
        rule: "must be valid: the API refuses allowPrivilegeEscalation false beside privileged true",
      }),
    ]);
  });
});

/** The pod of a privileged container without the annotation that keeps its security context. */
const privileged = () => {
  const { facts } = app({ securityContext: { privileged: true } });
  const [pod] = effectivePods(facts, "media", { nodes: [], size: "xl", world });
  if (!pod) throw new Error("must have a pod");
  return pod;
};

test("a label that has pods resized later, and an annotation that does so, are findings", () => {
  const later = (labels: Record<string, string>) =>
    admissionFindings(app({ resources, securityContext: { runAsUser: 1000 } }, labels), world).filter(
      (line) => line.includes("VerticalPodAutoscaler"),
    );
  expect(later({ "vixens.io/sizing.main": "B-large" })).toEqual([]);
  expect(later({ "vixens.io/sizing.main": "V-large" })).toEqual([
    "apps.web: Deployment web: containers.*.resources: must run as declared: policy sizing-vpa-generate, rule generate-vpa would make it resized by a VerticalPodAutoscaler (InPlaceOrRecreate) between 5m and 64Mi and 8000m and 16Gi: got as stated",
  ]);
});

test("2026-04-24: a label's size wins over stated resources", () => {
  const lines = admissionFindings(app({ resources }, { "vixens.io/sizing.main": "B-small" }), world);
  expect(lines).toContain(
    "apps.web: Deployment web: containers.main.resources.limits.memory: must run as declared: policy sizing-v2-mutate, rule v2-container-sizing would make it 512Mi: got 2Gi",
  );
});

test("what the label says is what runs", () => {
  expect(
    admissionFindings(
      app({ resources, securityContext: { runAsUser: 1000 } }, { "vixens.io/sizing.main": "B-large" }),
      world,
    ),
  ).toEqual([]);
});

test("a finding is silenced by its risk alone, and a risk without a finding is refused", () => {
  expect(admissionProblems([app({ resources })], [], world)).not.toEqual([]);
  expect(admissionProblems([app({ resources })], ["admission-web"], world)).toEqual([]);
  expect(
    admissionProblems([app({ securityContext: { runAsUser: 1000 } })], ["admission-web"], world),
  ).toHaveLength(1);
});
