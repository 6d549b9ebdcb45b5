/** `npm run ownership -- --gitops <checkout>`: what would have two owners. See docs/runbooks/ownership.md. */
import { apps } from "../../apps/index.ts";
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import { parseEnvironment } from "../../environments/schema.ts";
import { ARGOCD_NAMESPACE } from "../../lib/core/platform/namespaces.ts";
import { synthesizedStacks } from "../cli/synthesized-stacks.ts";
import { ownershipCommand } from "../ownership/command.ts";

process.exitCode = ownershipCommand(
  process.argv.slice(2),
  {
    environments: { dev: () => parseEnvironment(dev), prod: () => parseEnvironment(prod) },
    stacksOf: synthesizedStacks,
    apps: apps.map(({ name }) => name),
    argocdNamespace: ARGOCD_NAMESPACE,
  },
  (line) => console.log(line),
);
