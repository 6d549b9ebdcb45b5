/**
 * Decides flows as Cilium's policy engine does (`pkg/policy`).
 *
 * For each endpoint and direction a deny that matches wins; else an allow that matches; else the flow is denied exactly
 * when some spec that selects the endpoint turns default deny on. A flow between two endpoints needs both sides.
 * The endpoint's own node is always let in unless a deny says otherwise; `init` endpoints are always in default deny.
 *
 * An endpoint with a label of the key `host` is left out of enforcement while the host firewall is off, and one
 * with the key `init` is treated as an init endpoint, whatever the label's source: the engine compares only the
 * key (`computePolicyEnforcementAndRules`).
 */
import { Binding } from "./binding.ts";
import type { PolicyPort } from "./endpoint-policy.ts";
import type { Identity } from "./identities.ts";
import { ReachabilityMatrix } from "./matrix.ts";
import type { PolicySettings, PolicySpec } from "./model.ts";
import { combine, type Side, type Verdict } from "./verdict.ts";
import type { Direction } from "./wire.ts";

export interface Flow extends PolicyPort {
  /** Ids of identities. A flow from an identity to itself is one between two replicas. */
  readonly from: string;
  readonly to: string;
}

const NOT_EVALUATED: Side = { decision: "not-evaluated", reason: { kind: "no-endpoint" } };

/** Decides flows between identities under a set of policies. */
export class Evaluator {
  private bound: Binding | undefined;

  /** Does nothing yet: the index is built with the first question. */
  constructor(
    readonly specs: readonly PolicySpec[],
    readonly identities: readonly Identity[],
    readonly settings: PolicySettings,
  ) {}

  /**
   * Decides one flow, with the reason of each side. For ICMP the port is the type of the message. A flow
   * between two ends without policy is allowed. Throws when an id is unknown.
   */
  evaluate({ from, to, protocol, port }: Flow): Verdict {
    const binding = this.binding;
    const [source, destination] = [binding.classes.classOf(from), binding.classes.classOf(to)];
    const side = (subject: number, peer: number, direction: Direction): Side =>
      binding
        .policy(subject, direction)
        ?.side(peer, { protocol, port }, binding.portNames(subject, direction)) ?? NOT_EVALUATED;
    return combine(side(source, destination, "egress"), side(destination, source, "ingress"));
  }

  /** Decides every flow between the identities on these ports. */
  matrix(ports: readonly PolicyPort[]): ReachabilityMatrix {
    return new ReachabilityMatrix(this.binding, ports);
  }

  private get binding(): Binding {
    this.bound ??= new Binding(this.specs, this.identities, this.settings);
    return this.bound;
  }
}
