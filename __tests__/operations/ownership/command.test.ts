import { describe, expect, test } from "vitest";
import type { Environment } from "../../../environments/schema.ts";
import { type OwnershipWorld, ownershipCommand } from "../../../operations/ownership/command.ts";
import { environments } from "../../stacks/homelab.ts";
import { application, directoryOf, kustomization, object, resource } from "./fixtures.ts";

const dev = environments().find(({ name }) => name === "dev") as Environment;
const prod = environments().find(({ name }) => name === "prod") as Environment;
const source = { repoURL: dev.gitops.repository, targetRevision: "main", path: "apps/x" };

const world: OwnershipWorld = {
  environment: (name) => (name === "dev" ? dev : prod),
  stacksOf: ({ name }) => [
    {
      name: `${name}-platform`,
      json: resource("kubernetes_namespace_v1", "namespace-tools/namespace", { metadata: { name: "tools" } }),
    },
    {
      name: `${name}-apps`,
      json: {
        resource: {
          kubectl_manifest: {
            app: {
              "//": { metadata: { path: `${name}-apps/apps/whoami/application` } },
              yaml_body: JSON.stringify(application("whoami", "")),
            },
          },
        },
      },
    },
  ],
  apps: ["whoami"],
  argocdNamespace: "argocd",
};

const run = (gitops: string, names: readonly string[] = ["dev", "prod"], json = false) => {
  const lines: string[] = [];
  const out = (line: string) => lines.push(line);
  const code = ownershipCommand({ gitops, names, json }, world, { out, err: () => {} });
  return { code, lines, text: lines.join("\n") };
};

const listing = (...apps: string[]) => kustomization({ resources: apps.map((name) => `apps/${name}.yaml`) });
const free = directoryOf({
  "argocd/overlays/dev/kustomization.yaml": listing(),
  "argocd/overlays/prod/kustomization.yaml": listing(),
});
const shared = directoryOf({
  "argocd/overlays/dev/kustomization.yaml": listing("whoami", "ns"),
  "argocd/overlays/dev/apps/whoami.yaml": application("whoami", "", { sources: [], cascades: false }),
  "argocd/overlays/dev/apps/ns.yaml": application("ns", "", { sources: [source] }),
  "argocd/overlays/prod/kustomization.yaml": listing(),
  "apps/x/kustomization.yaml": kustomization({ resources: ["n.yaml", "https://example.org/x.yaml"] }),
  "apps/x/n.yaml": [object("v1 Namespace tools"), object("v1 Namespace mine")],
});

describe("npm run homelab -- ownership", () => {
  test("says a line for each object with two owners: both, and what to do", () => {
    const { code, lines } = run(shared, ["dev"]);
    expect(lines).toEqual([
      "dev: Namespace tools: here dev-platform kubernetes_namespace_v1.namespace-tools_namespace; there apps/x/n.yaml (Application ns); keep it here: annotate it argocd.argoproj.io/sync-options: Prune=false in apps/x/n.yaml and let it sync, then take it out of apps/x/kustomization.yaml; or leave it to GitOps: withhold namespaces-and-priorities in the adoption of environments/dev.ts",
      "dev: Application.argoproj.io argocd/whoami: here dev-apps kubectl_manifest.app; there argocd/overlays/dev/apps/whoami.yaml; keep it here: comment out apps/whoami.yaml in argocd/overlays/dev/kustomization.yaml; or leave it to GitOps: take dev out of apps/whoami.ts",
      "dev: not known: apps/x/kustomization.yaml: https://example.org/x.yaml: is not in this checkout",
      "dev: 2 with two owners, 1 not known; the checkout was read as it is, and the root application syncs main",
    ]);
    expect(code).toBe(1);
  });

  test("looks at every environment, and exits with 0 when each object has one owner", () => {
    expect(run(free)).toEqual({
      code: 0,
      lines: [
        expect.stringMatching(/^dev: 0 with two owners, 0 not known; .* syncs main$/),
        expect.stringMatching(/^prod: 0 with two owners, 0 not known; .* syncs prod-stable$/),
      ],
      text: expect.anything(),
    });
    expect(run(shared).code).toBe(1);
    expect(run(shared, ["prod"]).code).toBe(0);
  });

  test("says it as JSON", () => {
    const { code, text } = run(shared, ["dev"], true);
    const [{ environment, findings, unknown, syncs }] = JSON.parse(text);
    expect(code).toBe(1);
    expect([environment, syncs]).toEqual(["dev", "main"]);
    expect(findings[0]).toEqual({
      what: "Namespace tools",
      ours: [
        {
          stack: "dev-platform",
          address: "kubernetes_namespace_v1.namespace-tools_namespace",
          path: "dev-platform/namespace-tools/namespace",
        },
      ],
      theirs: [
        {
          file: "apps/x/n.yaml",
          listedIn: "apps/x/kustomization.yaml",
          application: expect.objectContaining({ name: "ns", cascades: true }),
        },
      ],
      advice: expect.stringContaining("keep it here: "),
    });
    expect(unknown).toEqual([
      { where: "apps/x/kustomization.yaml", why: "https://example.org/x.yaml: is not in this checkout" },
    ]);
  });

  test("refuses what is no directory, and one that is no checkout of the repository", () => {
    expect(() => run("/does/not/exist")).toThrow('--gitops: must be a directory: got "/does/not/exist"');
    expect(() => run(directoryOf({ "README.md": "x" }))).toThrow(
      /^\S+: must be a checkout of https:\/\/github\.com\/charchess\/vixens\.git: it has no argocd\/overlays\/dev\/kustomization\.yaml$/,
    );
  });
});
