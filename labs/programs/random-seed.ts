/** A seed for a run that names none. */
export const randomSeed = (): string => String(Math.floor(Math.random() * 2 ** 31));
