import { join } from "node:path";
import { tableLines } from "../../lib/core/text-table.ts";
import type { GuardVerdict } from "../guard/guard.ts";
import { summaryOf, textReport } from "../guard/verdict-report.ts";
import { type Failure, type JudgeTools, judgeAgain, planAndJudge } from "./judge.ts";
import { type DeployRequest, directoryOf, type StackRequest } from "./request.ts";

const PLAN_FILE = "deploy.tfplan";

/** Effects of a deploy on the world outside of it. */
export interface DeployTools extends JudgeTools {
  /** Writes `cdktf.out` anew. Throws with all that is wrong. */
  synthesize(): void;
  /** The reason why the environment's states are not safe from a second deploy, tried; undefined when they are. */
  lockProblem(environment: string): Promise<string | undefined>;
  /** Asks a person who must type the name of the stack; false when nobody can be asked. */
  confirm(stack: string): Promise<boolean>;
  /** Deletes a plan, which holds secrets. */
  remove(path: string): void;
  /** Plans that were made before. */
  readonly saved: SavedPlanTools;
  log(line: string): void;
}

export interface SavedPlanTools {
  /**
   * The file of the plan that a request names, for the stack in this directory. Throws with all that speaks against
   * applying it.
   */
  open(stack: string, directory: string): string;
  discard(stack: string): void;
}

export type StackResult = "applied" | "no change" | "refused" | "declined" | "failed" | "not reached";

export interface DeploySummary {
  readonly results: readonly {
    readonly stack: string;
    readonly result: StackResult;
    readonly detail: string;
  }[];
  /** True when every stack was applied or had no change. */
  readonly ok: boolean;
}

interface StackOutcome {
  readonly result: StackResult;
  readonly detail: string;
}

/**
 * Deploys stacks in layer order: plan to a file, guard, show, confirm, apply that very file. Stops at the first stack
 * that is refused, declined or fails, and says how to go on; those before it stay applied. The plan's file goes away
 * whatever happens.
 *
 * A saved plan is not made again but judged again; an approval that names its digest stands for the confirmation.
 */
export const deploy = async (request: DeployRequest, tools: DeployTools): Promise<DeploySummary> => {
  const results: { stack: string; result: StackResult; detail: string }[] = [];
  const broken = attempt(() => tools.synthesize()) ?? (await unlocked(request, tools));
  for (const stack of request.stacks) {
    const stopped = results.some(({ result }) => result !== "applied" && result !== "no change");
    const outcome = stopped
      ? { result: "not reached" as const, detail: "" }
      : (broken ?? (await deployStack(stack, request, tools)));
    results.push({ stack: stack.name, ...outcome });
  }
  const ok = results.every(({ result }) => result === "applied" || result === "no change");
  for (const line of summaryLines(results, request)) tools.log(line);
  return { results, ok };
};

const failed = (what: string, error: unknown): StackOutcome => ({
  result: "failed",
  detail: `${what}: ${error instanceof Error ? error.message : error}`,
});

const attempt = (action: () => void): StackOutcome | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return failed("synthesis", error);
  }
};

/** Tries the lock before anything is planned: a server that gives it to two lets them write over each other's state. */
const unlocked = async (
  { stacks: [first] }: DeployRequest,
  { lockProblem }: DeployTools,
): Promise<StackOutcome | undefined> => {
  try {
    const problem = first && (await lockProblem(first.environment));
    return problem === undefined ? undefined : failed("lock of the state", problem);
  } catch (error) {
    return failed("lock of the state", error);
  }
};

const deployStack = async (
  stack: StackRequest,
  request: DeployRequest,
  tools: DeployTools,
): Promise<StackOutcome> => {
  const directory = directoryOf(stack.name);
  tools.log(`\n== ${stack.name}`);
  try {
    return await planAndApply(stack, directory, request, tools);
  } catch (error) {
    return failed("deploy", error);
  } finally {
    tools.remove(join(directory, PLAN_FILE));
    if (request.saved) tools.saved.discard(stack.name);
  }
};

const planAndApply = async (
  stack: StackRequest,
  directory: string,
  { node, yes, saved }: DeployRequest,
  tools: DeployTools,
): Promise<StackOutcome> => {
  const { terraform, confirm, log } = tools;
  const targets = node === undefined ? [] : [`talos_machine_configuration_apply.node_${node}`];
  const file = saved ? tools.saved.open(stack.name, directory) : PLAN_FILE;
  const judged = saved
    ? judgeAgain(stack, directory, file, tools)
    : planAndJudge(stack, directory, file, tools, { targets });
  if (isFailure(judged)) return { result: "failed", detail: judged.failed };
  const { verdict, changes } = judged;
  log(textReport(stack.name, verdict));
  if (!verdict.passes) return { result: "refused", detail: refusalDetail(verdict) };
  if (!changes) return { result: "no change", detail: "" };
  if (saved?.approved === undefined) {
    const shown = terraform.showText(directory, file);
    if (!shown.ok) return failed("terraform show", shown.error);
    log(shown.output);
    const isApproved = (yes && !stack.production) || (await confirm(stack.name));
    if (!isApproved) return { result: "declined", detail: "nobody confirmed it" };
  }
  const applied = terraform.apply(directory, file);
  return applied.ok
    ? { result: "applied", detail: summaryOf(verdict) }
    : failed("terraform apply, possibly halfway", applied.error);
};

const isFailure = (judged: object): judged is Failure => "failed" in judged;

const refusalDetail = ({ refused }: GuardVerdict): string =>
  [...new Set(refused.map(({ rule }) => rule))].join(", ");

const summaryLines = (results: DeploySummary["results"], { node }: DeployRequest): string[] => {
  const rows = tableLines(results.map(({ stack, result, detail }) => [stack, result, detail]));
  const stop = results.find(({ result }) => ["refused", "declined", "failed"].includes(result));
  if (!stop) return ["", ...rows];
  const left = results.slice(results.indexOf(stop)).map(({ stack }) => stack);
  const again = `npm run homelab -- deploy ${left.join(" ")}${node === undefined ? "" : ` --node ${node}`}`;
  const first: Partial<Record<StackResult, string>> = {
    refused: "Do what the guard says for each refusal above, then",
    failed: "Nothing after it was touched. Read the error, then plan again with",
    declined: "Nothing was applied in it. When it is right, go on with",
  };
  return ["", ...rows, "", `${first[stop.result]}: ${again}`];
};
