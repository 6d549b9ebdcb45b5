import { describe, expect, test } from "vitest";
import {
  INSTANCE_KEY,
  readTemplate,
  traversals,
  wholeTraversal,
} from "../../../labs/contract/expressions.ts";

const read = (text: string): string[] =>
  (readTemplate(text)?.expressions ?? []).flatMap(traversals).map(({ text: found }) => found);

describe("which strings hold expressions", () => {
  test.each(["plain", "", "$${a.b}", "%%{ if a.b }", "a $5 { }"])("%j does not", (text) => {
    expect(readTemplate(text)).toBeUndefined();
  });

  test.each([
    ["${a.b}", "a.b"],
    ["${ a.b }", "a.b"],
    ['${f("}", {x = "${a.b}"})}', 'f("}", {x = "${a.b}"})'],
    ["${a.b}/24", undefined],
    ["${a.b}${a.c}", undefined],
    ["$${x} ${a.b}", undefined],
    ["%{ if a.b }x%{ endif }", undefined],
  ])("%j does, the whole is %j", (text, whole) => {
    expect(readTemplate(text)?.whole).toBe(whole);
  });
});

describe("what they read", () => {
  test.each<[string, string[]]>([
    ["${a_b.c.d}", ["a_b.c.d"]],
    ["${data.http.x.status == 200}", ["data.http.x.status"]],
    [
      "${sensitive(base64decode(data.t.my-id.outputs.cross-stack-output-x))}",
      ["data.t.my-id.outputs.cross-stack-output-x"],
    ],
    ['${f("a.b", "${c.d}")}', ["c.d"]],
    ['${join(", ", [a.b, c.d])}', ["a.b", "c.d"]],
    ["${[for k, v in a.b : v.name if k.x]}", ["a.b"]],
    ["${a.b[c.d].e}", ["a.b[c.d].e", "c.d"]],
    ["${1.5 + a.b}", ["a.b"]],
    ["${provider::x::f(a.b)}", ["a.b"]],
    ['text "a.b" ${c.d} e.f', ["c.d"]],
    ['${"quoted \\" a.b"}', []],
  ])("%j", (text, found) => {
    expect(read(text)).toEqual(found);
  });

  test("an index is a step of its own, a name in brackets a name", () => {
    const [found] = traversals('a.b[0].c["d-e"].*.f.1');
    expect(found).toMatchObject({
      root: "a",
      steps: ["b", INSTANCE_KEY, "c", "d-e", INSTANCE_KEY, "f", INSTANCE_KEY],
    });
  });

  test.each([
    ["a.b.c", ["b", "c"]],
    ['a["b"][0]', ["b", INSTANCE_KEY]],
    ["f(a.b)", undefined],
    ["a.b + 1", undefined],
    ["a.b[c.d]", undefined],
    ["a.*.b", undefined],
  ])("%j is a traversal: %j", (expression, steps) => {
    expect(wholeTraversal(expression)?.steps).toEqual(steps);
  });
});
