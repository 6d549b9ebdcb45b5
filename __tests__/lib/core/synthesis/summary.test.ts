import { expect, test } from "vitest";
import { summary } from "../../../../lib/core/synthesis/summary.ts";

test("one row a stack, numbers to the right", () => {
  const stacks = [
    { name: "dev-backup", json: {}, resources: 9, checks: 8 },
    { name: "dev-cluster", json: {}, resources: 120, checks: 8 },
  ];
  expect(summary(stacks, new Map([["dev-cluster", 3]])).split("\n")).toEqual([
    "stack        resources  checks passed  unknowns",
    "dev-backup           9              8         0",
    "dev-cluster        120              8         3",
  ]);
});
