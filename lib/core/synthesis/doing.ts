/** Errors that nobody foresaw, told to somebody who did not write the code. */

/** One line: what was being done, and what went wrong; the stack is that of the cause. */
class UnexpectedError extends Error {
  constructor(doing: string, cause: unknown) {
    super(`while ${doing}: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`, {
      cause,
    });
    this.name = "UnexpectedError";
  }
}

/** A refusal lists what it refuses; an error of the innermost `doing` says already what was being done. */
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
