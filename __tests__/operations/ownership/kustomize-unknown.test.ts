import { describe, expect, test } from "vitest";
import { build, kustomization, object } from "./fixtures.ts";

const names = (objects: readonly Readonly<Record<string, unknown>>[]): string[] =>
  objects.map(({ kind, metadata }) => {
    const { name, namespace } = metadata as { name: string; namespace?: string };
    return `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
  });

describe("what cannot be read is said", () => {
  test.each([
    [
      "a remote base",
      { resources: ["https://example.org/all.yaml"] },
      "https://example.org/all.yaml: is not in this checkout",
    ],
    [
      "a remote repository",
      { resources: ["github.com/someone/base?ref=v1"] },
      "github.com/someone/base?ref=v1: is not in this checkout",
    ],
    ["a path out of the checkout", { resources: ["../../etc"] }, "../../etc: is not in this checkout"],
    ["a missing file", { resources: ["none.yaml"] }, "none.yaml: is not there"],
    ["a missing component", { components: ["none"] }, "none: is not there"],
    ["a chart", { helmCharts: [{ name: "x" }] }, "helmCharts: what it makes or changes is not read"],
    ["replacements", { replacements: [] }, "replacements: what it makes or changes is not read"],
    [
      "a hashed name",
      { configMapGenerator: [{ name: "x" }] },
      "configMapGenerator: x: its name ends in a hash of its content",
    ],
    [
      "a patch of nothing",
      { patches: [{ patch: JSON.stringify(object("v1 Service none")) }] },
      "a patch of Service none finds nothing",
    ],
    [
      "an operation that fails",
      { resources: ["a.yaml"], patches: [{ target: {}, patch: "- {op: remove, path: /spec/none}" }] },
      "MissingError: Value required at path: /spec/none",
    ],
    [
      "a selector of sets",
      {
        resources: ["a.yaml"],
        patches: [{ target: { labelSelector: "a in (b)" }, patch: "- {op: remove, path: /x}" }],
      },
      'selector "a in (b)": only key=value is read',
    ],
  ])("%s", (_, fields, message) => {
    const files = { "k/kustomization.yaml": kustomization(fields), "k/a.yaml": object("v1 ConfigMap a") };
    expect(build(files, "k").unknown).toEqual([`k/kustomization.yaml: ${message}`]);
  });

  test("a file that is no YAML, and one that holds no object; the others are read", () => {
    const { objects, unknown } = build(
      {
        "kustomization.yaml": kustomization({ resources: ["a.yaml", "b.yaml", "c.yaml"] }),
        "a.yaml": "{",
        "b.yaml": "text",
        "c.yaml": object("v1 ConfigMap c"),
      },
      "",
    );
    expect(names(objects)).toEqual(["ConfigMap c"]);
    expect(unknown).toEqual([
      expect.stringMatching(/^a\.yaml: must be YAML: /),
      'b.yaml: must hold objects only: got "text"',
    ]);
  });

  test("a circle", () => {
    const { unknown } = build(
      {
        "a/kustomization.yaml": kustomization({ resources: ["../b"] }),
        "b/kustomization.yaml": kustomization({ resources: ["../a"] }),
      },
      "a",
    );
    expect(unknown).toEqual(["a/kustomization.yaml: leads back to itself: a → b"]);
  });

  test("a name that a generator may keep is known", () => {
    const { objects } = build(
      {
        "kustomization.yaml": kustomization({
          generatorOptions: { disableNameSuffixHash: true },
          secretGenerator: [{ name: "made", namespace: "apps" }],
        }),
      },
      "",
    );
    expect(names(objects)).toEqual(["Secret apps/made"]);
  });
});
