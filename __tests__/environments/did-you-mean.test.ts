import { expect, test } from "vitest";
import { suggestion } from "../../environments/did-you-mean.ts";

test.each([
  ["prot", "; did you mean port?"],
  ["Port", "; did you mean port?"],
  ["imge", "; did you mean image?"],
  ["storaeg", "; did you mean storage?"],
  ["zzz", ""],
  ["a".repeat(65), ""],
])("%s", (given, said) => {
  expect(suggestion(given, ["image", "port", "storage", "env"])).toBe(said);
});

test("nothing is near where nothing is known", () => {
  expect(suggestion("port", [])).toBe("");
});
