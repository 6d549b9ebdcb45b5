import type { Definition } from "../cli/definition.ts";
import { admissionFacts } from "./admission-facts.ts";
import { adopt } from "./adopt.ts";
import { coexist } from "./coexist.ts";
import { commands } from "./commands.ts";
import { deploy } from "./deploy.ts";
import { diagrams } from "./diagrams.ts";
import { doctor } from "./doctor.ts";
import { drift } from "./drift.ts";
import { environments } from "./environments.ts";
import { explain } from "./explain.ts";
import { guard } from "./guard.ts";
import { handover } from "./handover.ts";
import { logicalIds } from "./logical-ids.ts";
import { newApp } from "./new-app.ts";
import { newEnvironment } from "./new-environment.ts";
import { node } from "./node.ts";
import { ownership } from "./ownership.ts";
import { plan } from "./plan.ts";
import { publishReport } from "./publish-report.ts";
import { reach } from "./reach.ts";
import { removeApp } from "./remove-app.ts";
import { report } from "./report.ts";
import { runbook } from "./runbook.ts";
import { scope } from "./scope.ts";
import { upgrade } from "./upgrade.ts";
import { verifyBackup } from "./verify-backup.ts";

/** The commands of operators. */
export const operations: readonly Definition[] = [
  admissionFacts,
  adopt,
  coexist,
  commands,
  deploy,
  diagrams,
  doctor,
  drift,
  environments,
  explain,
  guard,
  handover,
  logicalIds,
  newApp,
  newEnvironment,
  node,
  ownership,
  plan,
  publishReport,
  reach,
  removeApp,
  report,
  runbook,
  scope,
  upgrade,
  verifyBackup,
];
