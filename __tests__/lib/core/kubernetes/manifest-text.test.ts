import { expect, test } from "vitest";
import { knownObject, manifestDocuments } from "../../../../lib/core/kubernetes/manifest-text.ts";

test("JSON, YAML and several documents are read alike", () => {
  expect(manifestDocuments('{"kind":"A"}')).toEqual([{ value: { kind: "A" } }]);
  expect(manifestDocuments("{kind: A}")).toEqual([{ value: { kind: "A" } }]);
  expect(manifestDocuments("kind: A\n---\nkind: B\n")).toEqual([
    { value: { kind: "A" } },
    { value: { kind: "B" } },
  ]);
});

test("a document that is no YAML says why, and the others are read", () => {
  expect(manifestDocuments("kind: A\n---\na: [\n")).toEqual([
    { value: { kind: "A" } },
    { error: expect.stringContaining("at line") },
  ]);
});

test.each(["${a.b}", "x ${a.b}", "%{ if a }"])("an object with %j is not known before the apply", (text) => {
  expect(knownObject({ text })).toBeUndefined();
});

test("an escape is what it stands for", () => {
  expect(knownObject({ text: "$${PATH} %%{x}" })).toEqual({ text: "${PATH} %{x}" });
});
