/** `homelab guard`: what it says and returns. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { UsageError } from "../../lib/core/usage-error.ts";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { displayPath } from "./changes.ts";
import { type EvidenceFiles, evidenceFrom } from "./evidence.ts";
import { type GuardVerdict, guard } from "./guard.ts";
import { otherResources } from "./other-resources.ts";
import { markdownReport, textReport } from "./verdict-report.ts";

export interface GuardRequest extends EvidenceFiles {
  /** The plan, as `terraform show -json` prints it. */
  readonly file: string;
  /** @default - the first part of the stack's name */
  readonly env?: string | undefined;
  /** @default - the name of the file */
  readonly stack?: string | undefined;
  readonly form: "text" | "markdown" | "json";
  /** The addresses that the plan was limited to on purpose. */
  readonly targets?: readonly string[] | undefined;
}

/** Returns the exit code. */
export const guardCommand = (request: GuardRequest, out: (line: string) => void): number => {
  const { file, form, targets } = request;
  const stack = request.stack ?? basename(file, ".json");
  const name = request.env ?? environmentNames.find((each) => stack.startsWith(`${each}-`));
  if (name === undefined)
    throw new UsageError("give --env: the plan does not say which environment it is of");
  const environment = environmentNamed(name);
  const verdict = guard(readFileSync(file, "utf8"), {
    environment,
    today: new Date().toISOString().slice(0, 10),
    otherResources: otherResources(environment, stack),
    ...evidenceFrom(request),
    ...(targets && { targets }),
  });
  if (form === "json") out(JSON.stringify({ stack, ...published(verdict) }, null, 2));
  else out((form === "markdown" ? markdownReport : textReport)(stack, verdict));
  return verdict.passes ? 0 : 1;
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
