/** Planned, saved and applied by the Terraform of this machine, without any provider: what changes is an output. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { deploy } from "../../../operations/deploy/deploy.ts";
import type { JudgeTools } from "../../../operations/deploy/judge.ts";
import { driftReport, isComplete, keep, review } from "../../../operations/deploy/review.ts";
import { SavedPlans } from "../../../operations/deploy/saved-plan.ts";
import { realTerraform } from "../../../operations/deploy/terraform.ts";
import { environment, TODAY } from "../guard/plans.ts";

const hasTerraform = spawnSync("terraform", ["version"]).status === 0;
const before = process.cwd();
const root = mkdtempSync(join(tmpdir(), "terraform-"));
const state = join(root, "state.json");
const stack = { environment: "dev", production: false, name: "dev-apps" };
const judging: JudgeTools = {
  terraform: realTerraform,
  guardOptions: () => ({ environment: environment(), today: TODAY }),
};
const plans = new SavedPlans(join(root, "plans"));
const COMMIT = "1".repeat(40);

/** A fresh checkout of the project, as far as Terraform sees it, whose configuration says `value`. */
const checkOut = (value: string): void => {
  const directory = join(mkdtempSync(join(root, "checkout-")), "cdktf.out", "stacks", "dev-apps");
  mkdirSync(directory, { recursive: true });
  const configuration = {
    terraform: { backend: { local: { path: state } } },
    output: { a: { value } },
  };
  writeFileSync(join(directory, "cdk.tf.json"), JSON.stringify(configuration));
  process.chdir(join(directory, "../../.."));
};

const planAndKeep = () => {
  const reviews = review([stack], judging, (name) => plans.prepare(name));
  expect(reviews).toMatchObject([{ found: { changes: true, verdict: { passes: true } } }]);
  return keep(plans, reviews, COMMIT, new Date())[0]?.digest ?? "";
};

const apply = (approved: string) =>
  deploy(
    { stacks: [stack], yes: false, saved: { directory: join(root, "plans"), approved } },
    {
      ...judging,
      synthesize: () => {},
      lockProblem: async () => undefined,
      confirm: async () => false,
      remove: (path) => rmSync(path, { force: true }),
      saved: {
        open: (name, directory) =>
          plans.open(directory, { stack: name, commit: COMMIT, now: new Date(), approved }),
        discard: (name) => plans.discard(name),
      },
      log: () => {},
    },
  );

const applied = (): unknown => JSON.parse(readFileSync(state, "utf8")).outputs.a.value;

describe.runIf(hasTerraform)("a saved plan", { timeout: 60_000 }, () => {
  beforeEach(async () => {
    process.env.CHECKPOINT_DISABLE = "1";
    rmSync(state, { force: true });
    checkOut("first");
    expect((await apply(planAndKeep())).results).toMatchObject([{ result: "applied" }]);
  });

  afterAll(() => {
    process.chdir(before);
    rmSync(root, { recursive: true });
  });

  test("is applied from another checkout, and is then gone", async () => {
    checkOut("second");
    const digest = planAndKeep();
    checkOut("second");
    expect((await apply(digest)).results).toMatchObject([{ result: "applied" }]);
    expect(applied()).toBe("second");
    expect((await apply(digest)).results[0]?.detail).toContain("no saved plan of dev-apps");
  });

  test("is what is applied, whatever the checkout has come to say", async () => {
    checkOut("second");
    const digest = planAndKeep();
    checkOut("third");
    expect((await apply(digest)).ok).toBe(true);
    expect(applied()).toBe("second");
  });

  test("is refused by Terraform when somebody else applied since", async () => {
    checkOut("second");
    const stale = planAndKeep();
    const aside = new SavedPlans(join(root, "aside"));
    const reviews = review([stack], judging, (name) => aside.prepare(name));
    keep(aside, reviews, COMMIT, new Date());
    const other = realTerraform.apply("cdktf.out/stacks/dev-apps", join(root, "aside/dev-apps/plan.tfplan"));
    expect(other.ok).toBe(true);
    expect((await apply(stale)).results[0]).toMatchObject({ result: "failed" });
  });

  test("drift is a difference, and none once it is deployed", async () => {
    checkOut("second");
    const look = () => review([stack], judging, (each) => plans.prepare(each), { lock: false });
    expect(driftReport(look())).toContain("Only outputs differ.");
    await apply(planAndKeep());
    const after = look();
    expect([isComplete(after), driftReport(after)]).toEqual([true, undefined]);
  });
});
