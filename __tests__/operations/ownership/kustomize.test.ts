import { describe, expect, test } from "vitest";
import { build, kustomization, object } from "./fixtures.ts";

const names = (objects: readonly Readonly<Record<string, unknown>>[]): string[] =>
  objects.map(({ kind, metadata }) => {
    const { name, namespace } = metadata as { name: string; namespace?: string };
    return `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
  });

const ingress = object("networking.k8s.io/v1 Ingress web", {
  spec: { rules: [{ host: "one.example.org" }, { host: "two.example.org" }] },
});

describe("what there is", () => {
  test("files of several documents, Lists, directories and bases, each with the file it stands in", () => {
    const { resources, objects, unknown } = build(
      {
        "top/kustomization.yaml": kustomization({ resources: ["../base", "own.yaml"], bases: ["../old"] }),
        "top/own.yaml": [object("v1 ConfigMap a"), object("v1 ConfigMap b")],
        "base/kustomization.yml": kustomization({ resources: ["list.yaml"] }),
        "base/list.yaml": {
          apiVersion: "v1",
          kind: "List",
          items: [object("v1 Secret c"), object("v1 Secret d")],
        },
        "old/Kustomization": kustomization({ resources: ["e.yaml"] }),
        "old/e.yaml": object("v1 Service e"),
      },
      "top",
    );
    expect(names(objects)).toEqual(["Secret c", "Secret d", "ConfigMap a", "ConfigMap b", "Service e"]);
    expect(resources.map(({ file, listedIn }) => [file, listedIn])).toContainEqual([
      "base/list.yaml",
      "base/kustomization.yml",
    ]);
    expect(unknown).toEqual([]);
  });

  test("a component adds its objects and changes those around it", () => {
    const { objects } = build(
      {
        "top/kustomization.yaml": kustomization({
          resources: ["a.yaml"],
          components: ["../part"],
          namePrefix: "t-",
        }),
        "top/a.yaml": ingress,
        "part/kustomization.yaml": kustomization({
          kind: "Component",
          resources: ["b.yaml"],
          patches: [
            {
              target: { kind: "Ingress" },
              patch: "- {op: replace, path: /spec/rules/0/host, value: x.example.org}",
            },
          ],
        }),
        "part/b.yaml": object("v1 ConfigMap b"),
      },
      "top",
    );
    expect(names(objects)).toEqual(["Ingress t-web", "ConfigMap t-b"]);
    expect(objects[0]).toMatchObject({ spec: { rules: [{ host: "x.example.org" }, {}] } });
  });

  test("what is meant for kustomize alone is left out", () => {
    const local = (value: string) => ({
      metadata: { annotations: { "config.kubernetes.io/local-config": value } },
    });
    const files = {
      "kustomization.yaml": kustomization({ resources: ["a.yaml"] }),
      "a.yaml": [object("v1 ConfigMap a", local("true")), object("v1 ConfigMap b", local("false"))],
    };
    expect(names(build(files, "").objects)).toEqual(["ConfigMap b"]);
  });
});

describe("names and namespaces", () => {
  const files = {
    "kustomization.yaml": kustomization({
      resources: ["a.yaml"],
      namespace: "apps",
      namePrefix: "p-",
      nameSuffix: "-s",
    }),
    "a.yaml": [
      object("v1 Namespace old"),
      object("apps/v1 Deployment elsewhere/web"),
      object("rbac.authorization.k8s.io/v1 ClusterRole reader"),
      object("apiextensions.k8s.io/v1 CustomResourceDefinition things.example.org"),
    ],
  };

  test("go to namespaced objects; a Namespace is called after it, definitions keep their names", () => {
    expect(names(build(files, "").objects)).toEqual([
      "Namespace apps",
      "Deployment apps/p-web-s",
      "ClusterRole p-reader-s",
      "CustomResourceDefinition things.example.org",
    ]);
  });

  test("an Application lays its own over them", () => {
    const { objects } = build(files, "", { namespace: "other", namePrefix: "x-" });
    expect(names(objects)).toContain("Deployment other/x-p-web-s");
    expect(names(objects)).toContain("Namespace other");
  });
});

describe("patches", () => {
  const patched = (fields: object, files: Record<string, unknown> = {}) =>
    build(
      {
        "top/kustomization.yaml": kustomization({ resources: ["../base"], ...fields }),
        "base/kustomization.yaml": kustomization({ resources: ["a.yaml"], namePrefix: "b-" }),
        "base/a.yaml": [
          { ...ingress, metadata: { name: "web", labels: { app: "web" } } },
          object("v1 ConfigMap web"),
        ],
        ...files,
      },
      "top",
    );
  const hosts = (objects: readonly object[]) =>
    objects
      .flatMap((each) =>
        "spec" in each ? (each.spec as typeof ingress & { rules: { host: string }[] }).rules : [],
      )
      .map(({ host }) => host);
  const hostPatch = (name: string) => ({
    ...object(`networking.k8s.io/v1 Ingress ${name}`),
    spec: { rules: [{ host: "x.example.org" }] },
  });

  test.each([
    ["by a file, under its first name", { patches: [{ path: "p.yaml" }] }, hostPatch("web")],
    ["by a file, under its present name", { patchesStrategicMerge: ["p.yaml"] }, hostPatch("b-web")],
    [
      "by kind and a pattern of the name",
      { patches: [{ path: "p.yaml", target: { kind: "Ingress", name: "b-w.*" } }] },
      hostPatch("any"),
    ],
    ["by label", { patches: [{ path: "p.yaml", target: { labelSelector: "app=web" } }] }, hostPatch("any")],
  ])("replace the rules of an Ingress %s", (_, fields, patch) => {
    const { objects, unknown } = patched(fields, { "top/p.yaml": patch });
    expect(hosts(objects)).toEqual(["x.example.org"]);
    expect(names(objects)).toEqual(["Ingress b-web", "ConfigMap b-web"]);
    expect(unknown).toEqual([]);
  });

  test.each([
    ["another kind", { target: { kind: "ConfigMap" } }],
    ["another whole name", { target: { name: "b-we" } }],
    ["another label", { target: { labelSelector: "app=other" } }],
    ["another group", { target: { group: "apps" } }],
  ])("leave alone what has %s", (_, { target }) => {
    const operations = [{ op: "replace", path: "/spec/rules/0/host", value: "x.example.org" }];
    const { objects } = patched({ patches: [{ target, patch: JSON.stringify(operations) }] });
    expect(hosts(objects)).toEqual(["one.example.org", "two.example.org"]);
  });

  test("delete and rename", () => {
    const gone = { $patch: "delete", ...object("v1 ConfigMap web") };
    const { objects } = patched({
      patches: [
        { patch: JSON.stringify(gone) },
        {
          target: { kind: "Ingress" },
          patch: JSON.stringify(hostPatch("new")),
          options: { allowNameChange: true },
        },
      ],
    });
    expect(names(objects)).toEqual(["Ingress new"]);
  });

  test("of pods decide nothing, so one that does not apply is no matter", () => {
    const operations = [{ op: "add", path: "/spec/template/spec/initContainers/1/image", value: "x" }];
    expect(
      patched({ patches: [{ target: { kind: "Ingress" }, patch: JSON.stringify(operations) }] }).unknown,
    ).toEqual([]);
  });
});
