/** The evaluator's answer: a decision, and what led to it. */
import { displayPolicy, type PolicyRef } from "./model.ts";
import type { Direction } from "./wire.ts";

/** `unknown` names a construct on which the flow depends and that is not modelled. */
export type Decision = "allowed" | "denied" | "unknown";

/** A rule that matched, with the peer and the port entry that did. */
export interface RuleMatch {
  readonly policy: PolicyRef;
  /** E.g. `spec.ingress[0]`. */
  readonly path: string;
  readonly peer: { readonly path: string; readonly text: string };
  /** E.g. `80/TCP`; absent when the rule covers every port. */
  readonly port?: string;
  /** Layer 7 rules apply to what is let through, e.g. `http`. They are not evaluated. */
  readonly l7?: string;
}

/** A spec, by its policy and place. */
export interface SpecRef {
  readonly policy: PolicyRef;
  readonly path: string;
}

type Reason =
  /** The side has no policy of its own: a node, the world, an address. */
  | { readonly kind: "no-endpoint" }
  /** No policy selects the endpoint for this direction. */
  | { readonly kind: "no-policy" }
  /** A label of the key `host` takes the endpoint out of enforcement while the host firewall is off. */
  | { readonly kind: "exempt" }
  | { readonly kind: "allow-rule"; readonly rule: RuleMatch }
  | { readonly kind: "deny-rule"; readonly rule: RuleMatch }
  /** The node of the endpoint is always let in. */
  | { readonly kind: "local-host" }
  /** Policies select the endpoint, but none of them turns default deny on. */
  | { readonly kind: "no-default-deny"; readonly specs: readonly SpecRef[] }
  /** Nothing allowed it, and these turn default deny on. Empty for init endpoints, which always have it. */
  | { readonly kind: "default-deny"; readonly specs: readonly SpecRef[] }
  | {
      readonly kind: "not-modelled";
      readonly constructs: readonly { readonly construct: string; readonly rule: RuleMatch }[];
    };

export interface Side {
  readonly decision: Decision | "not-evaluated";
  readonly reason: Reason;
}

export interface Verdict {
  readonly decision: Decision;
  /** Egress when the source side denies, also when both do. */
  readonly deniedBy: Direction | null;
  readonly egress: Side;
  readonly ingress: Side;
}

/** A side that is not evaluated counts as open. */
export const combine = (egress: Side, ingress: Side): Verdict => {
  const deniedBy = egress.decision === "denied" ? "egress" : ingress.decision === "denied" ? "ingress" : null;
  const unknown = egress.decision === "unknown" || ingress.decision === "unknown";
  return { decision: deniedBy ? "denied" : unknown ? "unknown" : "allowed", deniedBy, egress, ingress };
};

const displayRule = ({ policy, path, peer, port, l7 }: RuleMatch): string =>
  `${displayPolicy(policy)} ${path}, ${peer.text}${port === undefined ? "" : ` on ${port}`}${
    l7 === undefined ? "" : ` (l7: ${l7} rules apply)`
  }`;

const displaySpecs = (specs: readonly SpecRef[]): string =>
  specs
    .map(({ policy, path }) => (path === "spec" ? displayPolicy(policy) : `${displayPolicy(policy)} ${path}`))
    .join(", ");

/** One line for people. */
export const explainReason = (reason: Reason): string => {
  switch (reason.kind) {
    case "no-endpoint":
      return "has no policy of its own";
    case "no-policy":
      return "no policy selects it";
    case "exempt":
      return "its label host takes it out of enforcement";
    case "allow-rule":
      return `allowed by ${displayRule(reason.rule)}`;
    case "deny-rule":
      return `denied by ${displayRule(reason.rule)}`;
    case "local-host":
      return "the endpoint's own node is always let in";
    case "no-default-deny":
      return `no policy that selects it turns default deny on: ${displaySpecs(reason.specs)}`;
    case "default-deny":
      return reason.specs.length === 0
        ? "nothing allows it, and init endpoints are always in default deny"
        : `nothing allows it; default deny by ${displaySpecs(reason.specs)}`;
    case "not-modelled":
      return `depends on ${reason.constructs
        .map(({ construct, rule }) => `${construct} in ${displayRule(rule)}`)
        .join("; ")}`;
  }
};

export const explainSide = (direction: Direction, { decision, reason }: Side): string =>
  `${direction} ${decision}: ${explainReason(reason)}`;
