import { expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { nodeCommand } from "../../../operations/node-life/node-command.ts";
import type { NodeLifeRequest } from "../../../operations/node-life/node-life.ts";
import { lab, TODAY } from "../../environments/lab.ts";

const call = (request: NodeLifeRequest) => {
  const lines: string[] = [];
  const environment = parseEnvironment(lab(), { today: TODAY });
  const code = nodeCommand(environment, { today: TODAY, ...request }, (line) => lines.push(line));
  return { code, text: lines.join("\n") };
};
const dead = { isDead: true } as const;
const alive = { isDead: false } as const;

test("prints the steps", () => {
  const { code, text } = call({ verb: "remove", names: ["dora"], ...alive });
  expect(code).toBe(0);
  expect(text).toMatch(/^remove dora in lab\n\n1\. See that the rest of the cluster is well/);
});

test("prints a refusal", () => {
  const { code, text } = call({ verb: "remove", names: ["bea"], ...alive });
  expect(code).toBe(1);
  expect(text).toMatch(/^remove bea in lab: refused\n {2}- 2 control planes would be left/);
});

test("takes the options", () => {
  expect(call({ verb: "replace", names: ["bea"], ...dead }).text).toContain("remove-member");
  expect(call({ verb: "add", names: ["zoe"], role: "controlplane", ...alive }).code).toBe(1);
  expect(call({ verb: "add", names: ["zoe"], ...alive }).code).toBe(0);
});
