import { describe, expect, test } from "vitest";
import { app } from "../../../lib/app/declaration.ts";
import { identifierOf } from "../../../operations/new-app/declared.ts";
import { appText, IndexError, indexWith, testText } from "../../../operations/new-app/files.ts";

const index = (entries: string) => `import type { AppDeclaration } from "../lib/app/declaration.ts";
import { whoami } from "./whoami.ts";

/** Every app. */
export const apps: readonly AppDeclaration[] = [${entries}];
`;

test.each([
  ["whoami", "whoami"],
  ["it-tools", "itTools"],
  ["a-1-b", "a1B"],
  ["new", "newApp"],
  ["apps", "appsApp"],
])("%s is %s in code", (name, identifier) => {
  expect(identifierOf(name)).toBe(identifier);
});

describe("the file of an app", () => {
  const declared = app("it-tools", {
    image: "a/b:v1",
    port: 80,
    host: { prod: "x.example.org" },
    size: "xs",
  });

  test.each([
    ["handy tools", "/** Handy tools. */"],
    ["Handy tools!", "/** Handy tools! */"],
  ])("says %j as a sentence", (about, comment) => {
    expect(appText(declared, about).split("\n")[2]).toBe(comment);
  });

  test("needs no comment", () => {
    expect(appText(declared, undefined)).toBe(
      'import { app } from "../lib/app/index.ts";\n\nexport const itTools = app("it-tools", {"image":"a/b:v1","port":80,"host":{"prod":"x.example.org"},"size":"xs"});\n',
    );
  });
});

test("its test expects what was found, a missing host too", () => {
  const found = { host: undefined, namespace: "n", source: 'chart "c"', flows: ["a → b 1/TCP"] };
  const text = testText("it-tools", new Map([["dev", found]]));
  expect(text).toContain('import { itTools } from "../../apps/it-tools.ts";');
  expect(text).toContain(
    '["dev", { "host": undefined, "namespace": "n", "source": "chart \\"c\\"" }, ["a → b 1/TCP"]]',
  );
});

describe("the list of apps", () => {
  test.each([
    ["whoami", "radar", "[radar, whoami]"],
    ["itTools, whoami", "radar", "[itTools, radar, whoami]"],
    ["itTools", "zot", "[itTools, zot]"],
    ["", "first", "[first]"],
    ["\n  itTools,\n  whoami,\n", "mealie", "[itTools, mealie, whoami]"],
  ])("%j with %s", (entries, name, expected) => {
    const result = indexWith(index(entries), name);
    expect(result).toContain(`readonly AppDeclaration[] = ${expected};`);
    expect(result).toContain(
      `import { whoami } from "./whoami.ts";\nimport { ${name} } from "./${name}.ts";\n`,
    );
  });

  test.each([
    ["is not there", "export const others = [];"],
    ["is made of other lists", index("...platform, whoami")],
    ["holds comments", index("whoami, // the first")],
  ])("is refused when it %s", (_, text) => {
    expect(() => indexWith(text, "radar")).toThrow(IndexError);
  });
});
