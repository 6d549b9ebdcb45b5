import { describe, expect, test } from "vitest";
import { problems } from "../lab.ts";

const waiver = {
  rule: "namespace-or-claim",
  resource: "kubernetes_namespace_v1.media",
  path: "whole",
  before: "sha256:0123456789abcdef01234567",
  after: "nothing",
  reason: "Media moved to another cluster.",
  until: "2026-11-29",
};
const adoption = {
  shape: "H",
  talosContract: "v1.11.0",
  installImage: "factory.talos.dev/installer/abc:v1.11.5",
  kubernetes: "v1.34.0",
  withhold: ["machine-configuration"],
  absent: ["namespace/velero"],
};

test("both may be there, and both may be left out", () => {
  expect(problems({ waivers: [waiver], adoption })).toEqual([]);
  expect(problems({})).toEqual([]);
});

describe("waivers", () => {
  test.each([
    ["a rule that there is not", { rule: "nothing" }, "waivers[0].rule"],
    ["a rule that nothing waives", { rule: "irreplaceable" }, "waivers[0].rule"],
    ["a pattern instead of an address", { resource: "kubernetes_namespace_v1.*" }, "waivers[0].resource"],
    ["no path", { path: undefined }, "waivers[0].path"],
    ["nothing that was before", { before: undefined }, "waivers[0].before"],
    ["no reason", { reason: "" }, "waivers[0].reason"],
    ["no end", { until: undefined }, "waivers[0].until"],
    ["an end that has passed", { until: "2026-10-31" }, "waivers[0].until: must not have passed"],
  ])("refuses %s", (_, change, path) => {
    const [problem, ...others] = problems({ waivers: [{ ...waiver, ...change }] });
    expect(problem).toContain(path);
    expect(others).toEqual([]);
  });

  test("accepts its last day", () => {
    expect(problems({ waivers: [{ ...waiver, until: "2026-11-01" }] })).toEqual([]);
  });

  test("accepts an address with a key", () => {
    expect(problems({ waivers: [{ ...waiver, resource: 'module.a.thing.b["x"]' }] })).toEqual([]);
  });

  test("refuses the same twice", () => {
    expect(problems({ waivers: [waiver, { ...waiver, until: "2026-11-30" }] })).toEqual([
      expect.stringContaining("waivers[1]: must waive a change once"),
    ]);
  });
});

describe("adoption", () => {
  test.each([
    ["another shape", { shape: "h" }, "adoption.shape"],
    ["a contract without patch", { talosContract: "v1.11" }, "adoption.talosContract"],
    [
      "an image without a version",
      { installImage: "factory.talos.dev/installer/abc" },
      "adoption.installImage",
    ],
    ["a difference that there is not", { withhold: ["everything"] }, "adoption.withhold[0]"],
    [
      "a difference twice",
      { withhold: ["audit-policy", "audit-policy"] },
      "adoption.withhold: must name each once",
    ],
    ["an object without its kind", { absent: ["velero"] }, "adoption.absent[0]"],
  ])("refuses %s", (_, change, path) => {
    const found = problems({ adoption: { ...adoption, ...change } });
    expect(found).toEqual([expect.stringContaining(path)]);
  });
});
