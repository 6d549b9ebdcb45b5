import { expect, test } from "vitest";
import { removalSteps, removeAppCommand } from "../../../operations/removal/remove-app.ts";
import { environment, judge } from "../guard/plans.ts";
import { resourcesOf, stackPlan } from "../guard/real-plans.ts";

const APP = /apps_whoami_/;
const whoami = [...resourcesOf("dev-apps")]
  .filter(([address]) => APP.test(address))
  .map(([address, values]) => ({ address, type: `${address.split(".")[0]}`, values }));
const steps = removalSteps("whoami", "dev", whoami, new Date("2026-11-20"));

test("the plan of the steps passes with the waiver that they print, and with no other", () => {
  const plan = stackPlan("dev-apps", [
    [/apps_whoami_namespace_B/, "forget"],
    [APP, "delete"],
  ]);
  expect(judge(plan).refused.map(({ rule }) => rule)).toEqual(["load-bearing"]);
  const line = steps.split("\n").find((each) => each.includes("load-bearing")) ?? "";
  const waiver = JSON.parse(
    line
      .trim()
      .replace(/,$/, "")
      .replace(/(\w+): "/g, '"$1": "'),
  );
  const waived = environment((input) => Object.assign(input, { waivers: [waiver] }));
  expect(judge(plan, { environment: waived }).refused).toEqual([]);
});

test("what holds data is forgotten, and nothing else", () => {
  const removed = steps.split("\n").filter((line) => line.includes("layer:"));
  expect(removed).toEqual([
    expect.stringContaining("kubernetes_namespace_v1.apps_whoami_namespace_B50030F8"),
  ]);
});

test("an app that is not there", () => {
  const said: string[] = [];
  const output = { out: (line: string) => said.push(line), err: (line: string) => said.push(line) };
  expect(removeAppCommand("nothing", "dev", new Date(), output)).toBe(1);
  expect(said).toEqual(["remove-app: no app nothing in dev: see apps/index.ts"]);
});

test("an Application is gone before what it needs goes", () => {
  const at = (pattern: RegExp) => whoami.find(({ address }) => pattern.test(address))?.values;
  expect(at(/_application_/)).toMatchObject({ wait: true });
  expect(JSON.parse(String(at(/_project_/)?.yaml_body)).metadata.finalizers).toEqual([
    "resources-finalizer.argocd.argoproj.io",
  ]);
});
