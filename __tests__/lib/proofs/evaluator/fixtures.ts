/** Short forms for policies and identities that the evaluator's tests share. */
import type { Identity, PodIdentity } from "../../../../lib/proofs/evaluator/identities.ts";
import type { PolicySettings } from "../../../../lib/proofs/evaluator/model.ts";
import { PolicySet } from "../../../../lib/proofs/evaluator/policy-set.ts";
import type { FlowProtocol } from "../../../../lib/proofs/evaluator/ports.ts";
import type { Decision, Verdict } from "../../../../lib/proofs/evaluator/verdict.ts";

export const pod = (
  id: string,
  namespace: string,
  labels: Record<string, string> = { app: id },
  rest: Partial<PodIdentity> = {},
): PodIdentity => ({ id, kind: "pod", namespace, labels, ...rest });

export const cnp = (namespace: string, name: string, spec: object): object => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumNetworkPolicy",
  metadata: { name, namespace },
  spec,
});

export const ccnp = (name: string, spec: object): object => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumClusterwideNetworkPolicy",
  metadata: { name },
  spec,
});

export const networkPolicy = (namespace: string, name: string, spec: object): object => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, namespace },
  spec,
});

export const app = (name: string) => ({ matchLabels: { app: name } });

export const toPorts = (...ports: string[]) => [
  {
    ports: ports.map((entry) => {
      const [port, protocol] = entry.split("/");
      return { port, ...(protocol ? { protocol } : {}) };
    }),
  },
];

/** Asks in the form `web -> db 80/TCP`; the port is 80/TCP when left out. */
export const ask = (
  policies: readonly object[],
  identities: readonly Identity[],
  flow: string,
  settings: PolicySettings = {},
): Verdict => {
  const match = /^(\S+) -> (\S+)(?: (\d+)\/(\S+))?$/.exec(flow);
  if (!match) throw new Error(`not a flow: ${flow}`);
  const [, from = "", to = "", port = "80", protocol = "TCP"] = match;
  return PolicySet.compile(policies, settings)
    .over(identities)
    .evaluate({ from, to, port: Number(port), protocol: protocol as FlowProtocol });
};

export const decide = (...question: Parameters<typeof ask>): Decision => ask(...question).decision;
