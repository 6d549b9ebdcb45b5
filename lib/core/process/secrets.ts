/** Keeps the values of secret variables out of what people read. */

const SECRET_NAME = /secret|token|password|passphrase|private_key|access_key|credential/i;
/** A shorter value would blot out ordinary words. */
const SHORTEST = 8;

/** The text with `***` in place of every value of a variable whose name says that it is secret. */
export const withoutSecrets = (
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
): string =>
  Object.entries(variables)
    .flatMap(([name, value = ""]) => (SECRET_NAME.test(name) && value.length >= SHORTEST ? [value] : []))
    .sort((a, b) => b.length - a.length)
    .reduce((rest, value) => rest.replaceAll(value, "***"), text);
