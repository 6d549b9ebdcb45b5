import { describe, expect, test } from "vitest";
import { crossStackProblems } from "../../../labs/contract/cross-stack.ts";
import type { TerraformJson } from "../../../lib/core/synthesis/terraform-json.ts";
import { homelab } from "../../stacks/homelab.ts";

const state = (key: string) => ({ bucket: "b", key, endpoints: { s3: "http://s3" }, region: "r" });

const producer = (...outputs: string[]): TerraformJson => ({
  terraform: { backend: { s3: { ...state("one"), use_lockfile: true } } },
  output: Object.fromEntries(outputs.map((name) => [name, { value: "x" }])),
});

const consumer = (expression: string, key = "one"): TerraformJson => ({
  terraform: { backend: { s3: state("two") } },
  data: { terraform_remote_state: { it: { backend: "s3", config: state(key) } } },
  resource: { a_b: { c: { value: expression } } },
});

const judge = (from: TerraformJson, to: TerraformJson) =>
  crossStackProblems(
    new Map([
      ["one", from],
      ["two", to],
    ]),
  );

const READS = "${sensitive(data.terraform_remote_state.it.outputs.key)}";

test("an output that there is", () => {
  expect(judge(producer("key"), consumer(READS))).toEqual([]);
});

describe("refused", () => {
  test("an output that there is not", () => {
    expect(judge(producer("kez"), consumer(READS))).toEqual([
      "[two] resource.a_b.c.value: reads an output that one does not have: got key",
    ]);
  });

  test.each([
    ["in brackets", '${data.terraform_remote_state.it.outputs["key"]}'],
    ["inside a text", 'a ${f("${data.terraform_remote_state.it.outputs.key}")}'],
  ])("the same %s", (_, expression) => {
    expect(judge(producer(), consumer(expression))).toHaveLength(1);
  });

  test("a state that nobody keeps", () => {
    expect(judge(producer("key"), consumer(READS, "elsewhere"))).toEqual([
      '[two] data.terraform_remote_state.it: no stack keeps its state there: got {"bucket":"b","key":"elsewhere","endpoints":{"s3":"http://s3"},"region":"r"}',
    ]);
  });

  test("a state that two keep", () => {
    const stacks = new Map([
      ["one", producer("key")],
      ["other", producer("key")],
      ["two", consumer(READS)],
    ]);
    expect(crossStackProblems(stacks)).toEqual([
      "[two] data.terraform_remote_state.it: several stacks keep their state there: one, other",
    ]);
  });
});

describe("both environments", () => {
  const { stacks } = homelab();

  test("every reference between stacks holds", () => {
    expect(crossStackProblems(stacks)).toEqual([]);
  });

  test.each(
    [...stacks].flatMap(([name, { output = {} }]) =>
      Object.keys(output)
        .filter((output) => output.startsWith("cross-stack-output"))
        .map((output) => [name, output] as const),
    ),
  )("without %s %s one breaks", (name, gone) => {
    const broken = new Map(stacks);
    const { [gone]: _, ...output } = stacks.get(name)?.output ?? {};
    broken.set(name, { ...stacks.get(name), output });
    expect(crossStackProblems(broken).join("\n")).toContain(`that ${name} does not have: got ${gone}`);
  });
});
