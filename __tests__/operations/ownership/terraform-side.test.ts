import { describe, expect, test } from "vitest";
import { display, idOf } from "../../../lib/core/kubernetes/object-id.ts";
import type { TerraformJson } from "../../../lib/core/synthesis/terraform-json.ts";
import { application, manifest, object, resource, terraform } from "./fixtures.ts";

const ids = (...parts: TerraformJson[]) =>
  terraform(...parts).objects.map(({ object }) => {
    const id = idOf(object, new Set(["/Namespace", "scheduling.k8s.io/PriorityClass"]), "default");
    return id && display(id);
  });

const namespace = resource("kubernetes_namespace_v1", "ns", { metadata: { name: "tools" } });

describe("objects", () => {
  test.each([
    ["kubernetes_namespace_v1", { name: "tools" }, "Namespace tools"],
    ["kubernetes_priority_class_v1", { name: "high" }, "PriorityClass.scheduling.k8s.io high"],
    [
      "kubernetes_persistent_volume_claim_v1",
      { name: "data", namespace: "a" },
      "PersistentVolumeClaim a/data",
    ],
    [
      "kubernetes_pod_disruption_budget_v1",
      { name: "web", namespace: "a" },
      "PodDisruptionBudget.policy a/web",
    ],
    ["kubernetes_cron_job_v1", { name: "job", namespace: "a" }, "CronJob.batch a/job"],
    ["kubernetes_secret", { name: "old" }, "Secret default/old"],
  ])("of %s", (type, metadata, expected) => {
    expect(ids(resource(type, "x", { metadata }))).toEqual([expected]);
    expect(ids(resource(type, "x", { metadata: [metadata] }))).toEqual([expected]);
  });

  test("of manifests, of one document or more, with Terraform's escapes", () => {
    const yaml_body =
      '{apiVersion: v1, kind: Secret, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: b}, stringData: {c: "$${HOME}"}}';
    expect(ids(resource("kubectl_manifest", "x", { yaml_body }))).toEqual([
      "Secret default/a",
      "Secret default/b",
    ]);
    expect(ids(resource("kubernetes_manifest", "x", { manifest: object("v1 Secret a/b") }))).toEqual([
      "Secret a/b",
    ]);
  });

  test("a reference to a namespace is the namespace", () => {
    const metadata = { name: "x", namespace: "${kubernetes_namespace_v1.ns.metadata[0].name}" };
    expect(ids(namespace, resource("kubernetes_service_v1", "y", { metadata }))).toEqual([
      "Namespace tools",
      "Service tools/x",
    ]);
  });

  test("what is no object of the cluster, and what Terraform leaves as it is, is nobody's", () => {
    const metadata = { name: "x" };
    const { objects, releases, unknown } = terraform(
      resource("aws_s3_bucket", "a", { bucket: "x" }),
      resource("kubernetes_namespace_v1", "b", { metadata, lifecycle: { ignore_changes: "all" } }),
      resource("kubernetes_namespace_v1", "c", { metadata, lifecycle: { ignore_changes: ["all"] } }),
      resource("helm_release", "d", { name: "x", count: 0 }),
    );
    expect([objects, releases, unknown]).toEqual([[], [], []]);
  });
});

test("releases are Helm's and those of our Applications", () => {
  const chart = { repoURL: "https://charts.example.org", chart: "loki", targetRevision: "6.0.0" };
  const { releases } = terraform(
    resource("helm_release", "a", {
      name: "argocd",
      namespace: "argocd",
      chart: "argo-cd",
      version: "7.7.7",
      values: ["a: 1"],
    }),
    manifest("b", application("loki", "", { namespace: "monitoring", sources: [chart] })),
  );
  expect(releases.map(({ namespace, name, chart, version }) => [namespace, name, chart, version])).toEqual([
    ["argocd", "argocd", "argo-cd", "7.7.7"],
    ["monitoring", "loki", "loki", "6.0.0"],
  ]);
});

describe("what is not known is said", () => {
  test.each([
    [
      "another type",
      resource("kubernetes_labels", "x", {}),
      "kubernetes_labels: which object it is, is not known here",
    ],
    [
      "a name of the apply",
      resource("kubernetes_secret_v1", "x", { metadata: { name: "${var.a}" } }),
      "its name is known at the apply only",
    ],
    [
      "a generated name",
      resource("kubernetes_job_v1", "x", { metadata: { generate_name: "x-" } }),
      "it says no kind or no name, so which object it is, is known after the apply only",
    ],
    [
      "no YAML",
      resource("kubectl_manifest", "x", { yaml_body: "{" }),
      expect.stringMatching(/^yaml_body: must be YAML: /),
    ],
  ])("%s", (_, part, why) => {
    const { objects, unknown } = terraform(part);
    expect(objects).toEqual([]);
    expect(unknown).toEqual([{ where: expect.stringMatching(/^dev-platform kube/), why }]);
  });
});
