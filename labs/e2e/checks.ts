/** The checks of the end-to-end run, in their order: each sees what those before it left. */
import type { NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import type { Check } from "./check.ts";
import { apiServerGone } from "./checks/api-server-gone.ts";
import { brokenObjectsRefused } from "./checks/broken-objects.ts";
import { chartChecks } from "./checks/charts.ts";
import { destroyLeavesNothing, destroyRefused } from "./checks/destroy.ts";
import { deletedPolicies, editedPolicies } from "./checks/drift.ts";
import { emptyPlan, firstApply, secondDeploy } from "./checks/first-apply.ts";
import { killedApplies } from "./checks/killed.ts";
import { livePoliciesCompared } from "./checks/live-policies.ts";
import { secretsStayHidden } from "./checks/secrets.ts";
import { storedAsWritten } from "./checks/stored.ts";
import type { E2eWorld } from "./e2e-world.ts";

export const allChecks = (stacks: readonly NamedStack[]): Check<E2eWorld>[] => [
  firstApply,
  secondDeploy,
  emptyPlan,
  storedAsWritten,
  secretsStayHidden,
  deletedPolicies,
  editedPolicies,
  livePoliciesCompared,
  ...chartChecks(stacks),
  brokenObjectsRefused,
  apiServerGone,
  destroyRefused,
  destroyLeavesNothing,
  killedApplies,
];
