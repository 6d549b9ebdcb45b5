import { expect, test } from "vitest";
import { pointsOf } from "../../../../labs/e2e/checks/killed.ts";

test("a seed gives the same points again, another gives others", () => {
  expect(pointsOf(1, 10, 70)).toEqual(pointsOf(1, 10, 70));
  expect(pointsOf(1, 10, 70)).not.toEqual(pointsOf(2, 10, 70));
});

test("points lie in the middle, and both signals come", () => {
  const points = pointsOf(7, 200, 70);
  expect(points).toHaveLength(200);
  expect(points.every(({ resources }) => resources >= 1 && resources < 70)).toBe(true);
  expect(new Set(points.map(({ signal }) => signal))).toEqual(new Set(["SIGINT", "SIGKILL"]));
});

test("a stack of one resource has a middle too", () => {
  expect(pointsOf(1, 3, 1).map(({ resources }) => resources)).toEqual([1, 1, 1]);
});
