import { Refusal } from "./refusal.ts";

/** Clocks differ a little. */
const TOLERANCE = 5 * 60_000;
const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of an age: whole minutes, hours or days. */
export const parseAge = (text: string): number => {
  const [, count, unit] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (count === undefined) {
    throw new Error(
      `--max-age: must be a number of minutes, hours or days, e.g. 26h: got ${JSON.stringify(text)}`,
    );
  }
  return Number(count) * UNITS[unit as keyof typeof UNITS];
};

/** An age in words, two units at most. */
export const showAge = (milliseconds: number): string => {
  const minutes = Math.max(0, Math.floor(milliseconds / UNITS.m));
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor((minutes % 1440) / 60), "h"],
    [minutes % 60, "min"],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return "less than a minute";
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
};

export interface Times {
  /** The time in the object's name. */
  readonly named?: Date | undefined;
  /** The time that the store gives. */
  readonly stored?: Date | undefined;
}

/**
 * Refusals of the time at which a backup was made. The name counts before the store, whose time changes with every
 * copy.
 *
 * Refused: a time to come, or after the upload, as it would hide how old the backup is; one older than `maxAge`
 * milliseconds; none at all where an age is asked for.
 */
export const timeProblems = ({ named, stored }: Times, now: Date, maxAge?: number): Refusal[] => {
  const time = named ?? stored;
  if (time === undefined) {
    return maxAge === undefined
      ? []
      : [
          new Refusal(
            "undated",
            "has no time in its name, <cluster>-<time>.snap…, so its age cannot be told",
          ),
        ];
  }
  const age = now.getTime() - time.getTime();
  if (age < -TOLERANCE) {
    return [
      new Refusal("future", `is dated ${time.toISOString()}, which is to come: it is ${now.toISOString()}`),
    ];
  }
  if (named && stored && named.getTime() > stored.getTime() + TOLERANCE) {
    return [
      new Refusal(
        "future",
        `is dated ${named.toISOString()} by its name, but was stored before that, at ${stored.toISOString()}`,
      ),
    ];
  }
  return maxAge !== undefined && age > maxAge
    ? [new Refusal("too-old", `is ${showAge(age)} old: at most ${showAge(maxAge)} will do`)]
    : [];
};
