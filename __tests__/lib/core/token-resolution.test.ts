import { createRequire } from "node:module";
import { Fn, Lazy, TerraformStack, Testing, Token } from "cdktf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

type Resolution = { resolve(value: unknown, options: object): unknown };

const load = createRequire(import.meta.url);
const PATH = load.resolve("cdktf/lib/tokens/private/resolve.js");

/** cdktf's own function, loaded anew: another test of this process may have put the fast one in its place. */
const original = (() => {
  const shared = load.cache[PATH];
  delete load.cache[PATH];
  const { resolve } = load(PATH) as Resolution;
  if (shared) load.cache[PATH] = shared;
  return resolve;
})();

/** The one that takes its place. */
const fast = await (async () => {
  await import("../../../lib/core/token-resolution.ts");
  const { default: resolution } = (await import("cdktf/lib/tokens/private/resolve.js")) as unknown as {
    default: Resolution;
  };
  return resolution.resolve;
})();

const { DefaultTokenResolver, StringConcat } = await import("cdktf");
const stack = new TerraformStack(Testing.app(), "stack");
const options = { scope: stack, preparing: false, resolver: new DefaultTokenResolver(new StringConcat()) };

/** The value that a function gives, or its error. */
const outcome = (resolve: Resolution["resolve"], value: unknown): unknown => {
  try {
    return { value: resolve(value, options) };
  } catch (error) {
    return { error: (error as Error).message };
  }
};

test("takes the place of cdktf's", () => {
  expect(fast).not.toBe(original);
});

const tokens = (): fc.Arbitrary<unknown> =>
  fc.constantFrom(
    Token.asString({ a: 1 }),
    `before ${Token.asString("x")} between ${Token.asString(["y"])} after`,
    Token.asNumber(Lazy.numberValue({ produce: () => 5 })),
    Token.asList(["a", "b"]),
    Token.asMap({ key: "value" }, "value"),
    Token.asNumberList([1, 2]),
    Token.asAny("any"),
    Token.asString(undefined),
    `port ${Token.asNumber(Lazy.numberValue({ produce: () => 7 }))}`,
    Fn.join("-", ["a", Token.asString("b")]),
    Lazy.stringValue({ produce: () => "lazy" }),
    Lazy.listValue({ produce: () => [] }),
    Lazy.anyValue({ produce: () => undefined }),
    { toString: () => "not plain" },
    { resolve: () => "resolved" },
    { [Token.asString("key")]: "value" },
    { [Token.asString({ not: "a string" })]: "value" },
  );

const odd = (): fc.Arbitrary<unknown> =>
  fc.constantFrom(
    undefined,
    null,
    -1,
    -123456789,
    Number.NaN,
    -1.8881545897087e289,
    1e21,
    "1e+5 and 2.5e-7",
    "05c86663b251a407551dc948097e32e1",
    "${aws_s3_bucket.a.id} $${escaped} %{if}",
    "String Map Token Value",
    "Any Map Token Value",
    "TfToken[",
    "${TfToken[TOKEN.999999]}",
    new Date(0),
    () => 1,
    Symbol("s"),
    [undefined, [], {}, null],
  );

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tokens(),
    odd(),
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("any"), { maxKeys: 4 }),
  ),
})).any;

test("resolves every value as cdktf does", () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(outcome(fast, given)).toStrictEqual(outcome(original, given));
    }),
    { numRuns: 2000 },
  );
});

describe("errors say the same place", () => {
  test.each([
    ["a function", { a: [{ b: () => 1 }] }],
    ["a map key", { a: { [Token.asString({ no: "string" })]: 1 } }],
    ["a construct", { a: [stack] }],
  ])("%s", (_, given) => {
    const expected = outcome(original, given);
    expect(expected).toHaveProperty("error");
    expect(outcome(fast, given)).toEqual(expected);
  });

  test("a value that holds itself", () => {
    const circular: Record<string, unknown> = {};
    circular.again = circular;
    expect(outcome(fast, circular)).toEqual(outcome(original, circular));
  });
});

test("what it gives is no part of what was given", () => {
  const given = { list: [{ a: 1 }] };
  const result = fast(given, options) as typeof given;
  expect(result).toEqual(given);
  expect(result).not.toBe(given);
  expect(result.list).not.toBe(given.list);
  expect(result.list[0]).not.toBe(given.list[0]);
});
