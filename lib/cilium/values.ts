import type { PolicyMode } from "../../environments/policy-mode.ts";
import type { ContainerResources, Toleration } from "../core/helm/values.ts";
import { CONTROL_PLANE_TOLERATION } from "../core/helm/values.ts";

/** Seconds of an L2 lease: how long a dead announcer keeps its addresses, and how often all ask for them. */
const L2_LEASE = { duration: 15, renewDeadline: 5, retryPeriod: 2 } as const;

/** Requests per second that the agent itself may send: the chart's default. */
const AGENT_QPS = 10;

type HubbleMetric = "dns" | "drop" | "tcp" | "flow" | "port-distribution" | "icmp" | "http" | "policy";

interface RollingUpdate {
  readonly type: "RollingUpdate";
  readonly rollingUpdate: { readonly maxUnavailable: number };
}

/** The values of chart `cilium` that this project sets; a misspelt one does not compile. */
export interface CiliumValues {
  readonly kubeProxyReplacement: boolean;
  readonly k8sServiceHost: string;
  readonly k8sServicePort: number;
  readonly k8sClientRateLimit: { readonly qps: number; readonly burst: number };
  readonly ipam: { readonly mode: "kubernetes" };
  readonly routingMode: "tunnel" | "native";
  readonly tunnelProtocol: "vxlan" | "geneve";
  readonly cgroup: { readonly autoMount: { readonly enabled: boolean }; readonly hostRoot: string };
  readonly securityContext: {
    readonly capabilities: {
      readonly ciliumAgent: readonly string[];
      readonly cleanCiliumState: readonly string[];
    };
  };
  readonly bpf: { readonly hostLegacyRouting: boolean };
  readonly dnsProxy: { readonly enableTransparentMode: boolean };
  readonly l2announcements: {
    readonly enabled: boolean;
    readonly leaseDuration: string;
    readonly leaseRenewDeadline: string;
    readonly leaseRetryPeriod: string;
  };
  readonly gatewayAPI?: { readonly enabled: boolean };
  readonly policyEnforcementMode: "default" | "always" | "never";
  readonly policyAuditMode: boolean;
  /** Policies with a node selector take effect on the nodes themselves. */
  readonly hostFirewall: { readonly enabled: boolean };
  readonly priorityClassName: string;
  readonly resources: ContainerResources;
  readonly rollOutCiliumPods: boolean;
  readonly updateStrategy: RollingUpdate;
  readonly prometheus: { readonly enabled: boolean; readonly serviceMonitor: { readonly enabled: boolean } };
  readonly envoy: {
    readonly enabled: boolean;
    readonly priorityClassName: string;
    readonly resources: ContainerResources;
    readonly rollOutPods: boolean;
    readonly updateStrategy: RollingUpdate;
  };
  readonly operator: {
    readonly replicas: number;
    readonly priorityClassName: string;
    readonly prometheus: {
      readonly enabled: boolean;
      readonly serviceMonitor: { readonly enabled: boolean };
    };
    readonly resources: ContainerResources;
    readonly rollOutPods: boolean;
    readonly tolerations: readonly Toleration[];
  };
  readonly hubble: {
    readonly enabled: boolean;
    readonly metrics: {
      readonly enabled: readonly HubbleMetric[];
      readonly serviceMonitor: { readonly enabled: boolean };
    };
    readonly relay: {
      readonly enabled: boolean;
      readonly resources: ContainerResources;
      readonly rollOutPods: boolean;
      readonly tolerations: readonly Toleration[];
    };
    readonly tls: { readonly auto: { readonly method: "helm" | "cronJob"; readonly schedule: string } };
    readonly ui: { readonly enabled: boolean };
  };
  /** No resources: chart 1.18.3 writes them beside `resources:` instead of below it, and the API refuses the object. */
  readonly certgen: {
    readonly priorityClassName: string;
    readonly tolerations: readonly Toleration[];
  };
}

export interface CiliumValuesInput {
  readonly nodeCount: number;
  readonly loadBalancerServices: number;
  readonly policyMode: PolicyMode;
  /** @default false */
  readonly hostFirewall?: boolean;
  /** Gateways of the class `cilium`, whose definitions its operator looks for when it starts. @default false */
  readonly gatewayApi?: boolean;
}

