import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Schedule } from "../../../../lib/core/values/schedule.ts";

const HOUR = 60;
const DAY = 24 * HOUR;

describe("reads five fields, and knows the longest time between two runs", () => {
  test.each([
    ["* * * * *", 1],
    ["17 */6 * * *", 6 * HOUR],
    ["*/15 3 * * *", 23 * HOUR + 15],
    ["5/20 * * * *", 20],
    ["0 0,12 * * *", 12 * HOUR],
    ["0 2-4 * * *", 22 * HOUR],
    ["0 3 * * 0", 7 * DAY],
    ["0 0 * * MON-FRI", 3 * DAY],
    ["0 0 1 * *", 31 * DAY],
    ["0 0 1 jan,Jul ?", 184 * DAY],
    ["30 1 1 JAN *", 366 * DAY],
    ["0 0 29 2 *", 1461 * DAY],
    ["  0   3 * * *  ", DAY],
  ])("%s", (text, minutes) => {
    expect(Schedule.parse(text).longestGapMinutes).toBe(minutes);
  });

  test("a restricted day of the month and a restricted weekday are alternatives", () => {
    expect(Schedule.parse("0 0 1 * 1").longestGapMinutes).toBe(7 * DAY);
    expect(Schedule.parse("0 0 */2 * 1").longestGapMinutes).toBe(2 * DAY);
    expect(Schedule.parse("0 0 1 * *").longestGapMinutes).toBe(31 * DAY);
  });
});

test.each([
  "",
  "* * * *",
  "* * * * * *",
  "60 * * * *",
  "0 24 * * *",
  "0 0 0 * *",
  "0 0 32 * *",
  "0 0 * 13 *",
  "0 0 * * 7",
  "*/0 * * * *",
  "5-1 * * * *",
  "*-5 * * * *",
  "1,,2 * * * *",
  "-1 * * * *",
  "1.5 * * * *",
  "0 0 * * FRI-MON",
  "0 0 * * JAN",
  "0 0 L * *",
  "0 0 1W * *",
  "0 0 * * 1#1",
  "H * * * *",
  "@hourly",
  "TZ=UTC 0 0 * * *",
])("refuses %j", (text) => {
  expect(Schedule.isValid(text)).toBe(false);
  expect(() => Schedule.parse(text)).toThrow(
    `must be a cron schedule of five fields, as Kubernetes reads them: got ${JSON.stringify(text)}`,
  );
});

test.each(["0 0 30 2 *", "0 0 31 4,6,9,11 *"])("refuses %j, which never comes", (text) => {
  expect(() => Schedule.parse(text)).toThrow(`must come at least once: got ${JSON.stringify(text)}`);
});

test("is written with single spaces", () => {
  expect(Schedule.parse(" 17  */6 * * *").toString()).toBe("17 */6 * * *");
  expect(JSON.stringify(Schedule.parse("17 */6 * * *"))).toBe('"17 */6 * * *"');
});

test("a daily schedule never waits longer than a day, and the gap is what the list of hours says", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(23), { minLength: 1 }), fc.nat(59), (hours, minute) => {
      const sorted = hours.toSorted((a, b) => a - b);
      const next = [...sorted.slice(1), (sorted[0] ?? 0) + 24];
      const expected = Math.max(...sorted.map((hour, index) => ((next[index] ?? 0) - hour) * HOUR));
      expect(Schedule.parse(`${minute} ${hours.join(",")} * * *`).longestGapMinutes).toBe(expected);
    }),
  );
});
