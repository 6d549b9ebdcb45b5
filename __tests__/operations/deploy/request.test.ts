import { describe, expect, test } from "vitest";
import { readDeployRequest } from "../../../operations/deploy/request.ts";

const environments = [
  { name: "dev", production: false, nodes: [{ name: "diva" }] },
  { name: "prod", production: true, nodes: [{ name: "poison" }] },
];

const names = (given: readonly string[]) =>
  readDeployRequest(given, {}, environments).stacks.map(({ name }) => name);

test("an environment is its four stacks; stacks come in layer order, each once", () => {
  expect(names(["dev"])).toEqual(["dev-backup", "dev-cluster", "dev-platform", "dev-apps"]);
  expect(names(["dev-apps", "dev-backup", "dev-apps"])).toEqual(["dev-backup", "dev-apps"]);
});

test("--node and --yes are kept", () => {
  expect(readDeployRequest(["dev-cluster"], { node: "diva", yes: true }, environments)).toMatchObject({
    node: "diva",
    yes: true,
  });
});

const DIGEST = `sha256:${"0".repeat(64)}`;

test("a saved plan of one stack, of prod too, with what a person approved", () => {
  expect(readDeployRequest(["prod-apps"], { plan: "/plans", approved: DIGEST }, environments).saved).toEqual({
    directory: "/plans",
    approved: DIGEST,
  });
  expect(readDeployRequest(["prod-apps"], { plan: "/plans" }, environments).saved).toEqual({
    directory: "/plans",
  });
  expect(readDeployRequest(["prod-apps"], {}, environments).saved).toBeUndefined();
});

describe("refused", () => {
  test.each([
    [["dev"], { plan: "/plans" }, "--plan: is of one stack: got dev-backup, dev-cluster"],
    [["dev-apps"], { plan: "/plans", yes: true }, "--yes: a saved plan is approved by its digest"],
    [["dev-cluster"], { plan: "/plans", node: "diva" }, "--node: limits a plan that is made"],
    [["dev-apps"], { approved: DIGEST }, "--approved: goes with --plan"],
    [["dev-apps"], { plan: "/plans", approved: "yes" }, '64 hexadecimal digits: got "yes"'],
    [["dev-apps"], { plan: "/plans", approved: "" }, '64 hexadecimal digits: got ""'],
    [[], {}, "name an environment or stacks"],
    [["staging"], {}, 'no environment or stack "staging": did you mean dev?'],
    [["dev", "prod-apps"], {}, "one environment at a time: got dev, prod"],
    [["prod"], { yes: true }, "prod is never approved without a person"],
    [["prod-apps"], { yes: true }, "prod is never approved without a person"],
    [["dev"], { node: "diva" }, "--node: goes with one cluster stack"],
    [["dev-apps"], { node: "diva" }, "--node: goes with one cluster stack: got dev-apps"],
    [["dev-cluster"], { node: "poison" }, '--node: no node "poison": did you mean diva?'],
  ])("%j with %j", (given, flags, message) => {
    expect(() => readDeployRequest(given, flags, environments)).toThrow(message);
  });

  test("all at once", () => {
    expect(() => readDeployRequest(["nope", "prod"], { yes: true }, environments)).toThrow(
      /nope[\s\S]*never approved/,
    );
  });
});
