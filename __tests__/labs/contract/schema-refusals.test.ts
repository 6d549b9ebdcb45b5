import { describe, expect, test } from "vitest";
import { GOOD, IT, judge } from "./lab.ts";

describe("does not fit", () => {
  test.each<[string, object, string]>([
    ["an argument that does not exist", { sise: 1 }, `${IT}.sise: no such argument; the nearest is size`],
    ["a required one missing", { name: undefined }, `${IT}.name: is required: got nothing`],
    ["a required block missing", { spec: undefined }, `${IT}.spec: is required: got nothing`],
    ["what the provider sets", { id: "x" }, `${IT}.id: must not be set, the provider sets it: got "x"`],
    ["a text for a number", { size: "big" }, `${IT}.size: must be number: got "big"`],
    ["a number for a boolean", { on: 1 }, `${IT}.on: must be bool: got 1`],
    ["an object for a text", { name: { a: 1 } }, `${IT}.name: must be string: got {"a":1}`],
    ["a text for a list", { hosts: "a" }, `${IT}.hosts: must be list of string: got "a"`],
    ["a wrong part of a list", { ports: [1, "x"] }, `${IT}.ports[1]: must be number: got "x"`],
    ["a wrong part of a map", { tags: { a: ["b"] } }, `${IT}.tags.a: must be string: got ["b"]`],
    [
      "an unknown part of an object",
      { client: { cert: "c", kez: "k" } },
      `${IT}.client.kez: must be one of cert, key: got kez`,
    ],
    ["a missing part of an object", { pair: { left: "a" } }, `${IT}.pair.right: is required: got nothing`],
    [
      "a missing part in a list",
      { rules: [{ port: 1 }, {}] },
      `${IT}.rules[1].port: is required: got nothing`,
    ],
    [
      "an object for a list of them",
      { rules: { port: 1 } },
      `${IT}.rules: must be list of object { port }: got {"port":1}`,
    ],
    [
      "a list for an object",
      { client: [{ cert: "c" }] },
      `${IT}.client: must be object { cert, key }: got [{"cert":"c"}]`,
    ],
    ["a text for a block", { timeouts: "1m" }, `${IT}.timeouts: is a block, must be an object`],
    ["too many blocks", { spec: [GOOD.spec, GOOD.spec] }, `${IT}.spec: must be at most 1: got 2`],
    ["too few blocks", { spec: [] }, `${IT}.spec: must be at least 1: got 0`],
    ["a wrong argument of a block", { port: [{}, { nummer: 1 }] }, `${IT}.port[1].nummer: no such argument`],
    [
      "a dynamic block that does not exist",
      { dynamic: { ports: { content: {} } } },
      `${IT}.dynamic.ports: no such block`,
    ],
    [
      "a meta-argument of blocks",
      { spec: { image: "i", depends_on: [] } },
      `${IT}.spec.depends_on: no such argument`,
    ],
    [
      "an object into a text",
      { name: "${lab_thing.other.keys}" },
      `${IT}.name: must be string: got lab_thing.other.keys, object { cert, key }`,
    ],
    [
      "an object without what is required",
      { pair: "${lab_thing.other.keys}" },
      `${IT}.pair: must be object { left, right }`,
    ],
    [
      "a text into an object, wrapped",
      { client: "${sensitive(lab_thing.other.name)}" },
      `${IT}.client: must be object { cert, key }: got lab_thing.other.name, string`,
    ],
    [
      "a text around an expression for a list",
      { hosts: "a ${lab_thing.other.name}" },
      `${IT}.hosts: must be list of string: got the text`,
    ],
    [
      "a resource that is not there",
      { name: "${lab_thing.gone.name}" },
      `${IT}.name: reads lab_thing.gone.name: the stack has no lab_thing.gone`,
    ],
    [
      "data that is not there",
      { name: "${data.lab_status.gone.code}" },
      "the stack has no data.lab_status.gone",
    ],
    [
      "an attribute that is not there",
      { any: ["x ${f(lab_thing.other.nam)}"] },
      `${IT}.any[0]: reads lab_thing.other.nam: no attribute nam`,
    ],
    ["a part that is not there", { any: "${lab_thing.other.keys.kez}" }, "an object of cert, key has no kez"],
    [
      "an index into an object",
      { any: "${lab_thing.other.keys[0].key}" },
      "an object of cert, key has no […]",
    ],
    [
      "a list without an index",
      { any: "${lab_thing.other.peers.address}" },
      "a list needs an index before address",
    ],
    [
      "blocks without an index",
      { any: "${lab_thing.other.spec.ip}" },
      "spec is a list of blocks and needs an index",
    ],
    ["a variable that is not there", { any: "${var.gone}" }, `${IT}.any: reads var.gone: no such variable`],
    [
      "a local value that is not there",
      { any: "${local.gone}" },
      `${IT}.any: reads local.gone: no such local value`,
    ],
    [
      "a dependency that is not there",
      { depends_on: ["lab_thing.gone"] },
      `${IT}.depends_on: reads lab_thing.gone`,
    ],
    [
      "its own attribute that is not there",
      { lifecycle: { precondition: [{ condition: "${self.sise > 1}" }] } },
      "reads self.sise: no attribute sise",
    ],
    [
      "a change ignored that cannot be",
      { lifecycle: { ignore_changes: ["sise"] } },
      `${IT}.lifecycle.ignore_changes: no such attribute: got sise`,
    ],
  ])("%s", (_, block, problem) => {
    const { problems } = judge(block);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  test("all of it is said at once", () => {
    expect(judge({ name: undefined, size: "big", sise: 1 }).problems).toHaveLength(3);
  });
});
