/** A command was called wrongly: it ends with 2 and says how it is called. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
