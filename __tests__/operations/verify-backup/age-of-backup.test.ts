import { describe, expect, it } from "vitest";
import {
  parseAge,
  showAge,
  type Times,
  timeProblems,
} from "../../../operations/verify-backup/age-of-backup.ts";

const now = new Date("2026-03-01T12:00:00Z");
const at = (time: string): Date => new Date(`2026-03-01T${time}Z`);
const problems = (times: Times, maxAge?: number) =>
  timeProblems(times, now, maxAge).map(({ reason, message }) => `${reason}: ${message}`);
const HOUR = 3_600_000;

it.each([
  ["90m", 90 * 60_000],
  ["26h", 26 * HOUR],
  ["7d", 168 * HOUR],
])("reads %s", (text, expected) => {
  expect(parseAge(text)).toBe(expected);
});

it.each(["", "26", "0h", "-1h", "1.5h", "1 h", "1w", "100000h"])("refuses the age %j", (text) => {
  expect(() => parseAge(text)).toThrow(
    `--max-age: must be a number of minutes, hours or days, e.g. 26h: got ${JSON.stringify(text)}`,
  );
});

it.each([
  [0, "less than a minute"],
  [90 * 60_000, "1 h 30 min"],
  [26 * HOUR, "1 d 2 h"],
  [48 * HOUR + 60_000, "2 d"],
])("shows %i ms as %s", (age, text) => {
  expect(showAge(age)).toBe(text);
});

describe("timeProblems", () => {
  it.each<[string, Times, number | undefined]>([
    ["of any age", { named: new Date(0) }, undefined],
    ["just young enough", { named: at("11:00:00") }, HOUR],
    ["a little ahead, as clocks differ", { named: at("12:04:59") }, HOUR],
    ["dated by the store alone", { stored: at("11:30:00") }, HOUR],
    ["undated where no age is asked for", {}, undefined],
    ["copied later", { named: at("11:30:00"), stored: at("11:59:00") }, HOUR],
  ])("takes a backup %s", (_, times, maxAge) => {
    expect(problems(times, maxAge)).toEqual([]);
  });

  it.each<[string, Times, number | undefined, string]>([
    [
      "one that is to come",
      { named: at("12:05:01") },
      undefined,
      "future: is dated 2026-03-01T12:05:01.000Z, which",
    ],
    ["one that the store has from the future", { stored: at("13:00:00") }, undefined, "future: is dated"],
    [
      "one that is dated after its upload",
      { named: at("11:30:00"), stored: at("10:00:00") },
      undefined,
      "future: is dated 2026-03-01T11:30:00.000Z by its name, but was stored before that",
    ],
    ["an old one", { named: at("10:59:59") }, HOUR, "too-old: is 1 h old: at most 1 h will do"],
    [
      "an old one that was copied today",
      { named: at("02:00:00"), stored: at("11:59:00") },
      HOUR,
      "too-old: is 10 h",
    ],
    ["one of unknown age", {}, HOUR, "undated: has no time in its name"],
  ])("refuses %s", (_, times, maxAge, expected) => {
    expect(problems(times, maxAge)).toEqual([expect.stringContaining(expected)]);
  });
});
