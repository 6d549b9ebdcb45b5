/** `homelab guard`: what it says and returns. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { UsageError } from "../../lib/core/usage-error.ts";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { lastStacks } from "../cli/last-synthesis.ts";
import { displayPath } from "./changes.ts";
import { type EvidenceFiles, evidenceFrom } from "./evidence.ts";
import { type GuardVerdict, guard } from "./guard.ts";
import { otherResources } from "./other-resources.ts";
import { markdownReport, textReport } from "./verdict-report.ts";

export interface GuardRequest extends EvidenceFiles {
  /** Files of plans, as `terraform show -json` prints them. */
  readonly plans: readonly string[];
  /** @default - the first part of the stack's name */
  readonly env?: string | undefined;
  /** Of a single plan. @default - the name of the file */
  readonly stack?: string | undefined;
  readonly form: "text" | "markdown" | "json";
  /** The addresses that the plan was limited to on purpose. */
  readonly targets?: readonly string[] | undefined;
}

/** Judges each plan, which are of one revision; returns the exit code. */
export const guardCommand = async (request: GuardRequest, out: (line: string) => void): Promise<number> => {
  const { form, plans } = request;
  if (plans.length > 1 && request.stack !== undefined)
    throw new UsageError("give --stack with one plan alone: of several, the names of the files say it");
  const judged = await Promise.all(plans.map((file) => judge(file, request)));
  if (form === "json") {
    const [first, ...others] = judged.map(({ stack, verdict }) => ({ stack, ...published(verdict) }));
    out(JSON.stringify(others.length === 0 ? first : [first, ...others], null, 2));
  } else
    for (const { stack, verdict } of judged)
      out((form === "markdown" ? markdownReport : textReport)(stack, verdict));
  return judged.every(({ verdict }) => verdict.passes) ? 0 : 1;
};

const judge = async (file: string, { env, targets, ...request }: GuardRequest) => {
  const stack = request.stack ?? basename(file, ".json");
  const name = env ?? environmentNames.find((each) => stack.startsWith(`${each}-`));
  if (name === undefined)
    throw new UsageError(`give --env: ${basename(file)} does not say which environment it is of`);
  const environment = environmentNamed(name);
  // What makes stacks takes longer to load than all plans take to judge.
  const stacksOf =
    lastStacks(environment) ?? (await import("../cli/synthesized-stacks.ts")).synthesizedStacks;
  const verdict = guard(readFileSync(file, "utf8"), {
    environment,
    today: new Date().toISOString().slice(0, 10),
    otherResources: otherResources(environment, stack, stacksOf),
    ...evidenceFrom(request),
    ...(targets && { targets }),
  });
  return { stack, verdict };
};

/** Addresses, classes and refusals; no value that the plan holds. */
const published = ({ changes, classed, ...rest }: GuardVerdict) => ({
  ...rest,
  changes: changes.map(({ kind, address }) => ({ kind, address })),
  classes: classed.map(({ change, class: { class: name, why } }) => ({
    address: change.resource.address,
    path: displayPath(change),
    class: name,
    why,
  })),
});
