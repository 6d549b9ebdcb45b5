import { expect, test } from "vitest";
import { planOf, recorded } from "../guard/plans.ts";
import { applies, run } from "./world.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const stacks = [{ environment: "prod", production: true, name: "prod-apps" }];
const approved = { stacks, saved: { directory: "/plans", approved: DIGEST } };

test("the saved plan is judged again and applied, none is made, and it goes away", async () => {
  const { done, results, asked, removed } = await run(approved);
  expect(done).toEqual([
    "synthesize",
    "prod-apps open cdktf.out/stacks/prod-apps",
    "prod-apps init",
    "prod-apps showJson /plans/saved",
    "prod-apps apply /plans/saved",
  ]);
  expect(results).toEqual(["applied"]);
  expect(asked).toEqual([]);
  expect(removed).toContain("saved prod-apps");
});

test("the values in an approved plan are not shown again", async () => {
  expect((await run(approved)).logged.join("\n")).not.toContain("+ kubernetes_config_map_v1.a");
});

test("without an approval a person is shown the plan and asked", async () => {
  const request = { stacks, saved: { directory: "/plans" } };
  const { asked, done, logged } = await run(request);
  expect(asked).toEqual(["prod-apps"]);
  expect(logged).toContain("+ kubernetes_config_map_v1.a");
  expect(done.at(-1)).toBe("prod-apps apply /plans/saved");
  expect((await run(request, { confirms: false })).results).toEqual(["declined"]);
});

test("an approval does not let by what the guard refuses now", async () => {
  for (const refused of [
    recorded("platform"),
    planOf([{ address: "kubernetes_config_map_v1.a", actions: ["create"], after: {} }], { complete: false }),
  ]) {
    const { done, results } = await run(approved, { plans: { "prod-apps": refused } });
    expect(results).toEqual(["refused"]);
    expect(applies(done)).toEqual([]);
  }
});

test("a plan that may not be applied is not, and goes away", async () => {
  const { done, summary, removed } = await run(approved, {
    unusable: "the saved plan must be of this commit",
  });
  expect(summary.results[0]).toMatchObject({
    result: "failed",
    detail: "deploy: the saved plan must be of this commit",
  });
  expect(applies(done)).toEqual([]);
  expect(removed).toContain("saved prod-apps");
});

test.each(["init", "showJson", "apply"])("when %s fails nothing else happens", async (step) => {
  const { done, results, removed } = await run(approved, { fails: `prod-apps ${step}` });
  expect(done.at(-1)).toContain(step);
  expect(results).toEqual(["failed"]);
  expect(removed).toContain("saved prod-apps");
});
