/** A flow that a proof speaks of. */
export interface ProofFlow {
  /** The purpose of the flow, e.g. `DNS`. */
  readonly name: string;
  /** Id of an identity. */
  readonly from: string;
  readonly to: string;
  readonly protocol: "TCP" | "UDP" | "SCTP" | "ICMP";
  /** Destination port; the type of the message for ICMP. */
  readonly port: number;
  /** Name of the allowance that keeps the flow open; absent when Cilium itself does. */
  readonly allowance?: string;
}

export const displayFlow = ({ from, to, protocol, port }: Omit<ProofFlow, "name">): string =>
  `${from} → ${to} ${port}/${protocol}`;
