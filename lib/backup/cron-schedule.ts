import { CronExpressionParser } from "cron-parser";

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: readonly Field[] = [
  { name: "minute", min: 0, max: 59, words: [] },
  { name: "hour", min: 0, max: 23, words: [] },
  { name: "day of month", min: 1, max: 31, words: [] },
  { name: "month", min: 1, max: 12, words: MONTHS },
  { name: "day of week", min: 0, max: 6, words: DAYS },
];

const numberOf = (text: string, { min, max, words }: Field): number | undefined => {
  const word = words.indexOf(text.toLowerCase());
  const number = word >= 0 ? word + min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= min && number <= max ? number : undefined;
};

const isPart = (part: string, field: Field): boolean => {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*" || range === "?") return true;
  const [first, last, ...others] = range.split("-").map((text) => numberOf(text, field));
  if (first === undefined || others.length > 0) return false;
  return range.includes("-") ? last !== undefined && first <= last : true;
};

const comesToPass = (schedule: string): boolean => {
  try {
    CronExpressionParser.parse(schedule.replaceAll("?", "*"), { tz: "UTC" }).next();
    return true;
  } catch {
    return false;
  }
};

/**
 * Why a schedule is not one that a CronJob of this project may have; empty when it is.
 *
 * Kubernetes reads five fields of numbers, names, `*`, `?`, ranges, lists and steps (robfig/cron's standard form).
 * Refused although other crons read it: `L`, `W`, `#`, `H`, Sunday as 7, a sixth field, a `TZ=` prefix. Refused
 * although Kubernetes takes it: `@daily` and its like, which do not say when, and dates that never come, such as
 * 30 February.
 */
export const cronProblems = (schedule: string): string[] => {
  const parts = schedule.split(" ");
  if (parts.length !== FIELDS.length) {
    return [`schedule: must have five fields with one space between: got ${JSON.stringify(schedule)}`];
  }
  const bad = FIELDS.filter((field, index) =>
    (parts[index] ?? "").split(",").some((part) => !isPart(part, field)),
  );
  if (bad.length > 0) {
    return bad.map(
      ({ name, min, max }) =>
        `schedule: ${name}: must be within ${min}-${max}, as *, lists, ranges or steps: got ${JSON.stringify(schedule)}`,
    );
  }
  return comesToPass(schedule)
    ? []
    : [`schedule: must name a time that comes to pass: got ${JSON.stringify(schedule)}`];
};
