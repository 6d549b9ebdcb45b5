/** Every app of the catalogue, beside a GitOps repository that still has it. */
import { describe, expect, test } from "vitest";
import { apps } from "../../../apps/index.ts";
import type { Environment } from "../../../environments/schema.ts";
import { environmentsOf, hostIn } from "../../../lib/app/declaration.ts";
import { Checkout } from "../../../operations/ownership/checkout.ts";
import { compareOwnership } from "../../../operations/ownership/comparison.ts";
import { gitopsSide } from "../../../operations/ownership/gitops-side.ts";
import { terraformSide } from "../../../operations/ownership/terraform-side.ts";
import { environments, synthesis } from "../../stacks/homelab.ts";
import { application, directoryOf, object, overlay, REPOSITORY } from "./fixtures.ts";

const root = { path: "argocd/overlays/dev", repository: REPOSITORY, revision: "main", namespace: "argocd" };

describe.each(environments().map((each): [string, Environment] => [each.name, each]))(
  "%s",
  (name, environment) => {
    const stacks = [...synthesis([environment]).stacks].map(([stack, json]) => ({ name: stack, json }));
    const ours = terraformSide(stacks);
    const living = apps.filter((each) => environmentsOf(each).some((home) => home === name));
    const findings = (theirs: readonly { metadata: { name?: string | undefined } }[]) =>
      compareOwnership(
        name,
        ours,
        gitopsSide(new Checkout(directoryOf(overlay(theirs, {}))), root),
        apps.map((each) => each.name),
      ).findings;

    test("an Application of an app's name has two owners, and the app's file is named", () => {
      const found = findings(living.map((each) => application(each.name, "", { sources: [] })));
      expect(living.length).toBeGreaterThan(0);
      for (const app of living)
        expect(found).toContainEqual(
          expect.objectContaining({
            what: `Application.argoproj.io argocd/${app.name}`,
            advice: expect.stringContaining(`take ${name} out of apps/${app.name}.ts`),
          }),
        );
      expect(found).toHaveLength(living.length);
    });

    test("so has a host of an app, whatever the Ingress is called", () => {
      const hosts = living.flatMap(
        (each) => hostIn(each, environment.name as "dev" | "prod", environment.edge.domain) ?? [],
      );
      const ingresses = hosts.map((host, at) =>
        object(`networking.k8s.io/v1 Ingress elsewhere/i${at}`, { spec: { rules: [{ host }] } }),
      );
      expect(
        findings(ingresses)
          .map(({ what }) => what)
          .sort(),
      ).toEqual(hosts.map((host) => `host ${host}`).sort());
    });

    test("and an app that lives elsewhere has one", () => {
      expect(findings([application("nobody-has-it", "", { sources: [] })])).toEqual([]);
    });
  },
);
