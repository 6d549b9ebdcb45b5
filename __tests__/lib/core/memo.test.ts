import { expect, test } from "vitest";
import { computedOnceOf } from "../../../lib/core/memo.ts";

test("a result is worked out once an object, and no other object gets it", () => {
  const asked: object[] = [];
  const known = computedOnceOf((object: { readonly word?: string }) => {
    asked.push(object);
    return object.word;
  });
  const [one, same, none] = [{ word: "one" }, { word: "one" }, {}];
  expect([one, one, same, none, none].map(known)).toEqual(["one", "one", "one", undefined, undefined]);
  expect(asked).toEqual([one, same, none]);
});
