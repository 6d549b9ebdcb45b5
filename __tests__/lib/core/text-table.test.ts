import { expect, test } from "vitest";
import { tableLines } from "../../../lib/core/text-table.ts";

test("columns are as wide as their widest cell, numbers to the right, no spaces at the end", () => {
  expect(tableLines([["stack", "resources", ""], ["dev-platform", "7", "x"], ["a"]], [1])).toEqual([
    "stack         resources",
    "dev-platform          7  x",
    "a",
  ]);
});

test("no rows, no lines", () => {
  expect(tableLines([])).toEqual([]);
});
