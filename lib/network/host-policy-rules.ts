import type { Ipv4Address } from "../core/values/ipv4-address.ts";
import type { Subnet } from "../core/values/subnet.ts";
import type { HostAllowance } from "./host-allowance.ts";

/** The facts of a cluster that `hostPolicies` depends on. */
export interface HostPolicyRules {
  /** Address of the Kubernetes API that moves between the control planes. */
  readonly vip: Ipv4Address;
  /** Addresses that operators and CI work from; they reach the Talos and Kubernetes APIs. At least one. */
  readonly managementCidrs: readonly Subnet[];
  /**
   * Further flows that nodes let in, e.g. for pods with host networking, which are the node to a policy.
   * @default - none
   */
  readonly ingress?: readonly HostAllowance[];
  /**
   * Flows that nodes open to outside the cluster besides DNS, NTP, HTTPS and the API's address; then all else is
   * denied.
   * @default - egress of nodes is left open
   */
  readonly egress?: readonly HostAllowance[];
}
