/** A world without Terraform, in which a deploy says what it does. */
import { type DeployTools, deploy } from "../../../operations/deploy/deploy.ts";
import type { DeployRequest } from "../../../operations/deploy/request.ts";
import type { Terraform, TerraformOutcome } from "../../../operations/deploy/terraform.ts";
import { environment, planOf, TODAY } from "../guard/plans.ts";

const created = planOf([{ address: "kubernetes_config_map_v1.a", actions: ["create"], after: {} }]);
export const nothing = planOf([]);

export type Step = "init" | "plan" | "showJson" | "showText" | "apply";

interface World {
  /** The plan of each stack. */
  readonly plans?: Readonly<Record<string, string>>;
  /** The step that fails, as `<stack> <step>`. */
  readonly fails?: string;
  readonly throws?: string;
  readonly confirms?: boolean;
  readonly synthesisFails?: boolean;
  /** Why two could hold the lock. */
  readonly unlocked?: string;
  /** Why the saved plan may not be applied. */
  readonly unusable?: string;
}

/** Runs a deploy in a world without Terraform, and records what was done. */
export const run = async (request: Partial<DeployRequest>, world: World = {}) => {
  const { plans = {}, fails, throws, confirms = true, synthesisFails, unlocked, unusable } = world;
  const done: string[] = [];
  const logged: string[] = [];
  const asked: string[] = [];
  const removed: string[] = [];
  const step = (name: Step, directory: string, output = "", file = ""): TerraformOutcome => {
    const stack = directory.replace("cdktf.out/stacks/", "");
    done.push(`${stack} ${name}${file && ` ${file}`}`);
    if (throws === `${stack} ${name}`) throw new Error("terraform is not there");
    return fails === `${stack} ${name}`
      ? { ok: false, output: "", error: "it broke" }
      : { ok: true, output, error: "" };
  };
  const planIn = (directory: string) => plans[directory.replace("cdktf.out/stacks/", "")] ?? created;
  const terraform: Terraform = {
    init: (directory) => step("init", directory),
    plan: (directory, file, targets) => ({
      ...step("plan", directory, "", [file, ...targets].join(" ")),
      changes: planIn(directory) !== nothing,
    }),
    showJson: (directory, file) => step("showJson", directory, planIn(directory), file),
    showText: (directory, file) => step("showText", directory, "+ kubernetes_config_map_v1.a", file),
    apply: (directory, file) => step("apply", directory, "", file),
  };
  const tools: DeployTools = {
    terraform,
    synthesize: () => {
      done.push("synthesize");
      if (synthesisFails) throw new Error("2 problems");
    },
    guardOptions: () => ({ environment: environment(), today: TODAY }),
    lockProblem: async () => unlocked,
    confirm: async (stack) => {
      asked.push(stack);
      return confirms;
    },
    remove: (path) => removed.push(path),
    saved: {
      open: (stack, directory) => {
        done.push(`${stack} open ${directory}`);
        if (unusable) throw new Error(unusable);
        return "/plans/saved";
      },
      discard: (stack) => removed.push(`saved ${stack}`),
    },
    log: (line) => logged.push(line),
  };
  const stacks = ["backup", "cluster", "platform", "apps"].map((layer) => ({
    environment: "dev",
    production: false,
    name: `dev-${layer}`,
  }));
  const summary = await deploy({ stacks, yes: false, ...request }, tools);
  return { summary, done, logged, asked, removed, results: summary.results.map(({ result }) => result) };
};

export const applies = (done: readonly string[]) => done.filter((line) => line.includes(" apply"));
