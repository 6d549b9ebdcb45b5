/**
 * Changes a cluster, stack by stack: plan to a file, guard, show, confirm, apply that very file.
 *
 *     npm run deploy -- dev                          every stack of dev, in layer order
 *     npm run deploy -- dev-platform dev-apps        these stacks, in layer order
 *     npm run deploy -- dev-cluster --node diva      one node's configuration
 *         [--yes]                 dev only: do not ask when the guard passes
 *         [--etcd-members FILE] [--quota-use FILE]   see npm run guard
 *
 * Context values come from CDKTF_CONTEXT_JSON, credentials of the state from AWS_ACCESS_KEY_ID and
 * AWS_SECRET_ACCESS_KEY, variables from TF_VAR_…. Exit codes: 0 done, 1 stopped, 2 unusable request.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { type DeployTools, deploy } from "../lib/deploy/deploy.ts";
import { readRequest } from "../lib/deploy/request.ts";
import { realTerraform } from "../lib/deploy/terraform.ts";
import { readEtcdMembers, readQuotaUse } from "../lib/guard/evidence.ts";
import type { Evidence } from "../lib/guard/rule.ts";
import { environmentNamed, environmentNames } from "./environments.ts";
import { otherPolicies } from "./other-policies.ts";

const arguments_ = () =>
  parseArgs({
    options: {
      node: { type: "string" },
      yes: { type: "boolean", default: false },
      "etcd-members": { type: "string" },
      "quota-use": { type: "string" },
    },
    allowPositionals: true,
  });

/** Files are read before anything runs. */
const evidenceFrom = (members: string | undefined, use: string | undefined): Evidence => ({
  ...(members !== undefined && { etcdMembers: readEtcdMembers(readFileSync(members, "utf8")) }),
  ...(use !== undefined && { quotaUse: readQuotaUse(readFileSync(use, "utf8")) }),
});

const synthesize = (): void => {
  const { status } = spawnSync(process.execPath, ["bin/synth.mjs"], { stdio: "inherit" });
  if (status !== 0) throw new Error("refused, see above");
};

const confirm = async (stack: string): Promise<boolean> => {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Apply this plan? Type ${stack} to apply it: `);
  terminal.close();
  return answer.trim() === stack;
};

const tools = (evidence: Evidence): DeployTools => ({
  terraform: realTerraform,
  synthesize,
  guardOptions: ({ environment: name, name: stack }) => {
    const environment = environmentNamed(name);
    return {
      environment,
      today: new Date().toISOString().slice(0, 10),
      otherPolicies: stack === `${name}-apps` ? otherPolicies(environment, stack) : [],
      ...evidence,
    };
  },
  confirm,
  remove: (path) => rmSync(path, { force: true }),
  log: (line) => console.log(line),
});

const main = async (): Promise<number> => {
  // A plan file holds secrets in plain text.
  process.umask(0o077);
  const { values, positionals } = arguments_();
  const request = readRequest(positionals, values, environmentNames.map(environmentNamed));
  const summary = await deploy(request, tools(evidenceFrom(values["etcd-members"], values["quota-use"])));
  return summary.ok ? 0 : 1;
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`deploy: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
