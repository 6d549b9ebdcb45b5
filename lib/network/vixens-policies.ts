import {
  CiliumClusterwideNetworkPolicy,
  type ICiliumClusterwideNetworkPolicy,
} from "@kubernetes-models/cilium/cilium.io/v2/CiliumClusterwideNetworkPolicy";

type Spec = NonNullable<ICiliumClusterwideNetworkPolicy["spec"]>;
type Rules = Pick<Spec, "endpointSelector" | "ingress" | "egress">;

const DNS = [
  {
    ports: [
      { port: "53", protocol: "UDP" },
      { port: "53", protocol: "TCP" },
    ],
  },
] satisfies NonNullable<NonNullable<Spec["egress"]>[number]["toPorts"]>;
const CILIUM_HEALTH = [{ ports: [{ port: "4240", protocol: "TCP" as const }] }];
const NODES = ["host", "remote-node"] as ("host" | "remote-node")[];

const pods = (namespace: string, labels: Record<string, string>) => ({
  matchLabels: { "io.kubernetes.pod.namespace": namespace, ...labels },
});
const coredns = pods("kube-system", { "k8s-app": "kube-dns" });
const ping = (type: 0 | 8) => [{ fields: [{ type, family: "IPv4" as const }] }];

/** Each turns default deny on, both ways, for what it selects. */
const policy = (name: string, rules: Rules) =>
  new CiliumClusterwideNetworkPolicy({
    metadata: { name },
    spec: { ...rules, enableDefaultDeny: { ingress: true, egress: true } } as Spec,
  });

/**
 * The clusterwide policies that vixens ships to prod through GitOps (`apps/00-infra/cilium-lb/overlays/prod`, at
 * 6454ad4e0). Five select every endpoint, `{}`, and turn its default deny on, in both directions. The proofs
 * evaluate them together with our own.
 */
export const vixensPolicies: readonly CiliumClusterwideNetworkPolicy[] = [
  policy("allow-traefik-ingress", {
    endpointSelector: {},
    ingress: [{ fromEndpoints: [pods("traefik", { "app.kubernetes.io/name": "traefik" })] }],
  }),
  policy("allow-prometheus-scrape", {
    endpointSelector: {},
    ingress: [{ fromEndpoints: [pods("monitoring", { "app.kubernetes.io/name": "vmagent" })] }],
  }),
  policy("allow-coredns-egress", {
    endpointSelector: {},
    egress: [{ toEndpoints: [coredns], toPorts: DNS }],
  }),
  policy("allow-kube-apiserver-egress", {
    endpointSelector: {},
    egress: [{ toEntities: ["kube-apiserver"] }],
  }),
  policy("allow-coredns-ingress", {
    endpointSelector: coredns,
    ingress: [
      { fromEndpoints: [{}], toPorts: DNS },
      { fromEntities: NODES, toPorts: DNS },
    ],
  }),
  policy("allow-coredns-upstream-egress", {
    endpointSelector: coredns,
    egress: [
      { toEntities: ["world", ...NODES], toPorts: DNS },
      { toEndpoints: [{}], toPorts: DNS },
    ],
  }),
  policy("allow-cilium-health", {
    endpointSelector: {},
    ingress: [
      { fromEntities: NODES, toPorts: CILIUM_HEALTH },
      { fromEntities: NODES, icmps: ping(8) },
    ],
    egress: [
      { toEntities: NODES, toPorts: CILIUM_HEALTH },
      { toEntities: NODES, icmps: ping(0) },
    ],
  }),
  policy("allow-hubble-relay", {
    endpointSelector: pods("kube-system", { "k8s-app": "hubble-relay" }),
    egress: [{ toEntities: NODES, toPorts: [{ ports: [{ port: "4244", protocol: "TCP" }] }] }],
  }),
];
