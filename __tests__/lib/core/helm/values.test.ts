import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { chartVersionProblems, overlay, toYaml, withoutTemplates } from "../../../../lib/core/helm/values.ts";

describe("overlay", () => {
  const base = { a: { b: 1, c: [1, 2] }, d: "x" };

  test("replaces a scalar and keeps its neighbours", () => {
    expect(overlay(base, { a: { b: 2 } })).toEqual({ a: { b: 2, c: [1, 2] }, d: "x" });
  });

  test("replaces a list whole", () => {
    expect(overlay(base, { a: { c: [3] } })).toEqual({ a: { b: 1, c: [3] }, d: "x" });
  });

  test("changes neither of its arguments", () => {
    const overrides = { a: { b: 2 } };
    overlay(base, overrides).a.c.length;
    expect([base, overrides]).toEqual([{ a: { b: 1, c: [1, 2] }, d: "x" }, { a: { b: 2 } }]);
  });

  test("without overrides nothing changes; twice is the same as once", () => {
    const values = fc.dictionary(
      fc.string(),
      fc.oneof(fc.integer(), fc.dictionary(fc.string(), fc.integer())),
    );
    fc.assert(
      fc.property(values, values, (some, others) => {
        expect(overlay(some, undefined)).toBe(some);
        expect(overlay(some, {})).toEqual(some);
        expect(overlay(overlay(some, others), others)).toEqual(overlay(some, others));
      }),
    );
  });
});

test("withoutTemplates: a template becomes one that prints it, at every depth; all else stays", () => {
  const values = { a: ["{{ $labels.x }} and {{ $value }}", 1, null], b: { c: "{ a }" } };
  expect(withoutTemplates(values)).toEqual({
    a: ["{{`{{`}} $labels.x }} and {{`{{`}} $value }}", 1, null],
    b: { c: "{ a }" },
  });
});

describe("toYaml", () => {
  test("is read back as it was", () => {
    const values = { b: ["^en.*\\.208$", "yes"], a: { n: 1, "x.y": true } };
    expect(parse(toYaml(values))).toEqual(values);
  });

  test("sorts keys and repeats a shared value instead of pointing at it", () => {
    const shared = [{ key: "k" }];
    expect(toYaml({ b: shared, a: shared })).toBe("a:\n  - key: k\nb:\n  - key: k\n");
  });
});

describe("chartVersionProblems", () => {
  test.each(["1.18.3", "0.0.0", "10.20.30"])("accepts %s", (version) => {
    expect(chartVersionProblems("cilium", version)).toEqual([]);
  });

  test.each(["1.18", "v1.18.3", "^1.18.3", "1.18.x", ">=1.18.3", "1.18.3-rc.0", "01.2.3", "latest", ""])(
    "refuses %j",
    (version) => {
      expect(chartVersionProblems("cilium", version)).toEqual([
        `chart cilium: version: must be exact, MAJOR.MINOR.PATCH: got ${JSON.stringify(version)}`,
      ]);
    },
  );
});
