/** Writes one problem: path, rule, value. */
export type Line = (path: string, rule: string, value: unknown) => string;

/** Lines of one app: `apps.whoami.image: must …: got "…"`. */
export const lineOf =
  (app: string): Line =>
  (path, rule, value) =>
    `apps.${app}.${path}: ${rule}: got ${JSON.stringify(value) ?? "nothing"}`;
