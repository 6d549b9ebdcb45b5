/** The network of a small homelab, to break on purpose. */

import { CiliumClusterwideNetworkPolicy } from "@kubernetes-models/cilium/cilium.io/v2/CiliumClusterwideNetworkPolicy";
import { HttpUrl } from "../../../../lib/core/values/http-url.ts";
import type { Allowance } from "../../../../lib/network/allowance.ts";
import { defaultDenyPolicy } from "../../../../lib/network/default-deny.ts";
import { platformAllowances } from "../../../../lib/network/platform-allowances.ts";
import { anyApp } from "../../../../lib/proofs/network/inventory.ts";
import { type Proof, proveNetwork } from "../../../../lib/proofs/network/prove.ts";

export const urls = {
  ciliumVersion: "1.18.3",
  repository: HttpUrl.parse("https://git.example.org/homelab.git"),
  backupEndpoint: HttpUrl.parse("http://192.0.2.69:9000"),
};

export const apps = ["media", "tools"].map(anyApp);

export const allowances = platformAllowances(urls);

export interface Network {
  readonly allowances: readonly Allowance[];
  /** Policies that no allowance stands behind. */
  readonly others: readonly unknown[];
  /** @default true */
  readonly deny?: boolean;
}

export const prove = ({ allowances: given, others, deny = true }: Network): Proof =>
  proveNetwork({
    ...urls,
    apps,
    allowances: given,
    policies: [
      ...given.map((allowance) => allowance.policy()),
      ...(deny ? [defaultDenyPolicy()] : []),
      ...others,
    ],
  });

/** Problems when one more policy is there. */
export const problemsWith = (spec: object): readonly string[] =>
  prove({
    allowances,
    others: [new CiliumClusterwideNetworkPolicy({ metadata: { name: "stranger" }, spec: spec as never })],
  }).problems;
