import { expect, test } from "vitest";
import { unusedValues } from "../../../labs/chart-facts/unused-values.ts";
import { fieldsOf } from "../../../lib/core/fields.ts";

/** A chart that reads some values, refuses others, and makes up a password. */
let passwords = 0;
const chart = async (values: unknown): Promise<string | undefined> => {
  const { replicas = 1, env, mode = "a", debug } = fieldsOf(values);
  if (mode !== "a") return undefined;
  passwords += 1;
  return [
    `replicas: ${replicas}`,
    `env: ${JSON.stringify(env)}`,
    `password: ${passwords}`,
    ...(debug ? ["debug"] : []),
  ].join("\n");
};

test("finds a misspelt name, at any depth, and nothing that is read", async () => {
  const values = { replicas: 2, replica: 2, enviroment: { A: "1" }, env: [{ name: "A", value: "1" }] };
  expect(await unusedValues(values, chart)).toEqual(["/replica", "/enviroment/A"]);
});

test("a value that repeats the chart's own is read all the same", async () => {
  expect(await unusedValues({ replicas: 1, debug: false }, chart)).toEqual([]);
});

test("a value of which the chart takes only some is read", async () => {
  expect(await unusedValues({ mode: "a" }, chart)).toEqual([]);
});

test("what a name with a slash has no effect is a pointer", async () => {
  expect(await unusedValues({ "a/b": true }, chart)).toEqual(["/a~1b"]);
});

test("values that do not render are no base", async () => {
  await expect(unusedValues({ mode: "b" }, chart)).rejects.toThrow("must render as they are");
});

test("objects of a kind in another order at each rendering are the same", async () => {
  let turn = 0;
  const shuffling = async (values: unknown): Promise<string> => {
    turn += 1;
    const { port, protocol } = fieldsOf(values);
    const objects = [`---\nname: a\nport: ${port}\n`, `---\nname: b\nprotocol: ${protocol}\n`];
    return (turn % 2 === 0 ? objects : objects.toReversed()).join("");
  };
  expect(await unusedValues({ port: 53, protocol: "UDP", misspelt: true }, shuffling)).toEqual(["/misspelt"]);
});
