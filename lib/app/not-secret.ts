/** Texts that look like secrets and are none, with why. */
const DECLARED = new Map<string, string>();
const SHORTEST_REASON = 10;

/**
 * Says that a text which looks like a secret is none, and gives it back.
 * Refused with the app: no reason.
 * @param why everybody may know it, in a few words
 */
export const notSecret = (text: string, why: string): string => {
  DECLARED.set(text, why);
  return text;
};

export const isDeclaredNoSecret = (text: string): boolean =>
  (DECLARED.get(text)?.trim().length ?? 0) >= SHORTEST_REASON;
