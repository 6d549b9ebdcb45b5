/**
 * Changes a cluster, stack by stack: plan to a file, guard, show, confirm, apply that very file.
 *
 *     npm run deploy -- dev                          every stack of dev, in layer order
 *     npm run deploy -- dev-platform dev-apps        these stacks, in layer order
 *     npm run deploy -- dev-cluster --node diva      one node's configuration
 *         [--yes]                 dev only: do not ask when the guard passes
 *         [--etcd-members FILE] [--quota-use FILE]   see npm run guard
 *
 *     npm run deploy -- prod-apps --plan DIR         what npm run plan -- prod-apps --out DIR saved, nothing else
 *         [--approved DIGEST]     do not ask: a person approved the plan of this digest elsewhere
 *
 * Context values come from CDKTF_CONTEXT_JSON, credentials of the state from AWS_ACCESS_KEY_ID and
 * AWS_SECRET_ACCESS_KEY, variables from TF_VAR_…. Exit codes: 0 done, 1 stopped, 2 unusable request.
 */
import { rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { checkedOutCommit, EVIDENCE_OPTIONS, evidenceFrom, judging, synthesize } from "../cli/judging.ts";
import { type DeployTools, deploy } from "../deploy/deploy.ts";
import { type DeployRequest, readRequest } from "../deploy/request.ts";
import { SavedPlans } from "../deploy/saved-plan.ts";
import type { Evidence } from "../guard/rule.ts";

const arguments_ = () =>
  parseArgs({
    options: {
      node: { type: "string" },
      yes: { type: "boolean", default: false },
      plan: { type: "string" },
      approved: { type: "string" },
      ...EVIDENCE_OPTIONS,
    },
    allowPositionals: true,
  });

const confirm = async (stack: string): Promise<boolean> => {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Apply this plan? Type ${stack} to apply it: `);
  terminal.close();
  return answer.trim() === stack;
};

const savedPlans = ({ saved }: DeployRequest): DeployTools["saved"] => {
  const plans = new SavedPlans(saved?.directory ?? "");
  const { approved } = saved ?? {};
  return {
    open: (stack, directory) =>
      plans.open(directory, {
        stack,
        commit: checkedOutCommit(),
        now: new Date(),
        ...(approved !== undefined && { approved }),
      }),
    discard: (stack) => plans.discard(stack),
  };
};

const tools = (request: DeployRequest, evidence: Evidence): DeployTools => ({
  ...judging(evidence),
  synthesize,
  confirm,
  remove: (path) => rmSync(path, { force: true }),
  saved: savedPlans(request),
  log: (line) => console.log(line),
});

const main = async (): Promise<number> => {
  // A plan file holds secrets in plain text.
  process.umask(0o077);
  const { values, positionals } = arguments_();
  const request = readRequest(positionals, values, environmentNames.map(environmentNamed));
  const summary = await deploy(request, tools(request, evidenceFrom(values)));
  return summary.ok ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`deploy: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
