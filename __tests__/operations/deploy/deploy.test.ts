import { describe, expect, test } from "vitest";
import { planOf, recorded } from "../guard/plans.ts";
import { applies, nothing, run, type Step } from "./world.ts";

test("each stack in layer order: the file that was planned, judged and shown is the one applied", async () => {
  const { summary, done, asked } = await run({});
  expect(summary.ok).toBe(true);
  expect(done).toEqual([
    "synthesize",
    ...["backup", "cluster", "platform", "apps"].flatMap((layer) =>
      ["init", ...["plan", "showJson", "showText", "apply"].map((name) => `${name} deploy.tfplan`)].map(
        (name) => `dev-${layer} ${name}`,
      ),
    ),
  ]);
  expect(asked).toEqual(["dev-backup", "dev-cluster", "dev-platform", "dev-apps"]);
});

test("a stack without changes is neither shown nor applied, nor is anybody asked", async () => {
  const { results, done, asked } = await run({}, { plans: { "dev-cluster": nothing } });
  expect(results).toEqual(["applied", "no change", "applied", "applied"]);
  expect(done).not.toContain("dev-cluster apply deploy.tfplan");
  expect(asked).not.toContain("dev-cluster");
});

test("a refusal stops: what came before stays applied, nothing after it is planned", async () => {
  const { results, done, logged, asked } = await run({}, { plans: { "dev-platform": recorded("platform") } });
  expect(results).toEqual(["applied", "applied", "refused", "not reached"]);
  expect(asked).not.toContain("dev-platform");
  expect(applies(done)).toEqual(["dev-backup apply deploy.tfplan", "dev-cluster apply deploy.tfplan"]);
  expect(done.some((line) => line.startsWith("dev-apps"))).toBe(false);
  expect(logged.at(-1)).toContain("npm run homelab -- deploy dev-platform dev-apps");
});

describe("whatever fails, nothing after it runs, no plan is left behind, and the way on is said", () => {
  const stacks = ["dev-backup", "dev-cluster", "dev-platform", "dev-apps"];
  const steps: Step[] = ["init", "plan", "showJson", "showText", "apply"];
  const cases = stacks.flatMap((stack, index) => steps.map((name) => [`${stack} ${name}`, index] as const));

  test.each(cases)("%s", async (fails, index) => {
    for (const world of [{ fails }, { throws: fails }]) {
      const { summary, results, done, removed, logged } = await run({}, world);
      expect(summary.ok).toBe(false);
      expect(results).toEqual(
        stacks.map((_, at) => (at < index ? "applied" : at === index ? "failed" : "not reached")),
      );
      const last = done.at(-1) ?? "";
      expect(last.startsWith(fails)).toBe(true);
      expect(applies(done).filter((line) => line.startsWith(stacks[index] ?? ""))).toHaveLength(
        fails.endsWith("apply") ? 1 : 0,
      );
      expect(removed).toEqual(
        stacks.slice(0, index + 1).map((stack) => `cdktf.out/stacks/${stack}/deploy.tfplan`),
      );
      expect(logged.at(-1)).toContain(`npm run homelab -- deploy ${stacks.slice(index).join(" ")}`);
    }
  });

  test("synthesis", async () => {
    const { results, done } = await run({}, { synthesisFails: true });
    expect(results).toEqual(["failed", "not reached", "not reached", "not reached"]);
    expect(done).toEqual(["synthesize"]);
  });

  test("a state that two could lock", async () => {
    const { results, summary, done } = await run({}, { unlocked: "state takes a second write" });
    expect(results).toEqual(["failed", "not reached", "not reached", "not reached"]);
    expect(summary.results[0]?.detail).toBe("lock of the state: state takes a second write");
    expect(done).toEqual(["synthesize"]);
  });

  test("a plan that cannot be read", async () => {
    const { summary } = await run({}, { plans: { "dev-backup": "{}" } });
    expect(summary.results[0]).toMatchObject({ result: "failed" });
    expect(summary.results[0]?.detail).toContain("cannot read the plan");
  });

  test("nobody confirms", async () => {
    const { results, done } = await run({}, { confirms: false });
    expect(results).toEqual(["declined", "not reached", "not reached", "not reached"]);
    expect(applies(done)).toEqual([]);
  });
});

test("--yes asks nobody, and asks all the same in production", async () => {
  expect((await run({ yes: true })).asked).toEqual([]);
  const prod = { stacks: [{ environment: "prod", production: true, name: "prod-apps" }], yes: true };
  const { asked, results } = await run(prod, { confirms: false });
  expect(asked).toEqual(["prod-apps"]);
  expect(results).toEqual(["declined"]);
});

test("--yes does not let a refused plan by", async () => {
  const { results, done } = await run({ yes: true }, { plans: { "dev-backup": recorded("platform") } });
  expect(results[0]).toBe("refused");
  expect(applies(done)).toEqual([]);
});

test("one node: the plan is limited to it, and anything else in it is refused", async () => {
  const request = { stacks: [{ environment: "dev", production: false, name: "dev-cluster" }], node: "diva" };
  const limited = (address: string) =>
    planOf([{ address, actions: ["create"], after: {} }], { complete: false });
  const target = "talos_machine_configuration_apply.node_diva";
  const own = await run(request, { plans: { "dev-cluster": limited(target) } });
  expect(own.done).toContain(`dev-cluster plan deploy.tfplan ${target}`);
  expect(own.results).toEqual(["applied"]);
  const other = await run(request, { plans: { "dev-cluster": limited("talos_machine_secrets.cluster") } });
  expect(other.results).toEqual(["refused"]);
  expect(other.logged.at(-1)).toContain("npm run homelab -- deploy dev-cluster --node diva");
});
