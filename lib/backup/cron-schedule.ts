interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** In a leap year: 29 February does come. */
const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

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

/** The numbers that one part of a list stands for; undefined when it is malformed. */
const expandPart = (part: string, field: Field): number[] | undefined => {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return undefined;
  const [from = "", to, ...others] = /^[*?]$/.test(range)
    ? [`${field.min}`, `${field.max}`]
    : range.split("-");
  const first = numberOf(from, field);
  // A single number with a step runs to the end: 5/15 is 5-59/15.
  const last = to !== undefined ? numberOf(to, field) : step !== undefined ? field.max : first;
  if (first === undefined || last === undefined || last < first || others.length > 0) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).filter(
    (number) => (number - first) % Number(step ?? 1) === 0,
  );
};

const expand = (text: string, field: Field): number[] | undefined => {
  const parts = text.split(",").map((part) => expandPart(part, field));
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? []);
};

/** With a day of the week beside it, a day of the month need not come: either will do. */
const comesToPass = (days: readonly number[], months: readonly number[], weekday: string): boolean =>
  !weekday.split(",").some((part) => /^[*?](\/1)?$/.test(part)) ||
  months.some((month) => days.some((day) => day <= (DAYS_OF_MONTH[month - 1] ?? 0)));

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
  const values = FIELDS.map((field, index) => expand(parts[index] ?? "", field));
  const bad = FIELDS.filter((_, index) => values[index] === undefined);
  if (bad.length > 0) {
    return bad.map(
      ({ name, min, max }) =>
        `schedule: ${name}: must be within ${min}-${max}, as *, lists, ranges or steps: got ${JSON.stringify(schedule)}`,
    );
  }
  const [, , days = [], months = []] = values;
  return comesToPass(days, months, parts[4] ?? "")
    ? []
    : [`schedule: must name a time that comes to pass: got ${JSON.stringify(schedule)}`];
};
