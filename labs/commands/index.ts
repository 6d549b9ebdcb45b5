import type { Definition } from "../../operations/cli/definition.ts";
import { operations } from "../../operations/commands/index.ts";
import { chartFacts } from "./chart-facts.ts";

/** All commands of `homelab`: those of operators, then those that try real components. */
export const commands: readonly Definition[] = [...operations, chartFacts];
