import type { Definition } from "../../operations/cli/definition.ts";
import { operations } from "../../operations/commands/index.ts";
import { admissionVerdicts } from "./admission-verdicts.ts";
import { bench } from "./bench.ts";
import { cdktn } from "./cdktn.ts";
import { chartFacts } from "./chart-facts.ts";
import { chartKeys } from "./chart-keys.ts";
import { conformance } from "./conformance.ts";
import { contract } from "./contract.ts";
import { drill } from "./drill.ts";
import { drillVolumes } from "./drill-volumes.ts";
import { e2e } from "./e2e.ts";
import { providers } from "./providers.ts";
import { simulate } from "./simulate.ts";
import { talosctl } from "./talosctl.ts";

/** All commands of `homelab`: those of operators, and those that try real components. */
export const commands: readonly Definition[] = [
  ...operations,
  admissionVerdicts,
  bench,
  cdktn,
  chartFacts,
  chartKeys,
  conformance,
  contract,
  drill,
  drillVolumes,
  e2e,
  providers,
  simulate,
  talosctl,
];
