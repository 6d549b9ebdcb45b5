import { expect, test } from "vitest";
import { isMissed, type Measurement, markdown, measurementTable } from "../../../labs/bench/measurements.ts";

const row = (value: number, atMost?: number): Measurement => ({
  name: "synth / node",
  value,
  unit: "×",
  ...(atMost !== undefined && { atMost }),
});

test.each([
  [row(3.99, 4), false],
  [row(4, 4), false],
  [row(4.01, 4), true],
  [row(Number.NaN, 4), true],
  [row(100), false],
  [{ ...row(9.9), atLeast: 10 }, true],
  [{ ...row(10), atLeast: 10 }, false],
])("%j: missed is %j", (measured, missed) => {
  expect(isMissed(measured)).toBe(missed);
});

test("a table with each figure beside its target", () => {
  const rows: Measurement[] = [
    { name: "node", value: 0.0712, unit: "s" },
    { ...row(3.5, 4), against: "node" },
    { name: "exponent", value: 1.256, unit: "", atMost: 1.1 },
  ];
  expect(measurementTable(rows).split("\n")).toEqual([
    "              measured   target          compared with",
    "node           0.071 s",
    "synth / node     3.50×  ≤ 4.00×  met     node",
    "exponent          1.26   ≤ 1.10  missed",
  ]);
  expect(markdown(rows)).not.toContain("0.071");
});
