import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { yamlWriter } from "../../../lib/core/yaml-writer.ts";

describe.each([
  ["plain", {}],
  ["sorted, for Helm", { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false }],
  ["for readers of YAML 1.1 too", { sortMapEntries: true, compat: "yaml-1.1" as const }],
])("%s", (_, options) => {
  const write = yamlWriter(options);

  test("writes every value as yaml does with these options, however often", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shared = { one: value, other: value };
        expect(write(shared)).toBe(stringify(shared, options));
      }),
    );
  });

  test.each(["yes", "0o7", "1_000", "~", "null", "2026-01-01", "on: off", "", " x", "a\nb"])(
    "text %j",
    (text) => {
      expect(write({ text })).toBe(stringify({ text }, options));
    },
  );
});
