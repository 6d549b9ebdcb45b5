/** Releases whose charts are recorded own exactly what Helm renders; nothing that is only called like them. */
import { describe, expect, test } from "vitest";
import { Checkout } from "../../../operations/ownership/checkout.ts";
import { compareOwnership } from "../../../operations/ownership/comparison.ts";
import { gitopsSide } from "../../../operations/ownership/gitops-side.ts";
import { terraformSide } from "../../../operations/ownership/terraform-side.ts";
import { homelab } from "../../stacks/homelab.ts";
import { application, directoryOf, object, overlay, REPOSITORY } from "./fixtures.ts";

const root = { path: "argocd/overlays/dev", repository: REPOSITORY, revision: "main", namespace: "argocd" };
const ours = terraformSide(
  [...homelab().stacks].filter(([name]) => name.startsWith("prod-")).map(([name, json]) => ({ name, json })),
);
const beside = (...objects: object[]) => {
  const files = { "theirs/objects.yaml": objects };
  const theirs = gitopsSide(
    new Checkout(directoryOf(overlay([application("theirs", "theirs")], files))),
    root,
  );
  return compareOwnership("prod", ours, theirs, []);
};
const whatOf = (...theirs: object[]): string[] => beside(...theirs).findings.map(({ what }) => what);

describe("prod", () => {
  test.each([
    "apps/v1 Deployment monitoring/fluent-bit-syslog",
    "v1 Service monitoring/fluent-bit-syslog",
    "v1 Service traefik/traefik-internal",
    "v1 ConfigMap monitoring/grafana-of-somebody-else",
  ])("%s is nobody's here", (id) => {
    expect(whatOf(object(id))).toEqual([]);
  });

  test.each([
    ["apps/v1 Deployment traefik/traefik", "traefik/traefik", "Deployment.apps traefik/traefik"],
    ["apps/v1 DaemonSet kube-system/cilium", "kube-system/cilium", "DaemonSet.apps kube-system/cilium"],
    [
      "postgresql.cnpg.io/v1 Cluster databases/postgresql-shared",
      "databases/postgresql-shared",
      "Cluster.postgresql.cnpg.io databases/postgresql-shared",
    ],
    [
      "rbac.authorization.k8s.io/v1 ClusterRole cert-manager-cainjector",
      "cert-manager/cert-manager",
      "ClusterRole.rbac.authorization.k8s.io cert-manager-cainjector",
    ],
  ])("%s has two owners", (id, release, shown) => {
    expect(whatOf(object(id))).toEqual([
      `objects of the Helm release ${release}, as its chart renders them: ${shown}`,
    ]);
  });

  test("a database of the shared cluster has two owners, whatever the objects are called", () => {
    const spec = { name: "docspell", cluster: { name: "postgresql-shared" } };
    expect(whatOf(object("postgresql.cnpg.io/v1 Database databases/of-theirs", { spec }))).toEqual([
      "database docspell of cluster postgresql-shared",
    ]);
  });

  test("what is not known is what nobody could render", () => {
    const { unknown } = beside(object("v1 ConfigMap elsewhere/a"));
    expect(unknown.map(({ why }) => why)).toEqual([
      expect.stringContaining("chart cert-manager-webhook-gandi"),
      expect.stringContaining("chart stirling-pdf-chart"),
    ]);
  });
});
