/** Reads what kubectl prints with `-o json`. */
import { z } from "zod";

/** The error for an answer of another form than the one asked for; its text is left out, as it may hold secrets. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
}

/** Several objects, as `kubectl get` of a kind gives them. */
export const listOfObjects = <T>(item: z.ZodType<T>) => z.object({ items: z.array(item) });

/** Parses kubectl's answer; refuses text that is no JSON or not of the shape, with each place where it differs. */
export const kubectlAnswer = <T>(text: string, shape: z.ZodType<T>): T => {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new AnswerError("the answer is not JSON");
  }
  const { data, error } = shape.safeParse(answer);
  if (!error) return data;
  const places = error.issues.map(({ path, message }) => `${path.join(".") || "answer"}: ${message}`);
  throw new AnswerError(`the answer has another shape: ${places.slice(0, 3).join("; ")}`);
};
