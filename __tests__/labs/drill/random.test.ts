import { expect, it } from "vitest";
import { Random } from "../../../labs/drill/random.ts";

const numbers = (seed: number) => {
  const random = new Random(seed);
  return Array.from({ length: 1_000 }, () => random.next());
};

it("comes again with the same seed, and differs with another", () => {
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
});

it("stays within its bounds, and reaches all of them", () => {
  expect(numbers(1).every((number) => number >= 0 && number < 1)).toBe(true);
  const random = new Random(1);
  const found = new Set(Array.from({ length: 200 }, () => random.below(5)));
  expect([...found].sort()).toEqual([0, 1, 2, 3, 4]);
  expect(new Set(Array.from({ length: 100 }, () => random.pick(["a", "b"] as const)))).toEqual(
    new Set(["a", "b"]),
  );
  expect(random.bytes(9)).toHaveLength(9);
});
