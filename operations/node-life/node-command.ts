/** `homelab node`: what it says and returns. It only prints. */
import type { Environment } from "../../environments/schema.ts";
import { nodeLife } from "./node-life.ts";
import type { NodeLifeRequest, Prove } from "./request.ts";
import { showNodeLife } from "./step.ts";

/** Returns the exit code. */
export const nodeCommand = (
  environment: Environment,
  request: NodeLifeRequest,
  prove: Prove,
  out: (line: string) => void,
  json = false,
): number => {
  const plan = nodeLife(environment, request, prove);
  if (json) out(JSON.stringify(plan, null, 2));
  else showNodeLife(plan).forEach(out);
  return plan.refusals.length > 0 ? 1 : 0;
};
