/** For each rule of the guard: plans that it refuses, and plans close to them that pass. */
import type { GuardRule } from "../../../environments/guard-rules.ts";
import { apply, type ChangeInput, machine, updates } from "./plans.ts";

export const lost = (address: string, before: Record<string, unknown> = {}): ChangeInput => ({
  address,
  actions: ["delete"],
  before,
});
export const quota = (cpu: string) => ({
  metadata: [{ name: "media", namespace: "media" }],
  spec: [{ hard: { "requests.cpu": cpu } }],
});
export const QUOTA = "kubernetes_resource_quota_v1.media";
export const namespace = { metadata: [{ name: "media" }] };
const manifest = (kind: string, name = "x") => ({
  yaml_body: `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n`,
});
const lockOf = (retention: object) => ({ rule: [{ default_retention: [retention] }] });
const locked = (before: object, after: object): ChangeInput => ({
  address: "aws_s3_bucket_object_lock_configuration.etcd",
  actions: ["update"],
  before: lockOf(before),
  after: lockOf(after),
});
const policy = (spec: object) => ({
  yaml_body: JSON.stringify({
    apiVersion: "cilium.io/v2",
    kind: "CiliumClusterwideNetworkPolicy",
    metadata: { name: "deny" },
    spec: { endpointSelector: {}, ...spec },
  }),
});

const quotaManifest = (pods: number | string) => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "media", namespace: "media" },
  spec: { hard: { pods } },
});

