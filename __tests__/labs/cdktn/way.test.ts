import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { aliased, stackDifferences } from "../../../labs/cdktn/way.ts";

test("cdktn takes the place of cdktf, for every prebuilt binding of the project", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  const { dependencies, devDependencies, overrides, scripts } = aliased(manifest, "0.24.0");
  expect(dependencies).toEqual({ ...manifest.dependencies, cdktf: "npm:cdktn@0.24.0" });
  expect(devDependencies).not.toHaveProperty("cdktf-cli");
  expect(scripts).toEqual(manifest.scripts);
  const bindings = Object.keys(manifest.dependencies).filter((name) => name.startsWith("@cdktf/"));
  expect(bindings.length).toBeGreaterThan(2);
  for (const name of bindings) expect(overrides?.[name]).toEqual({ cdktf: "$cdktf" });
});

describe("differences", () => {
  const file = (resource: unknown, version = "0.21.0") =>
    JSON.stringify({ "//": { metadata: { version } }, resource: { thing: { a: resource } } });
  const stack = (text: string) => new Map([["dev-apps", text]]);

  test("none but in what the framework says of itself", () => {
    const own = { x: [1, { y: null }], "//": { metadata: { path: "a" } } };
    expect(stackDifferences(stack(file(own)), stack(file({ x: [1, { y: null }] }, "0.24.0")))).toEqual([]);
  });

  test.each([
    ["a value", { x: 1 }, { x: 2 }, ".x"],
    ["a type", { x: 1 }, { x: "1" }, ".x"],
    ["what is left out", { x: 1 }, {}, ".x"],
    ["what is new", {}, { x: null }, ".x"],
    ["a longer list", { x: [1] }, { x: [1, 2] }, ".x.1"],
    ["a list in place of an object", { x: [] }, { x: {} }, ".x"],
  ])("%s", (_, before, after, path) => {
    expect(stackDifferences(stack(file(before)), stack(file(after)))).toEqual([
      `dev-apps: .resource.thing.a${path} differs`,
    ]);
  });

  test("stacks that are missing or new", () => {
    expect(stackDifferences(stack("{}"), new Map([["dev-new", "{}"]]))).toEqual([
      "dev-apps: is missing",
      "dev-new: is new",
    ]);
  });
});
