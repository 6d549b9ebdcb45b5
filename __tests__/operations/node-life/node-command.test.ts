import { expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { refusalsOf } from "../../../operations/cli/refusals.ts";
import { nodeCommand } from "../../../operations/node-life/node-command.ts";
import type { NodeLifeRequest, Prove } from "../../../operations/node-life/request.ts";
import { lab, TODAY } from "../../environments/lab.ts";
import { parsed } from "../../stacks/homelab.ts";

const call = (
  request: NodeLifeRequest,
  prove: Prove = () => [],
  environment = parseEnvironment(lab(), { today: TODAY }),
) => {
  const lines: string[] = [];
  const code = nodeCommand(environment, { today: TODAY, ...request }, prove, (line) => lines.push(line));
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

test.each<[NodeLifeRequest, string[]]>([
  [{ verb: "remove", names: ["dora"] }, ["ada", "bea", "cleo"]],
  [{ verb: "rename", names: ["dora", "dawn"] }, ["ada", "bea", "cleo", "dawn"]],
  [{ verb: "replace", names: ["dora"] }, ["ada", "bea", "cleo", "dora"]],
  [{ verb: "disk", names: ["dora"], to: "/dev/sdb" }, ["ada", "bea", "cleo", "dora"]],
  [{ verb: "disk", names: ["dora"], data: "/dev/sdb" }, ["ada", "bea", "cleo", "dora"]],
  [{ verb: "add", names: ["dora"] }, ["ada", "bea", "cleo", "dora"]],
])("%j is refused when what would be left does not synthesize", (request, left) => {
  const seen: string[] = [];
  const { code, text } = call(request, ({ nodes }) => {
    seen.push(...nodes.map(({ name }) => name));
    return ["capacity: short of 3535m cpu"];
  });
  expect([code, seen]).toEqual([1, left]);
  expect(text).toMatch(/: refused\n {2}- capacity: short of 3535m cpu$/);
});

test("prod does not hold without a worker, and says by how much", { timeout: 120_000 }, () => {
  const prod = parsed("prod");
  const { code, text } = call({ verb: "remove", names: ["peach"] }, (after) => refusalsOf([after]), prod);
  expect(code).toBe(1);
  expect(text).toMatch(
    /^remove peach in prod: refused\n {2}- capacity: prod: .* short of \d+\w+ memory\n {4}what would fit: .*\n {4}left in quotas .*\n {4}cpu /,
  );
});

test.each<[NodeLifeRequest, number]>([
  [{ verb: "remove", names: ["dora"] }, 0],
  [{ verb: "remove", names: ["bea"] }, 1],
])("%j as JSON", (request, code) => {
  const lines: string[] = [];
  const environment = parseEnvironment(lab(), { today: TODAY });
  expect(
    nodeCommand(
      environment,
      { today: TODAY, ...request },
      () => [],
      (line) => lines.push(line),
      true,
    ),
  ).toBe(code);
  const { title, steps, refusals } = JSON.parse(lines.join("\n"));
  expect(title).toBe(`remove ${request.names} in lab`);
  expect(code === 0 ? steps[0].title : refusals[0]).toMatch(/^See that|^2 control planes/);
});

test("takes the options", () => {
  expect(call({ verb: "replace", names: ["bea"], ...dead }).text).toContain("remove-member");
  expect(call({ verb: "add", names: ["zoe"], role: "controlplane", ...alive }).code).toBe(1);
  expect(call({ verb: "add", names: ["zoe"], ...alive }).code).toBe(0);
});
