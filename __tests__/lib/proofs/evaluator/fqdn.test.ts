import { describe, expect, test } from "vitest";
import { fqdnMatcher } from "../../../../lib/proofs/evaluator/fqdn.ts";

const matches = (selector: { matchName?: string; matchPattern?: string }, name: string, subdomains = false) =>
  fqdnMatcher({ matchName: "", matchPattern: "", ...selector }, subdomains)(name);

describe("names", () => {
  test.each([
    ["example.com", "example.com"],
    ["EXAMPLE.com.", "example.com"],
    ["example.com", "Example.COM."],
  ])("%s is %s", (matchName, name) => {
    expect(matches({ matchName }, name)).toBe(true);
  });

  test.each(["www.example.com", "example.com.org", "examplexcom"])("example.com is not %s", (name) => {
    expect(matches({ matchName: "example.com" }, name)).toBe(false);
  });

  test("nothing given selects no name", () => {
    expect(matches({}, "example.com")).toBe(false);
    expect(matches({}, "")).toBe(false);
  });
});

describe("patterns", () => {
  test.each([
    ["*", "a.b.example.com", true],
    ["*.example.com", "www.example.com", true],
    ["*.example.com", "a.b.example.com", false],
    ["*.example.com", "example.com", false],
    ["*example.com", "example.com", true],
    ["*example.com", "subexample.com", true],
    ["*example.com", "www.example.com", false],
    ["sub*.example.com", "sub.example.com", true],
    ["*.*.example.com", "a.b.example.com", true],
    ["API*.example.com", "api2.example.com", true],
    ["x_y.example.org", "x_y.example.org", true],
  ])("%s and %s: %s", (matchPattern, name, expected) => {
    expect(matches({ matchPattern }, name)).toBe(expected);
    expect(matches({ matchPattern }, name, true)).toBe(expected);
  });

  test.each([
    ["**.example.com", "a.example.com", true, true],
    ["**.example.com", "a.b.example.com", false, true],
    ["**.example.com", "example.com", false, false],
    ["**", "a.b.example.com", false, true],
    ["a**.example.com", "ab.example.com", true, true],
    ["a**.example.com", "a.b.example.com", false, false],
  ])("%s and %s: %s before 1.19, %s since", (matchPattern, name, before, since) => {
    expect(matches({ matchPattern }, name, false)).toBe(before);
    expect(matches({ matchPattern }, name, true)).toBe(since);
  });
});
