import { expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { generatedEnvironment } from "../../../labs/bench/environments.ts";

test.each([
  { nodes: 10, namespaces: 3 },
  { nodes: 1000, namespaces: 3 },
  { nodes: 4, namespaces: 1000 },
])("$nodes nodes and $namespaces namespaces are a valid environment", (size) => {
  const environment = parseEnvironment(generatedEnvironment(size), { today: "2026-11-23" });
  expect(environment.nodes).toHaveLength(size.nodes);
  expect(environment.namespaces).toHaveLength(size.namespaces);
});
