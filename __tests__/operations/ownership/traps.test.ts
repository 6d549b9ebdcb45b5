/** Objects that the homelab's GitOps repository owns as well, against the stacks as they are synthesized. */
import { expect, test } from "vitest";
import { Checkout } from "../../../operations/ownership/checkout.ts";
import { type ContestedObject, compareOwnership } from "../../../operations/ownership/comparison.ts";
import { gitopsSide } from "../../../operations/ownership/gitops-side.ts";
import { terraformSide } from "../../../operations/ownership/terraform-side.ts";
import { environments, synthesis } from "../../stacks/homelab.ts";
import {
  application,
  directoryOf,
  type Files,
  kustomization,
  object,
  overlay,
  REPOSITORY,
} from "./fixtures.ts";

const inDev = (change: Parameters<typeof environments>[0] = () => {}) => {
  const parsed = environments(change).filter(({ name }) => name === "dev");
  return terraformSide([...synthesis(parsed).stacks].map(([name, json]) => ({ name, json })));
};
const stacks = inDev();

/** One Application `name` that applies these objects; its findings, without those of other kinds. */
const findings = (
  name: string,
  objects: readonly object[],
  namespace: string,
  ours = stacks,
): readonly ContestedObject[] => {
  const files: Files = overlay([application(name, "apps/x", { namespace })], {
    "apps/x/kustomization.yaml": kustomization({ resources: ["x.yaml"] }),
    "apps/x/x.yaml": objects,
  });
  const root = { path: "argocd/overlays/dev", repository: REPOSITORY, revision: "main", namespace: "argocd" };
  return compareOwnership("dev", ours, gitopsSide(new Checkout(directoryOf(files)), root), []).findings;
};
const whats = (found: readonly ContestedObject[]) => found.map(({ what }) => what);

const GO = (name: string) =>
  `take the finalizer out of argocd/overlays/dev/apps/${name}.yaml and let it sync, then comment out apps/${name}.yaml in argocd/overlays/dev/kustomization.yaml`;
const pool = (name: string, start: string, stop: string) =>
  object(`cilium.io/v2alpha1 CiliumLoadBalancerIPPool ${name}`, { spec: { blocks: [{ start, stop }] } });

test("cilium-lb owns the pool and the announcement, and more that is not ours", () => {
  const found = findings(
    "cilium-lb",
    [
      pool("vixens-dev-pool", "192.168.208.70", "192.168.208.89"),
      object("cilium.io/v2alpha1 CiliumL2AnnouncementPolicy vixens-dev-l2"),
      object("cilium.io/v2 CiliumClusterwideNetworkPolicy allow-something"),
    ],
    "kube-system",
  );
  expect(whats(found)).toEqual([
    "CiliumL2AnnouncementPolicy.cilium.io vixens-dev-l2",
    "CiliumLoadBalancerIPPool.cilium.io vixens-dev-pool",
  ]);
  for (const { advice } of found)
    expect(advice).toBe(
      "keep it here: annotate it argocd.argoproj.io/sync-options: Prune=false in apps/x/x.yaml and let it sync, then take it out of apps/x/kustomization.yaml; or leave it to GitOps: withhold load-balancer-objects in the adoption of environments/dev.ts",
    );
});

test("a pool and a policy of other names hand out the same addresses on the same interfaces", () => {
  const policy = object("cilium.io/v2alpha1 CiliumL2AnnouncementPolicy dev-l2-policy", {
    spec: { interfaces: ["eth1", "^en.*\\.208$"] },
  });
  const found = findings(
    "cilium-lb",
    [
      pool("dev-pool", "192.168.208.89", "192.168.208.99"),
      pool("other", "192.168.208.90", "192.168.208.99"),
      policy,
    ],
    "kube-system",
  );
  expect(whats(found)).toEqual([
    "announcement ^en.*\\.208$",
    "addresses of vixens-dev-pool and dev-pool, which overlap",
  ]);
  expect(found[0]?.advice).toContain(`keep it here: ${GO("cilium-lb")}`);
});

