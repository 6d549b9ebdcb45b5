import { Construct } from "constructs";
import type { Provable } from "../../synthesis/provable.ts";
import { type ProofProps, proveCoexistence, proveNetwork } from "./prove.ts";

export interface NetworkProofProps extends ProofProps {
  /**
   * Policies of others that select the same pods, with a name for reports.
   * @default - none
   */
  readonly coexisting?: { readonly name: string; readonly policies: readonly unknown[] };
}

/**
 * Refuses synthesis when the network of an environment is not what it should be: see `proveNetwork`. With policies of
 * others beside ours, everything that must live has to live under both.
 */
export class NetworkProof extends Construct implements Provable {
  private decided = 0;

  constructor(scope: Construct, id: string, props: NetworkProofProps) {
    super(scope, id);
    this.node.addValidation({
      validate: () => {
        const own = proveNetwork(props);
        const both = props.coexisting && proveCoexistence(props, props.coexisting.policies);
        this.decided = own.flows + (both?.flows ?? 0);
        return [
          ...own.problems,
          ...(both?.problems ?? []).map((problem) => `with ${props.coexisting?.name}: ${problem}`),
        ];
      },
    });
  }

  /** Flows that were decided, once the validation has run. */
  get checks(): number {
    return this.decided;
  }
}
