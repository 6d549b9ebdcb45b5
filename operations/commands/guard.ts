/**
 * Judges a plan before it is applied:
 *
 *     terraform show -json plan.tfplan > plan.json
 *     npm run guard -- plan.json --env dev [--stack dev-cluster] [--markdown]
 *         [--etcd-members FILE]   output of: talosctl etcd members
 *         [--quota-use FILE]      output of: kubectl get resourcequota --all-namespaces -o json
 *         [--target ADDRESS]…     what the plan was limited to on purpose
 *
 * Without --env, the environment is the first part of --stack, by default the name of the file.
 * Exit codes: 0 passes, 1 refused, 2 unusable input.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { otherPolicies } from "../cli/other-policies.ts";
import { readEtcdMembers, readQuotaUse } from "../guard/evidence.ts";
import { guard } from "../guard/guard.ts";
import { markdownReport, textReport } from "../guard/report.ts";

const main = (): number => {
  const { values, positionals } = parseArgs({
    options: {
      env: { type: "string" },
      stack: { type: "string" },
      markdown: { type: "boolean", default: false },
      "etcd-members": { type: "string" },
      "quota-use": { type: "string" },
      target: { type: "string", multiple: true },
    },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1)
    throw new Error("usage: npm run guard -- <plan.json> --env <environment> [--markdown]");
  const stack = values.stack ?? basename(file, ".json");
  const name = values.env ?? environmentNames.find((each) => stack.startsWith(`${each}-`));
  if (name === undefined) throw new Error("give --env: the plan does not say which environment it is of");
  const environment = environmentNamed(name);
  const members = values["etcd-members"];
  const use = values["quota-use"];
  const verdict = guard(readFileSync(file, "utf8"), {
    environment,
    today: new Date().toISOString().slice(0, 10),
    otherPolicies: stack === `${name}-apps` ? otherPolicies(environment, stack) : [],
    ...(members !== undefined && { etcdMembers: readEtcdMembers(readFileSync(members, "utf8")) }),
    ...(use !== undefined && { quotaUse: readQuotaUse(readFileSync(use, "utf8")) }),
    ...(values.target && { targets: values.target }),
  });
  console.log((values.markdown ? markdownReport : textReport)(stack, verdict));
  return verdict.passes ? 0 : 1;
};

try {
  process.exitCode = main();
} catch (error) {
  console.error(`guard: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
