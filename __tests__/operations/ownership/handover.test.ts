/** The steps by which an app moves: what keeps running, what is imported, and what cannot be kept by itself. */
import { expect, test } from "vitest";
import { Checkout } from "../../../operations/ownership/checkout.ts";
import { compareOwnership } from "../../../operations/ownership/comparison.ts";
import { gitopsSide } from "../../../operations/ownership/gitops-side.ts";
import { handoverSteps } from "../../../operations/ownership/handover.ts";
import { terraformSide } from "../../../operations/ownership/terraform-side.ts";
import { homelab } from "../../stacks/homelab.ts";
import { application, directoryOf, object, overlay, REPOSITORY } from "./fixtures.ts";

const root = { path: "argocd/overlays/dev", repository: REPOSITORY, revision: "main", namespace: "argocd" };
const ours = terraformSide(
  [...homelab().stacks].filter(([name]) => name.startsWith("prod-")).map(([name, json]) => ({ name, json })),
);

const steps = (app: string, ...objects: object[]): string => {
  const directory = directoryOf(overlay([application("mealie", "mealie")], { "mealie/all.yaml": objects }));
  const theirs = gitopsSide(new Checkout(directory), root);
  const { findings } = compareOwnership("prod", ours, theirs, ["mealie"]);
  return handoverSteps({ app, environment: "prod", ours, theirs, findings }).join("\n");
};

test("the finalizer goes before the Application, and what exists is imported before a plan", () => {
  const text = steps(
    "mealie",
    object("v1 Namespace mealie"),
    object("v1 PersistentVolumeClaim mealie/mealie-data"),
  );
  const order = [
    "annotate what must outlive the move argocd.argoproj.io/sync-options: Prune=false: claim mealie/mealie-data",
    "Take the finalizer out of argocd/overlays/dev/apps/mealie.yaml",
    "Comment out apps/mealie.yaml in argocd/overlays/dev/kustomization.yaml",
    "terraform import 'kubernetes_namespace_v1.",
    "deploy prod-apps",
  ].map((step) => text.indexOf(step));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(text).toMatch(/import 'kubernetes_persistent_volume_claim_v1\.[^']+' mealie\/mealie-data/);
});

test("a claim of another name is said to need its data moved", () => {
  const volumeClaimTemplates = [{ metadata: { name: "data" } }];
  const text = steps(
    "mealie",
    object("apps/v1 StatefulSet mealie/mealie", { spec: { volumeClaimTemplates } }),
  );
  expect(text).toContain("Claim mealie/data-mealie-0 has no claim of that name here (mealie/mealie-data)");
});

test.each([
  ["nothing-here", "must be an app that lives in prod"],
  ["whoami", "must be an Application of the GitOps repository"],
])("%s is refused", (app, rule) => {
  expect(() => steps(app)).toThrow(rule);
});
