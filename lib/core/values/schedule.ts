const MINUTES_A_DAY = 24 * 60;
const DAY = MINUTES_A_DAY * 60_000;
/** Every calendar year, leap years included, recurs within them. */
const YEARS_TO_TRY = 9;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

interface FieldRule {
  readonly min: number;
  readonly max: number;
  /** Names that stand for `min`, `min + 1`, … */
  readonly names: readonly string[];
}

/** One field: the numbers it names, and whether it restricts anything. */
interface Field {
  readonly values: ReadonlySet<number>;
  readonly any: boolean;
}

const RULES: readonly FieldRule[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: WEEKDAYS },
];

const TERM = /^(?:([*?])|(\w+)(?:-(\w+))?)(?:\/(\d{1,4}))?$/;

const numberOf = (text: string, { min, names }: FieldRule): number => {
  const named = names.indexOf(text.toLowerCase());
  return named >= 0 ? min + named : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
};

const parseTerm = (text: string, rule: FieldRule): Field | undefined => {
  const [matched, star, first, last, stride] = TERM.exec(text) ?? [];
  if (matched === undefined) return undefined;
  const step = Number(stride ?? 1);
  const start = first === undefined ? rule.min : numberOf(first, rule);
  const open = star !== undefined || (last === undefined && stride !== undefined);
  const stop = open ? rule.max : last === undefined ? start : numberOf(last, rule);
  if (!(start >= rule.min && start <= stop && stop <= rule.max && step > 0)) return undefined;
  const values = new Set<number>();
  for (let value = start; value <= stop; value += step) values.add(value);
  return { values, any: star !== undefined && step === 1 };
};

const parseField = (text: string, rule: FieldRule): Field | undefined => {
  const terms = text.split(",").map((term) => parseTerm(term, rule));
  if (!terms.every((term) => term !== undefined)) return undefined;
  return { values: new Set(terms.flatMap((term) => [...term.values])), any: terms.some((term) => term.any) };
};

/**
 * Schedule of a CronJob: minute, hour, day of month, month, day of week. Immutable.
 *
 * Reads the five fields as Kubernetes does (robfig/cron, standard parser), in UTC. So Sunday is 0 and never 7,
 * ranges do not wrap around, and `L`, `W`, `#` and `H` mean nothing.
 *
 * Refused: macros such as `@hourly`, time zones, and a schedule that never comes, e.g. on 30 February.
 *
 * Source: https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
 */
export class Schedule {
  /** The longest time between two runs, in minutes. */
  readonly longestGapMinutes: number;
  private readonly text: string;

  private constructor(text: string, longestGapMinutes: number) {
    this.text = text;
    this.longestGapMinutes = longestGapMinutes;
  }

  /** Throws on what is not a schedule. A text is parsed once a process. */
  static parse(text: string): Schedule {
    const schedule = parsed.get(text) ?? Schedule.read(text);
    parsed.set(text, schedule);
    return schedule;
  }

  private static read(text: string): Schedule {
    const parts = text.trim().split(/\s+/);
    const fields = RULES.map((rule, index) => parseField(parts[index] ?? "", rule));
    const [minute, hour, day, month, weekday] = fields;
    if (parts.length !== RULES.length || !minute || !hour || !day || !month || !weekday) {
      throw new RangeError(
        `must be a cron schedule of five fields, as Kubernetes reads them: got ${JSON.stringify(text)}`,
      );
    }
    const gap = longestGapMinutes(minutesOfDay(minute, hour), daysOf(day, month, weekday));
    if (gap === undefined) throw new RangeError(`must come at least once: got ${JSON.stringify(text)}`);
    return new Schedule(parts.join(" "), gap);
  }

  static isValid(text: string): boolean {
    try {
      Schedule.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.toString();
  }
}

const parsed = new Map<string, Schedule>();

const minutesOfDay = (minute: Field, hour: Field): number[] =>
  [...hour.values].flatMap((h) => [...minute.values].map((m) => h * 60 + m)).sort((a, b) => a - b);

interface CalendarDay {
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
}

const START = Date.UTC(2024, 0, 1);
let calendar: readonly CalendarDay[] | undefined;

/** Every day that is tried, reckoned once: an environment has many schedules. */
const calendarDays = (): readonly CalendarDay[] => {
  calendar ??= Array.from({ length: (Date.UTC(2024 + YEARS_TO_TRY, 0, 1) - START) / DAY }, (_, index) => {
    const date = new Date(START + index * DAY);
    return { day: date.getUTCDate(), month: date.getUTCMonth() + 1, weekday: date.getUTCDay() };
  });
  return calendar;
};

/** The days on which it runs, counted from an arbitrary one; a restricted day and weekday are alternatives. */
const daysOf = (day: Field, month: Field, weekday: Field): number[] => {
  if (day.any && month.any && weekday.any) return [0, 1];
  return calendarDays().flatMap((date, index) => {
    const byDay = day.values.has(date.day);
    const byWeekday = weekday.values.has(date.weekday);
    const today = day.any || weekday.any ? byDay && byWeekday : byDay || byWeekday;
    return today && month.values.has(date.month) ? [index] : [];
  });
};

const longestGapMinutes = (minutes: readonly number[], days: readonly number[]): number | undefined => {
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (first === undefined || last === undefined || days.length === 0) return undefined;
  const within = minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? minute));
  const between = days
    .slice(1)
    .map((day, index) => (day - (days[index] ?? day)) * MINUTES_A_DAY + first - last);
  return Math.max(...within, Math.max(...between));
};
