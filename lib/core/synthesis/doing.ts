/** Reports unforeseen errors to somebody who did not write the code. */

/** An unforeseen error in one line: the step, and the cause, whose stack it keeps. */
class UnexpectedError extends Error {
  constructor(doing: string, cause: unknown) {
    super(`while ${doing}: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`, {
      cause,
    });
    this.name = "UnexpectedError";
  }
}

/**
 * True when the error needs no further words: a refusal lists its problems, and an error of the innermost `doing`
 * names its step.
 */
const isTold = (error: unknown): boolean =>
  error instanceof UnexpectedError || (error instanceof Error && "problems" in error);

/** Runs a step; an error that is no refusal says that it came while `doing` it, e.g. "building dev-apps". */
export const whileDoing = <T>(doing: string, step: () => T): T => {
  try {
    return step();
  } catch (error) {
    throw isTold(error) ? error : new UnexpectedError(doing, error);
  }
};