/**
 * Values for Talos without kube-proxy. Sources: Talos' guide "Deploying Cilium CNI", chart 1.18.3.
 *
 * Two values of the old set are gone, because no template of the chart reads them: `installCRDs` (the operator
 * registers the CRDs) and `externalIPs.enabled` (part of the kube-proxy replacement since 1.18).
 */
export const ciliumValues = (input: CiliumValuesInput): CiliumValues => ({
  kubeProxyReplacement: true,
  k8sServiceHost: "localhost",
  k8sServicePort: 7445,
  k8sClientRateLimit: clientRateLimit(input.loadBalancerServices),
  ipam: { mode: "kubernetes" },
  routingMode: "tunnel",
  tunnelProtocol: "vxlan",
  cgroup: { autoMount: { enabled: false }, hostRoot: "/sys/fs/cgroup" },
  securityContext: {
    capabilities: {
      ciliumAgent: [
        "CHOWN",
        "KILL",
        "NET_ADMIN",
        "NET_RAW",
        "IPC_LOCK",
        "SYS_ADMIN",
        "SYS_RESOURCE",
        "DAC_OVERRIDE",
        "FOWNER",
        "SETGID",
        "SETUID",
      ],
      cleanCiliumState: ["NET_ADMIN", "SYS_ADMIN", "SYS_RESOURCE"],
    },
  },
  bpf: { hostLegacyRouting: true },
  dnsProxy: { enableTransparentMode: false },
  l2announcements: {
    enabled: true,
    leaseDuration: `${L2_LEASE.duration}s`,
    leaseRenewDeadline: `${L2_LEASE.renewDeadline}s`,
    leaseRetryPeriod: `${L2_LEASE.retryPeriod}s`,
  },
  ...(input.gatewayApi && { gatewayAPI: { enabled: true } }),
  policyEnforcementMode: "default",
  policyAuditMode: input.policyMode === "audit",
  hostFirewall: { enabled: input.hostFirewall ?? false },
  priorityClassName: "system-node-critical",
  resources: { requests: { cpu: "100m", memory: "256Mi" } },
  rollOutCiliumPods: true,
  updateStrategy: ONE_AT_A_TIME,
  prometheus: { enabled: true, serviceMonitor: { enabled: false } },
  envoy: {
    enabled: true,
    priorityClassName: "system-node-critical",
    resources: { requests: { cpu: "25m", memory: "64Mi" } },
    rollOutPods: true,
    updateStrategy: ONE_AT_A_TIME,
  },
  operator: {
    replicas: Math.min(2, input.nodeCount),
    priorityClassName: "system-cluster-critical",
    prometheus: { enabled: true, serviceMonitor: { enabled: false } },
    resources: { requests: { cpu: "25m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    rollOutPods: true,
    tolerations: [CONTROL_PLANE_TOLERATION, { key: "node.kubernetes.io/not-ready", operator: "Exists" }],
  },
  hubble: {
    enabled: true,
    metrics: {
      enabled: ["dns", "drop", "tcp", "flow", "port-distribution", "icmp", "http", "policy"],
      serviceMonitor: { enabled: false },
    },
    relay: {
      enabled: true,
      resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
      rollOutPods: true,
      tolerations: [CONTROL_PLANE_TOLERATION],
    },
    tls: { auto: { method: "cronJob", schedule: "0 0 1 */4 *" } },
    ui: { enabled: false },
  },
  certgen: {
    priorityClassName: "system-cluster-critical",
    tolerations: [CONTROL_PLANE_TOLERATION],
  },
});

/** One pod of a DaemonSet at a time. The chart's default of two lets Helm's wait end with none ready on two nodes. */
const ONE_AT_A_TIME: RollingUpdate = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } };

/**
 * Room for the agent's own requests and for the leases of L2 announcements.
 *
 * Every announcing node asks for every Service's lease once per retry period (client-go's leader election renews
 * and acquires at that pace), so the worst node sends `services / retryPeriod`. Cilium's documentation divides by
 * the renew deadline, which is the larger of the two and gives less.
 */
const clientRateLimit = (services: number): CiliumValues["k8sClientRateLimit"] => {
  const qps = AGENT_QPS + Math.ceil(services / L2_LEASE.retryPeriod);
  return { qps, burst: 2 * qps };
};
