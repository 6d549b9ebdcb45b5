import { describe, expect, test } from "vitest";
import { display, idOf } from "../../../lib/core/kubernetes/object-id.ts";
import { application, gitops, kustomization, object, overlay, REPOSITORY } from "./fixtures.ts";

const ids = (files: Parameters<typeof gitops>[0]) =>
  gitops(files).objects.map((each) => {
    const id = idOf(each.object, new Set(["/Namespace"]), each.namespace);
    return `${id && display(id)} of ${each.owner.application?.name ?? "the root"}`;
  });
const whys = (files: Parameters<typeof gitops>[0]) =>
  gitops(files).unknown.map(({ where, why }) => `${where}: ${why}`);

const helm = (more: object = {}) => ({
  repoURL: "https://charts.example.org",
  chart: "grafana",
  targetRevision: "10.3.0",
  ...more,
});

test("an Application applies what its directory builds, into its namespace", () => {
  const files = overlay([application("web", "apps/web/overlays/dev", { namespace: "web" })], {
    "apps/web/base/kustomization.yaml": kustomization({ resources: ["all.yaml"] }),
    "apps/web/base/all.yaml": [
      object("v1 Namespace web"),
      object("v1 Service web"),
      object("v1 Secret other/x"),
    ],
    "apps/web/overlays/dev/kustomization.yaml": kustomization({ resources: ["../../base"] }),
  });
  expect(ids(files)).toEqual([
    "Application.argoproj.io argocd/web of web",
    "Namespace web of web",
    "Service web/web of web",
    "Secret other/x of web",
  ]);
  expect(gitops(files).unknown).toEqual([]);
});

test("it knows how the Application is listed, and whether its deletion takes all along", () => {
  const files = overlay([application("a", "x"), application("b", "x", { cascades: false })], {
    "x/kustomization.yaml": kustomization({ resources: [] }),
  });
  expect(gitops(files).objects.map(({ owner }) => owner.application)).toEqual([
    {
      name: "a",
      file: "argocd/overlays/dev/apps/a.yaml",
      listedIn: "argocd/overlays/dev/kustomization.yaml",
      entry: "apps/a.yaml",
      cascades: true,
    },
    expect.objectContaining({ name: "b", cascades: false }),
  ]);
});

test("plain manifests count without a kustomization; below them only where the Application says so", () => {
  const files = (recurse: boolean) =>
    overlay(
      [
        application("web", "", {
          namespace: "web",
          sources: [{ repoURL: REPOSITORY, targetRevision: "main", path: "m", directory: { recurse } }],
        }),
      ],
      {
        "m/a.yaml": object("v1 Service a"),
        "m/b/b.json": '{"apiVersion":"v1","kind":"Service","metadata":{"name":"b"}}',
        "m/c.txt": "x",
      },
    );
  expect(ids(files(false)).slice(1)).toEqual(["Service web/a of web"]);
  expect(ids(files(true)).slice(1)).toEqual(["Service web/a of web", "Service web/b of web"]);
});

test("Applications of an Application count, each once", () => {
  const files = overlay([application("all", "more")], {
    "more/kustomization.yaml": kustomization({ resources: ["a.yaml", "b.yaml"] }),
    "more/a.yaml": application("inner", "in", { namespace: "in" }),
    "more/b.yaml": application("all", "more"),
    "in/kustomization.yaml": kustomization({ resources: ["s.yaml"] }),
    "in/s.yaml": object("v1 Service s"),
  });
  expect(ids(files)).toContain("Service in/s of inner");
  expect(whys(files)).toEqual(["more/b.yaml: Application all: is there twice"]);
});

test("objects beside the Applications are the root's", () => {
  const files = overlay([], {
    "argocd/overlays/dev/kustomization.yaml": kustomization({ resources: ["p.yaml"] }),
    "argocd/overlays/dev/p.yaml": object("argoproj.io/v1alpha1 AppProject argocd/p"),
  });
  expect(ids(files)).toEqual(["AppProject.argoproj.io argocd/p of the root"]);
});

