/** Puts an error into words: a refusal lists its problems, and so does code that does not parse; anything else is one line. */
export const told = (error) => {
  if (Array.isArray(error?.problems)) return `${error.name}: ${error.message}`;
  if (Array.isArray(error?.errors)) return error.message;
  if (process.env.DEBUG_STACK_TRACE) return error;
  const message =
    error?.name === "UnexpectedError" ? error.message : `while loading main.ts and what it imports: ${error}`;
  return `synth: ${message.replace(/\s+/g, " ")} (DEBUG_STACK_TRACE=1 shows where)`;
};
