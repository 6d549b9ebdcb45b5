import { apps } from "../../apps/index.ts";
import { ARGOCD_NAMESPACE } from "../../lib/core/platform/namespaces.ts";
import { environmentNamed } from "../cli/environments.ts";
import { synthesizedStacks } from "../cli/synthesized-stacks.ts";
import type { OwnershipWorld } from "./command.ts";

/** The project that is checked out. */
export const ownershipWorld: OwnershipWorld = {
  environment: environmentNamed,
  stacksOf: synthesizedStacks,
  apps: apps.map(({ name }) => name),
  argocdNamespace: ARGOCD_NAMESPACE,
};
