import { expect, test } from "vitest";
import { simulate } from "../../../labs/commands/simulate.ts";
import { readScenario, simulationReport, turnsOf } from "../../../labs/simulate/command.ts";
import { generateCluster } from "../../../labs/simulate/generated-cluster.ts";
import { run } from "../../operations/cli/run.ts";
import { parsed } from "../../stacks/homelab.ts";

const prod = parsed("prod");

test("reads its options", () => {
  expect(readScenario({ seed: "1", lose: ["phoebe"], atSize: "1.5x", break: ["quota"] }, prod)).toEqual({
    ...{ lose: ["phoebe"], drain: false, powerCut: false, atSize: 1.5, broken: ["quota"] },
  });
});

test("one word loses every machine in turn, or every two", () => {
  const three = ["a", "b", "c"];
  expect(turnsOf(["each"], three)).toEqual([["a"], ["b"], ["c"]]);
  expect(turnsOf(["pairs"], three)).toEqual([
    ["a", "b"],
    ["a", "c"],
    ["b", "c"],
  ]);
  expect(turnsOf(["a", "b"], three)).toEqual([["a", "b"]]);
  expect(turnsOf([], three)).toEqual([[]]);
  expect(() => readScenario({ seed: "1", lose: ["each"], page: "x.html" }, prod)).toThrow(
    "--page: shows one scenario",
  );
});

test("all that is wrong is said at once", () => {
  const wrong = {
    seed: "x",
    lose: ["foebe"],
    powerCut: true,
    atSize: "big",
    againstCapacity: "0",
    break: ["all"],
  };
  const read = () => readScenario(wrong, prod);
  for (const said of [
    "--lose: no machine",
    "--break: no breakage",
    "--at-size",
    "--against-capacity",
    "--seed",
    "--power-cut",
  ])
    expect(read).toThrow(said);
});

test.each([["prod", "--lose=foebe"], ["prod", "--drain"], ["staging"]])(
  "%s %s is wrong use",
  async (...line) => {
    const { code, err } = await run(simulate, ...line);
    expect(code).toBe(2);
    expect(err).not.toMatch(/^ +at /m);
  },
);

test("a seed makes the same cluster every time", () => {
  const cluster = generateCluster(4, 7);
  expect(generateCluster(4, 7)).toEqual(cluster);
  expect(generateCluster(5, 7)).not.toEqual(cluster);
});

test("the report tells what waits, what is wrong and what was left out", () => {
  const text = simulationReport({
    timeline: [{ at: 3, text: "a/b: made" }],
    ...{ pods: 2, ready: 1, problems: ["a/b does not start: no room"], notes: ["not run: volumes"] },
    pending: [{ pod: "a/b", priorityClass: "vixens-high", why: "no room" }],
  });
  expect(text.split("\n")).toEqual([
    "   3 s  a/b: made",
    "",
    "1 of 2 pods are ready",
    "waits: a/b (vixens-high): no room",
    "problem: a/b does not start: no room",
    "note: not run: volumes",
    "fails: 1 problems",
  ]);
});
