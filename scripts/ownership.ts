/** `npm run ownership -- --gitops <checkout>`: what would have two owners. See docs/runbooks/ownership.md. */
import { apps } from "../apps/index.ts";
import { dev } from "../environments/dev.ts";
import { prod } from "../environments/prod.ts";
import { parseEnvironment } from "../environments/schema.ts";
import { ownershipCommand } from "../lib/ownership/command.ts";
import { ARGOCD_NAMESPACE } from "../stacks/namespaces.ts";
import { synthesizedStacks } from "./synthesized-stacks.ts";

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
