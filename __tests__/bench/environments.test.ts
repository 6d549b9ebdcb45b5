import { expect, test } from "vitest";
import { generatedEnvironment } from "../../bench/environments.ts";
import { parseEnvironment } from "../../environments/schema.ts";

test.each([
  { nodes: 10, namespaces: 3 },
  { nodes: 1000, namespaces: 3 },
  { nodes: 4, namespaces: 1000 },
])("$nodes nodes and $namespaces namespaces are a valid environment", (size) => {
  const environment = parseEnvironment(generatedEnvironment(size), { today: "2026-11-23" });
  expect(environment.nodes).toHaveLength(size.nodes);
  expect(environment.namespaces).toHaveLength(size.namespaces);
});
