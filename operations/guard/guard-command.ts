/** `homelab guard`: what it says and returns. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { UsageError } from "../../lib/core/usage-error.ts";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { readEtcdMembers, readQuotaUse } from "./evidence.ts";
import { guard } from "./guard.ts";
import { otherPolicies } from "./other-policies.ts";
import { markdownReport, textReport } from "./report.ts";

export interface GuardRequest {
  /** The plan, as `terraform show -json` prints it. */
  readonly file: string;
  /** @default - the first part of the stack's name */
  readonly env?: string | undefined;
  /** @default - the name of the file */
  readonly stack?: string | undefined;
  readonly form: "text" | "markdown" | "json";
  readonly etcdMembers?: string | undefined;
  readonly quotaUse?: string | undefined;
  /** What the plan was limited to on purpose. */
  readonly targets?: readonly string[] | undefined;
}

/** Returns the exit code. */
export const guardCommand = (request: GuardRequest, out: (line: string) => void): number => {
  const { file, form, etcdMembers: members, quotaUse: use, targets } = request;
  const stack = request.stack ?? basename(file, ".json");
  const name = request.env ?? environmentNames.find((each) => stack.startsWith(`${each}-`));
  if (name === undefined)
    throw new UsageError("give --env: the plan does not say which environment it is of");
  const environment = environmentNamed(name);
  const verdict = guard(readFileSync(file, "utf8"), {
    environment,
    today: new Date().toISOString().slice(0, 10),
    otherPolicies: stack === `${name}-apps` ? otherPolicies(environment, stack) : [],
    ...(members !== undefined && { etcdMembers: readEtcdMembers(readFileSync(members, "utf8")) }),
    ...(use !== undefined && { quotaUse: readQuotaUse(readFileSync(use, "utf8")) }),
    ...(targets && { targets }),
  });
  if (form === "json") out(JSON.stringify({ stack, ...verdict }, null, 2));
  else out((form === "markdown" ? markdownReport : textReport)(stack, verdict));
  return verdict.passes ? 0 : 1;
};
