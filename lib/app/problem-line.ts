/** Writes one problem: path, rule, value. */
export type Line = (path: string, rule: string, value: unknown) => string;

const LONGEST = 200;

/** The value given, as JSON where that says it, and never longer than a line. */
export const shown = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  const text = json(value) ?? "an object";
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

const json = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
};

/** Lines of one app: `apps.whoami.image: must …: got "…"`. */
export const lineOf =
  (app: string): Line =>
  (path, rule, value) =>
    `apps.${[app, path].filter(Boolean).join(".")}: ${rule}: got ${shown(value)}`;
