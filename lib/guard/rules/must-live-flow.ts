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
    ({ flow, resource, wasOpen }): Refusal => ({
      rule: "must-live-flow",
      resource,
      reason: `${wasOpen ? "closes" : "leaves closed"} a flow that must live: ${flow}`,
      cure: "add the allowance in lib/network/platform-allowances.ts",
    }),
  ),
];
