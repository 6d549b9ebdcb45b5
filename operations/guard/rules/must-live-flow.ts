import type { FlowChanges } from "../flows.ts";
import type { Refusal } from "../rule.ts";

/** Refuses what closes a flow that must live, and policies of which nobody can tell. */
export const mustLiveRefusals = ({ dead, unreadable }: FlowChanges): Refusal[] => [
  ...unreadable.map(
    ({ resource, why }): Refusal => ({
      rule: "must-live-flow",
      resource,
      reason: `it is a network policy, and ${why}: flows cannot be decided`,
      cure: "apply what it depends on first, then plan again",
    }),
  ),
  ...dead.map(
    ({ name, flows, resource, wereOpen }): Refusal => ({
      rule: "must-live-flow",
      resource,
      reason: `${wereOpen ? "closes" : "leaves closed"} ${flows.length} ${flows.length === 1 ? "flow" : "flows"} that must live: ${name}, e.g. ${flows[0]}`,
      cure: "keep the allowance: lib/network/platform-allowances.ts",
    }),
  ),
];
