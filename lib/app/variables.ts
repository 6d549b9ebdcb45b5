/** Environment variables of containers: texts, and keys of the app's Secrets. */

/** A variable whose value stays in a Secret. */
export interface SecretKey {
  readonly kind: "secret-key";
  /** Key in the Secret, e.g. `username`. */
  readonly key: string;
  /** One of the app's `secrets`. @default - the first of them */
  readonly path?: string;
}

/** A text, or a key of a Secret: see `fromSecret`. */
export type Variable = string | SecretKey;

/**
 * The value of a variable that stands in a Secret of the app. Refused: an app without `secrets`, or a path that is
 * not one of them.
 * @param path one of the app's `secrets`; by default the first
 */
export const fromSecret = (key: string, path?: string): SecretKey => ({
  kind: "secret-key",
  key,
  ...(path !== undefined && { path }),
});
