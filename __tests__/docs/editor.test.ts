/** Files for editors and for who opens an issue. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";

const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));

test("the development container has the extensions that the workspace recommends, and a Dockerfile", () => {
  const { build, customizations } = json(".devcontainer/devcontainer.json");
  expect(customizations.vscode.extensions).toEqual(json(".vscode/extensions.json").recommendations);
  expect(readFileSync(`.devcontainer/${build.dockerfile}`, "utf8")).toContain(
    `javascript-node:1-${readFileSync(".nvmrc", "utf8").trim()}-`,
  );
});

test("each tool of the container is checked against its publisher's sum", () => {
  const lines = readFileSync(".devcontainer/Dockerfile", "utf8");
  expect(lines.match(/sha256sum --check/g)).toHaveLength(lines.match(/^ARG /gm)?.length ?? 0);
});

const FORMS = readdirSync(".github/ISSUE_TEMPLATE").filter((file) => file !== "config.yml");

test.each(FORMS)("%s asks something, each under a name of its own", (file) => {
  const { name, description, body } = parse(readFileSync(`.github/ISSUE_TEMPLATE/${file}`, "utf8"));
  const asked: { id: string; attributes: { label: string } }[] = body.filter(({ id }: { id?: string }) => id);
  expect([name, description].every((text) => typeof text === "string" && text !== "")).toBe(true);
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked.map(({ id }) => id)).size).toBe(asked.length);
  for (const { attributes } of asked) expect(attributes.label).not.toBe("");
});
