import { expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { nodeCommand } from "../../../operations/node-life/node-command.ts";
import { lab, TODAY } from "../../environments/lab.ts";

const call = (...args: string[]) => {
  const lines: string[] = [];
  const environments = { lab: () => parseEnvironment(lab(), { today: TODAY }) };
  const code = nodeCommand(args, environments, (line) => lines.push(line), TODAY);
  return { code, text: lines.join("\n") };
};

test("prints the steps", () => {
  const { code, text } = call("remove", "lab", "dora");
  expect(code).toBe(0);
  expect(text).toMatch(/^remove dora in lab\n\n1\. See that the rest of the cluster is well/);
});

test("prints a refusal", () => {
  const { code, text } = call("remove", "lab", "bea");
  expect(code).toBe(1);
  expect(text).toMatch(/^remove bea in lab: refused\n {2}- 2 control planes would be left/);
});

test("takes the options", () => {
  expect(call("replace", "lab", "bea", "--dead").text).toContain("remove-member");
  expect(call("add", "lab", "zoe", "--role", "controlplane").code).toBe(1);
  expect(call("add", "lab", "zoe").code).toBe(0);
});

test.each([
  [[], "must be one of add, remove, replace, rename: got nothing"],
  [["drop", "lab", "dora"], "must be one of add, remove, replace, rename: got drop"],
  [["remove"], "must name one environment, lab: got none"],
  [["remove", "dev", "x"], "must name one environment, lab: got dev"],
  [["add", "lab", "x", "--role", "master"], "--role must be controlplane or worker: got master"],
  [["remove", "lab", "dora", "--yes"], "Unknown option '--yes'"],
])("wrong use: %j", (args, message) => {
  const { code, text } = call(...args);
  expect(code).toBe(2);
  expect(text).toContain(message);
  expect(text).toContain("usage: npm run homelab -- node");
});