export const CASES: Partial<Record<GuardRule, { refused: ChangeInput[][]; passes: ChangeInput[][] }>> = {
  "readable-plan": {
    refused: [[{ address: "thing.a", actions: ["vanish"], before: {} }]],
    passes: [[{ address: "thing.a", actions: ["update"], before: {}, after: {} }]],
  },
  irreplaceable: {
    refused: [
      [lost("talos_machine_secrets.cluster")],
      [{ address: "talos_machine_secrets.cluster", actions: ["create", "delete"], before: {}, after: {} }],
      [
        {
          address: "module.a.module.b[0].talos_machine_secrets.c",
          actions: ["delete", "create"],
          before: {},
          after: {},
        },
      ],
      [{ address: "talos_machine_secrets.cluster", actions: ["forget"], before: {} }],
      [{ address: "talos_machine_bootstrap.cluster", actions: ["delete", "create"], before: {}, after: {} }],
      [lost("aws_s3_bucket.etcd")],
      [lost("minio_s3_bucket.etcd")],
      [{ address: "aws_s3_bucket.etcd", actions: ["update"], before: {}, after: { force_destroy: true } }],
      [
        {
          address: "aws_s3_bucket_versioning.etcd",
          actions: ["update"],
          before: { versioning_configuration: [{ status: "Enabled" }] },
          after: { versioning_configuration: [{ status: "Suspended" }] },
        },
      ],
      [lost("aws_s3_bucket_object_lock_configuration.etcd")],
      [locked({ mode: "COMPLIANCE", days: 30 }, { mode: "COMPLIANCE", days: 29 })],
      [locked({ mode: "COMPLIANCE", days: 30 }, { mode: "GOVERNANCE", days: 60 })],
      [locked({ mode: "COMPLIANCE", years: 1 }, { mode: "COMPLIANCE", days: 364 })],
      [
        {
          address: "talos_machine_secrets.cluster",
          actions: ["update"],
          before: { machine_secrets: { cluster: { id: "a" } } },
          after: { machine_secrets: { cluster: { id: "b" } } },
        },
      ],
      [
        {
          address: "talos_machine_secrets.cluster",
          actions: ["update"],
          before: { machine_secrets: {} },
          after: {},
          unknown: { machine_secrets: { cluster: { id: true } } },
        },
      ],
      [
        { address: "talos_machine_secrets.cluster", actions: ["create"], after: {} },
        { address: "talos_cluster_kubeconfig.cluster", actions: ["no-op"], before: {}, after: {} },
      ],
      [
        { address: "talos_machine_bootstrap.cluster", actions: ["create"], after: {} },
        { address: "talos_cluster_kubeconfig.cluster", actions: ["no-op"], before: {}, after: {} },
      ],
    ],
    passes: [
      [{ address: "talos_machine_secrets.cluster", actions: ["create"], after: {} }],
      [
        {
          address: "talos_machine_secrets.cluster",
          actions: ["no-op"],
          before: {},
          after: {},
          movedFrom: "module.a.b.c",
        },
      ],
      [
        {
          address: "talos_machine_secrets.cluster",
          actions: ["update"],
          before: { machine_secrets: { a: 1 }, client_configuration: { client_key: "a" } },
          after: { machine_secrets: { a: 1 } },
          unknown: { client_configuration: { client_key: true } },
        },
      ],
      [locked({ mode: "GOVERNANCE", days: 30 }, { mode: "COMPLIANCE", days: 30 })],
      [locked({ mode: "COMPLIANCE", days: 30 }, { mode: "COMPLIANCE", days: 31 })],
      [
        {
          address: "talos_machine_bootstrap.cluster",
          actions: ["update"],
          before: { node: "a" },
          after: { node: "b" },
        },
      ],
    ],
  },
  "control-plane": {
    refused: [
      [lost(apply("diva"), machine(164))],
      [{ address: apply("diva"), actions: ["forget"], before: machine(164) }],
      [{ address: apply("diva"), actions: ["delete", "create"], before: machine(164), after: machine(164) }],
      [lost('talos_machine_configuration_apply.control_plane["x"]')],
      [lost(apply("stranger"), { node: "192.168.111.9" })],
      updates({ diva: [machine(164), machine(164, { type: "worker" })] }),
    ],
    passes: [[lost(apply("daisy"), machine(165, { type: "worker" }))]],
  },
  "etcd-quorum": {
    refused: [
      [lost(apply("diva"), machine(164))],
      updates({ diva: [machine(164), machine(164, { type: "worker" })] }),
    ],
    passes: [[lost(apply("daisy"), machine(165, { type: "worker" }))]],
  },
  "node-reset": {
    refused: [[lost(apply("daisy"), { ...machine(165, { type: "worker" }), on_destroy: { reset: true } })]],
    passes: [[lost(apply("daisy"), { ...machine(165, { type: "worker" }), on_destroy: { reset: false } })]],
  },
  "one-node": {
    refused: [
      updates({
        diva: [machine(164), machine(164, { extra: "b" })],
        daphne: [machine(162), machine(162, { extra: "b" })],
      }),
      [
        ...updates({ diva: [machine(164), machine(164, { extra: "b" })] }),
        lost(apply("daisy"), machine(165, { type: "worker" })),
      ],
      updates({
        diva: [machine(164), { ...machine(164), node: "10.0.0.1" }],
        daphne: [machine(162), { ...machine(162), endpoint: "10.0.0.2" }],
      }),
    ],
    passes: [
      updates({ diva: [machine(164), machine(164, { extra: "b" })], daphne: [machine(162), machine(162)] }),
      updates({
        diva: [machine(164), { ...machine(164), machine_configuration_hash: "x" }],
        daphne: [machine(162), { ...machine(162), apply_mode: "staged" }],
      }),
      updates({
        diva: [{ ...machine(164), node: "192.168.208.164" }, machine(164)],
        daphne: [{ ...machine(162), node: "192.168.208.162" }, machine(162)],
      }),
      ["diva", "daphne"].map((name) => ({ address: apply(name), actions: ["create"], after: machine(162) })),
    ],
  },
  "version-skew": {
    refused: [
      updates({ diva: [machine(164, { talos: "v1.11.5" }), machine(164, { talos: "v1.13.0" })] }),
      updates({ diva: [machine(164, { talos: "v1.12.4" }), machine(164, { talos: "v1.12.3" })] }),
      updates({ diva: [machine(164, { kubernetes: "v1.33.1" }), machine(164, { kubernetes: "v1.35.0" })] }),
      updates({ diva: [machine(164), machine(164, { talos: "v1.12.9", kubernetes: "v1.36.0" })] }),
      updates({ diva: [machine(164), machine(164, { kubernetes: "v1.35.0", apiServer: "v1.34.0" })] }),
      updates({
        daphne: [machine(162), machine(162)],
        daisy: [machine(165, { type: "worker" }), machine(165, { type: "worker", kubernetes: "v1.35.0" })],
      }),
      [
        {
          address: "helm_release.cilium",
          actions: ["update"],
          before: { name: "cilium", version: "1.18.3" },
          after: { name: "cilium", version: "1.20.0" },
        },
      ],
      [
        {
          address: apply("diva"),
          actions: ["update"],
          before: machine(164),
          after: {},
          unknown: { machine_configuration: true },
        },
      ],
      [
        {
          address: apply("diva"),
          actions: ["update"],
          before: { machine_configuration_input: "a: [" },
          after: { machine_configuration_input: "b: [" },
        },
      ],
    ],
    passes: [
      updates({ diva: [machine(164, { talos: "v1.11.5" }), machine(164, { talos: "v1.12.4" })] }),
      updates({ diva: [machine(164, { kubernetes: "v1.34.0" }), machine(164, { kubernetes: "v1.35.2" })] }),
      [
        {
          address: "helm_release.cilium",
          actions: ["update"],
          before: { name: "cilium", version: "1.18.3" },
          after: { name: "cilium", version: "1.19.1" },
        },
      ],
    ],
  },
  provisioner: {
    refused: [
      [
        {
          address: 'module.a.null_resource.node_reset_on_destroy["x"]',
          actions: ["delete", "create"],
          before: {},
          after: {},
        },
      ],
      [{ address: "terraform_data.x", actions: ["create"], after: {} }],
    ],
    passes: [[{ address: "null_resource.x", actions: ["forget"], before: {} }]],
  },
  "quota-below-use": {
    refused: [
      [{ address: QUOTA, actions: ["update"], before: quota("4"), after: quota("3500m") }],
      [{ address: QUOTA, actions: ["delete", "create"], before: quota("4"), after: quota("1") }],
      [{ address: QUOTA, actions: ["update"], before: quota("4"), after: {}, unknown: { spec: true } }],
      [
        {
          address: "kubernetes_manifest.quota",
          actions: ["update"],
          before: { manifest: quotaManifest("10") },
          after: { manifest: quotaManifest("9") },
        },
      ],
    ],
    passes: [
      [
        {
          address: "kubectl_manifest.quota",
          actions: ["update"],
          before: { yaml_body: JSON.stringify(quotaManifest(10)) },
          after: { yaml_body: JSON.stringify(quotaManifest(12)) },
        },
      ],
      [{ address: QUOTA, actions: ["create"], after: quota("4") }],
      [{ address: QUOTA, actions: ["update"], before: quota("4"), after: quota("4500m") }],
      [{ address: QUOTA, actions: ["update"], before: quota("4"), after: quota("4000m") }],
      [lost(QUOTA, quota("4"))],
    ],
  },
  "namespace-or-claim": {
    refused: [
      [lost("kubernetes_namespace_v1.media", namespace)],
      [lost("kubernetes_namespace.media", namespace)],
      [lost("kubernetes_persistent_volume_claim_v1.a", namespace)],
      [lost("kubectl_manifest.a", manifest("PersistentVolumeClaim"))],
      [
        {
          address: 'kubectl_manifest.a["x"]',
          actions: ["create", "delete"],
          before: manifest("Namespace"),
          after: manifest("Namespace"),
        },
      ],
    ],
    passes: [
      [{ address: "kubernetes_namespace_v1.media", actions: ["forget"], before: namespace }],
      [
        {
          address: "kubernetes_namespace_v1.media",
          actions: ["update"],
          before: namespace,
          after: namespace,
          importing: true,
        },
      ],
      [lost("kubectl_manifest.a", manifest("ConfigMap"))],
    ],
  },
  "load-bearing": {
    refused: [
      [lost("helm_release.cilium", { name: "cilium" })],
      [
        {
          address: "kubectl_manifest.pool",
          actions: ["delete", "create"],
          before: manifest("CiliumLoadBalancerIPPool"),
          after: manifest("CiliumLoadBalancerIPPool"),
        },
      ],
      [lost("kubectl_manifest.root_app", manifest("Application"))],
    ],
    passes: [[{ address: "helm_release.cilium", actions: ["forget"], before: { name: "cilium" } }]],
  },
  "must-live-flow": {
    refused: [
      [
        {
          address: "kubectl_manifest.deny",
          actions: ["create"],
          after: policy({ ingress: [{}], egress: [{}] }),
        },
      ],
      [
        {
          address: "kubectl_manifest.deny",
          actions: ["update"],
          before: policy({ ingress: [{}] }),
          after: { kind: "CiliumClusterwideNetworkPolicy" },
          unknown: { yaml_body: true },
        },
      ],
      [{ address: "kubectl_manifest.deny", actions: ["create"], after: policy({}) }],
      [
        {
          address: "kubernetes_network_policy_v1.x",
          actions: ["create"],
          after: { metadata: [{ name: "x" }] },
        },
      ],
      [lost("kubernetes_network_policy_v1.x", { metadata: [{ name: "x" }] })],
      ...[{ metadata: 3 }, { metadata: {} }, { metadata: { name: "x" }, spec: [] }].map((broken) => [
        {
          address: "kubectl_manifest.x",
          actions: ["create"],
          after: {
            yaml_body: JSON.stringify({ apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", ...broken }),
          },
        },
      ]),
    ],
    passes: [
      [
        {
          address: "kubectl_manifest.deny",
          actions: ["create"],
          after: policy({ ingress: [{ fromEntities: ["all"] }], egress: [{ toEntities: ["all"] }] }),
        },
      ],
      [
        {
          address: "kubectl_manifest.deny",
          actions: ["delete"],
          before: policy({ ingress: [{}], egress: [{}] }),
        },
      ],
    ],
  },
};