test("a block in CIDR form overlaps too", () => {
  const cidr = object("cilium.io/v2 CiliumLoadBalancerIPPool p", {
    spec: { blocks: [{ cidr: "192.168.208.64/28" }] },
  });
  expect(whats(findings("p", [cidr], "kube-system"))).toEqual([
    "addresses of vixens-dev-pool and p, which overlap",
  ]);
});

test("argocd applies plain manifests over our release", () => {
  const found = findings(
    "argocd",
    [
      object("v1 Namespace argocd"),
      object("v1 Service argocd/argocd-server"),
      object("apps/v1 Deployment argocd/argocd-repo-server"),
      object("rbac.authorization.k8s.io/v1 ClusterRole argocd-server"),
      object("apiextensions.k8s.io/v1 CustomResourceDefinition applications.argoproj.io"),
      object("apiextensions.k8s.io/v1 CustomResourceDefinition others.argoproj.io"),
    ],
    "argocd",
  );
  expect(whats(found)).toEqual([
    "Namespace argocd",
    "objects of the Helm release argocd/argocd, as its chart renders them: Service argocd/argocd-server, Deployment.apps argocd/argocd-repo-server, 2 more",
  ]);
  expect(found.map(({ advice }) => advice)).toEqual([
    `keep it here: ${GO("argocd")}; or leave it to GitOps: withhold namespaces-and-priorities in the adoption of environments/dev.ts`,
    `keep it here: ${GO("argocd")}; or leave it to GitOps: withhold argocd-release in the adoption of environments/dev.ts`,
  ]);
});

test("priority classes and shared namespaces, of which nothing else is left", () => {
  const classes = ["critical", "high", "medium", "low"].map((name) =>
    object(`scheduling.k8s.io/v1 PriorityClass vixens-${name}`),
  );
  expect(whats(findings("priority-classes", classes, "kube-system"))).toHaveLength(4);
  const namespaces = ["tools", "media"].map((name) => object(`v1 Namespace ${name}`));
  const found = findings("shared-namespaces", namespaces, "argocd");
  expect(whats(found).sort()).toEqual(["Namespace media", "Namespace tools"]);
  for (const { advice } of found) expect(advice).toContain(`keep it here: ${GO("shared-namespaces")};`);
});

test("the credentials of Infisical's operator, as an object or as what an InfisicalSecret makes", () => {
  const made = object("secrets.infisical.com/v1alpha1 InfisicalSecret x", {
    spec: { managedSecretReference: { secretName: "infisical-universal-auth", secretNamespace: "argocd" } },
  });
  for (const secret of [made, object("v1 Secret argocd/infisical-universal-auth")])
    expect(whats(findings("infisical", [secret], "tools"))).toEqual([
      "Secret argocd/infisical-universal-auth",
    ]);
});

test("the address of ArgoCD", () => {
  const service = object("v1 Service web", {
    metadata: { annotations: { "io.cilium/lb-ipam-ips": "192.168.208.71" } },
  });
  expect(whats(findings("web", [service], "tools"))).toEqual(["address 192.168.208.71"]);
});

test("the root application", () => {
  expect(whats(findings("vixens-app-of-apps", [], "argocd"))).toEqual([
    "Application.argoproj.io argocd/vixens-app-of-apps",
  ]);
});

test("what an adoption withholds is not fought over", () => {
  const adopted = inDev((input) => {
    if (input.name !== "dev") return;
    input.adoption = {
      shape: "H",
      talosContract: "v1.11.0",
      installImage: "factory.talos.dev/installer/abc:v1.11.5",
      kubernetes: "v1.33.4",
      withhold: ["load-balancer-objects", "argocd-release", "namespaces-and-priorities"],
      absent: [],
    };
  });
  const theirs = [
    pool("vixens-dev-pool", "192.168.208.70", "192.168.208.89"),
    object("v1 Service argocd/argocd-server"),
    object("v1 Namespace tools"),
  ];
  expect(whats(findings("all", theirs, "argocd"))).toHaveLength(3);
  expect(whats(findings("all", theirs, "argocd", adopted))).toEqual([]);
});