describe("releases", () => {
  const releases = (source: object) =>
    gitops(overlay([application("g", "", { namespace: "monitoring", sources: [source] })], {})).releases.map(
      ({ namespace, name, chart, version }) => [namespace, name, chart, version],
    );

  test.each([
    ["are called after the Application", {}, "g"],
    ["or as it says", { helm: { releaseName: "graphs" } }, "graphs"],
  ])("%s", (_, more, name) => {
    expect(releases(helm(more))).toEqual([["monitoring", name, "grafana", "10.3.0"]]);
  });

  test("their values are laid over each other: files, texts, objects, parameters", () => {
    const files = overlay(
      [
        application("g", "", {
          sources: [
            helm({
              helm: {
                valueFiles: ["$values/v/a.yaml", "$values/v/b.yaml"],
                values: "d: text\ne: text",
                valuesObject: { e: "object", f: "object" },
                parameters: [{ name: "f.g", value: "parameter" }],
              },
            }),
            { repoURL: REPOSITORY, targetRevision: "main", ref: "values" },
          ],
        }),
      ],
      { "v/a.yaml": "a: 1\nb: 1", "v/b.yaml": "b: 2\nd: 2" },
    );
    expect(gitops(files).objects[0]?.values).toEqual([
      { a: 1, b: 2, d: "text", e: "object", f: { g: "parameter" } },
    ]);
  });
});

describe("what is not known is said", () => {
  const of = (source: object, files: object = {}) =>
    whys(overlay([application("web", "", { sources: [source] })], { ...files }));
  const local = (path: string, more: object = {}) => ({
    repoURL: REPOSITORY,
    targetRevision: "main",
    path,
    ...more,
  });
  const where = "argocd/overlays/dev/apps/web.yaml: Application web";

  test.each([
    [
      "a chart of the repository",
      local("c"),
      { "c/Chart.yaml": "name: c" },
      ": chart in c: what it makes is not known unrendered",
    ],
    [
      "another repository",
      { repoURL: "https://git.example.org/other", path: "x", targetRevision: "v1" },
      {},
      ": https://git.example.org/other x: is not in this checkout",
    ],
    ["a missing directory", local("none"), {}, ": none: is no directory of the checkout"],
    ["a path that leads out", local("../x"), {}, ": ../x: is no directory of the checkout"],
    [
      "another revision",
      local("d", { targetRevision: "v9" }),
      { "d/kustomization.yaml": "kind: Kustomization" },
      ": syncs v9, and the root application main: read as the checkout has it",
    ],
    [
      "patterns of files",
      local("e", { directory: { include: "*.yaml" } }),
      { "e/a.yaml": "" },
      ": directory.include: is not read; every manifest counts",
    ],
  ])("%s", (_, source, files, why) => {
    expect(of(source, files)).toEqual([`${where}${why}`]);
  });

  test("value files from elsewhere", () => {
    expect(of(helm({ helm: { valueFiles: ["values.yaml"] } }))).toContain(
      "argocd/overlays/dev/apps/web.yaml: value file values.yaml: is not in this checkout, so its hosts are not known",
    );
  });

  test("another cluster, and what an ApplicationSet generates", () => {
    expect(whys(overlay([application("far", "x", { server: "https://10.0.0.1" })], {}))).toEqual([
      "argocd/overlays/dev/apps/far.yaml: Application far: goes to another cluster than ArgoCD's own",
    ]);
    const set = object("argoproj.io/v1alpha1 ApplicationSet argocd/many");
    expect(whys(overlay([set], {}))).toEqual([
      "argocd/overlays/dev/apps/many.yaml: ApplicationSet: what it generates is not read",
    ]);
  });

  test("the same repository is known in every way to write it", () => {
    const files = { "d/kustomization.yaml": "kind: Kustomization" };
    for (const repoURL of [
      "git@git.example.org:homelab/gitops.git",
      "https://GIT.example.org/homelab/gitops/",
    ])
      expect(of({ ...local("d"), repoURL }, files)).toEqual([]);
  });
});
