import { expect, test } from "vitest";
import { z } from "zod";
import { AnswerError, kubectlAnswer, listOfObjects } from "../../../../lib/core/kubernetes/kubectl-answer.ts";

const shape = listOfObjects(z.object({ metadata: z.object({ name: z.string() }) }));

test("a list of the shape is read", () => {
  const text = JSON.stringify({ kind: "List", items: [{ metadata: { name: "ada", uid: "1" } }] });
  expect(kubectlAnswer(text, shape)).toEqual({ items: [{ metadata: { name: "ada" } }] });
});

test.each([
  ["", "the answer is not JSON"],
  ["null", "the answer has another shape: answer: "],
  ["{}", "the answer has another shape: items: "],
  ['{"items":[{"metadata":{"name":"ada"}},{"metadata":{}}]}', "another shape: items.1.metadata.name: "],
])("%j is refused", (text, message) => {
  expect(() => kubectlAnswer(text, shape)).toThrow(AnswerError);
  expect(() => kubectlAnswer(text, shape)).toThrow(message);
});

test("what the answer holds is not repeated", () => {
  const secret = JSON.stringify({ items: [{ metadata: { name: { token: "geheim" } } }] });
  expect(() => kubectlAnswer(secret, shape)).toThrow(/^(?!.*geheim)/);
});
