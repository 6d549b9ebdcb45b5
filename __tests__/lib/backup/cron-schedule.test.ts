import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cronProblems } from "../../../lib/backup/cron-schedule.ts";

describe("takes what Kubernetes reads", () => {
  test.each([
    "17 */6 * * *",
    "0 0 29 2 *",
    "0 0 31 2 0",
    "? ? ? ? ?",
    "0 0 1-5/2,8 jan-MAR mon",
    "5/15 * * * *",
    "0 0 * * sun,6",
    "0,0 0 01 * *",
    "*/100 * * * *",
    "0 0 30 2 mon",
    "0 0 30 2 */2",
    "0 0 31 1-3 *",
    "0 0 20/10 2 *",
    "0 0 31 2/1 *",
  ])("%j", (schedule) => {
    expect(cronProblems(schedule)).toEqual([]);
  });
});

describe("refuses", () => {
  test.each([
    ["60 * * * *", "minute: must be within 0-59"],
    ["0 24 * * *", "hour: must be within 0-23"],
    ["0 0 0 * *", "day of month: must be within 1-31"],
    ["0 0 * 13 *", "month: must be within 1-12"],
    ["0 0 * * 7", "day of week: must be within 0-6"],
    ["0 0 L * *", "day of month: must be within"],
    ["0 0 15W * *", "day of month: must be within"],
    ["0 0 * * FRI#1", "day of week: must be within"],
    ["H * * * *", "minute: must be within"],
    ["30-10 * * * *", "minute: must be within"],
    ["*/0 * * * *", "minute: must be within"],
    ["1,,2 * * * *", "minute: must be within"],
    ["0 mon * * *", "hour: must be within"],
    ["-5 * * * *", "minute: must be within"],
    ["0 0 30 2 *", "must name a time that comes to pass"],
    ["0 0 31 4,6,9,11 *", "must name a time that comes to pass"],
    ["0 0 30,31 FEB ?", "must name a time that comes to pass"],
    ["0 0 30/5 2 */1", "must name a time that comes to pass"],
    ["@daily", "must have five fields"],
    ["0 0 * * * *", "must have five fields"],
    ["TZ=UTC 0 0 * * *", "must have five fields"],
    ["0  0 * * *", "must have five fields"],
    ["", "must have five fields"],
  ])("%j", (schedule, rule) => {
    const problems = cronProblems(schedule);
    expect(problems).toEqual([expect.stringMatching(/^schedule: /)]);
    expect(problems[0]).toContain(rule);
    expect(problems[0]).toContain(`got ${JSON.stringify(schedule)}`);
  });

  test("every bad field at once", () => {
    expect(cronProblems("60 24 0 13 8")).toHaveLength(5);
  });
});

test("any numbers in range make a schedule", () => {
  const numbers = fc.tuple(
    fc.integer({ min: 0, max: 59 }),
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 1, max: 28 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 0, max: 6 }),
  );
  fc.assert(
    fc.property(numbers, (fields) => {
      expect(cronProblems(fields.join(" "))).toEqual([]);
    }),
  );
});
