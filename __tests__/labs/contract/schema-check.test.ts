import { describe, expect, test } from "vitest";
import { judgeStack } from "../../../labs/contract/schema-check.ts";
import type { TerraformJson } from "../../../lib/core/synthesis/terraform-json.ts";
import { judge, LAB, stackWith } from "./lab.ts";

describe("fits", () => {
  test.each<[string, object]>([
    ["nothing more", {}],
    ["numbers and booleans as text", { size: "3", on: "true", name: 5 }],
    ["collections", { tags: { a: "b" }, hosts: ["a", 1], ports: [1, "2"] }],
    ["objects", { pair: { left: "a", right: 1 }, client: { cert: "c" }, rules: [{ port: 1 }] }],
    ["null is nothing", { size: null, client: null, port: null }],
    [
      "blocks, one or several",
      { port: [{ number: 1 }, {}], timeouts: { create: "1m" }, zone: { a: { cidr: "c" } } },
    ],
    ["a dynamic block", { dynamic: { port: { for_each: [1], content: { number: "${port.value}" } } } }],
    [
      "what Terraform reads",
      { depends_on: ["lab_thing.other"], lifecycle: { ignore_changes: ["size", "spec[0].image"] }, "//": 1 },
    ],
    ["anything", { any: { a: [1] } }],
    [
      "a reference of that type",
      { client: "${lab_thing.other.keys}", hosts: "${lab_thing.other.peers[*].address}" },
    ],
    [
      "a number into a text, and back",
      { name: "${data.lab_status.now.code}", size: "${lab_thing.other.name}" },
    ],
    ["a part of an object", { name: "${lab_thing.other.keys.cert}", any: '${lab_thing.other.keys["key"]}' }],
    ["one block's computed part", { name: "${lab_thing.other.spec[0].ip}" }],
    ["a function", { hosts: '${split(",", lab_thing.other.name)}' }],
    ["what is sensitive", { client: "${sensitive(lab_thing.other.keys)}" }],
    ["its own values", { lifecycle: { postcondition: [{ condition: "${self.size > 1}" }] } }],
    ["a text that looks like an expression", { name: "$${lab_thing.gone.name}" }],
  ])("%s", (_, block) => {
    expect(judge(block).problems).toEqual([]);
  });
});

describe("beside resources", () => {
  test.each<[string, Partial<TerraformJson>, string]>([
    [
      "a provider's argument",
      { provider: { lab: [{ host: "h", port: 1 }] } },
      "provider.lab.port: no such argument",
    ],
    ["a provider's required argument", { provider: { lab: [{}] } }, "provider.lab.host: is required"],
    [
      "a data source",
      { data: { lab_status: { now: { uri: "u", url: "u" } } } },
      "data.lab_status.now.uri: no such",
    ],
    [
      "an output",
      { output: { key: { value: "${lab_thing.it.keyz}" } } },
      "output.key.value: reads lab_thing.it.keyz",
    ],
  ])("%s", (_, more, problem) => {
    const { problems } = judge({}, more);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  test("a type that the provider does not have", () => {
    const more = { resource: { lab_thin: { it: {} } } };
    expect(judge({}, more).problems).toEqual(["lab_thin.it: example/lab 1.2.3 has no resource lab_thin"]);
    const { problems, unjudged } = judgeStack(stackWith({}, more), [{ ...LAB, complete: false }]);
    expect(problems).toEqual([]);
    expect(unjudged).toEqual(["resource lab_thin: not in the schema at hand of example/lab 1.2.3"]);
  });

  test("a provider that the stack does not require", () => {
    const more = { resource: { other_thing: { it: {} } } };
    expect(judge({}, more).problems).toEqual([
      "other_thing.it: needs a provider: the stack requires no other",
    ]);
  });

  test("the provider that a block names is the one that judges it", () => {
    const more = { resource: { odd_thing: { it: { provider: "lab.second" } } } };
    expect(judge({}, more).problems).toEqual(["odd_thing.it: example/lab 1.2.3 has no resource odd_thing"]);
  });

  test("a schema of another version is said, one that is missing too", () => {
    const of = (version: string) =>
      stackWith({}, { terraform: { required_providers: { lab: { source: "example/lab", version } } } });
    expect(judgeStack(of("1.3.0"), [LAB])).toMatchObject({
      otherVersions: ["example/lab is pinned at 1.3.0, and judged by the schema of 1.2.3"],
      unjudged: [],
      judged: 4,
    });
    expect(judgeStack(of("1.2.3"), [])).toEqual({
      problems: [],
      unjudged: ["example/lab 1.2.3: no schema at hand"],
      otherVersions: [],
      judged: 0,
    });
    expect(judgeStack(of("1.2.3"), [LAB]).judged).toBe(4);
  });
});
