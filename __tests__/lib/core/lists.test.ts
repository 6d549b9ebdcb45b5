import { expect, test } from "vitest";
import { counted, grouped, someOf } from "../../../lib/core/lists.ts";

test("groups keep the order in which their keys and items come", () => {
  expect([...grouped(["b1", "a1", "b2"], ([key]) => key)]).toEqual([
    ["b", ["b1", "b2"]],
    ["a", ["a1"]],
  ]);
});

test("a list is written out as far as it is short", () => {
  expect(someOf(["a", "b"], 2)).toBe("a, b");
  expect(someOf(["a", "b", "c", "d"], 2)).toBe("a, b and 2 more");
  expect(someOf([], 2)).toBe("");
});

test("a count has its noun in the singular for one alone", () => {
  expect([0, 1, 2].map((count) => counted(count, "problem"))).toEqual([
    "0 problems",
    "1 problem",
    "2 problems",
  ]);
});
