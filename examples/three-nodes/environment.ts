import type { EnvironmentInput } from "terravixens/environments";

type Machine = EnvironmentInput["nodes"][number];

/** A machine of the rack: VLAN 10 for the cluster itself, VLAN 20 for what people open. */
const machine = (name: string, host: number): Machine => ({
  name,
  role: "controlplane",
  mac: `7c:83:34:00:01:${host}`,
  maintenanceAddress: `10.20.0.${host}`,
  installDisk: "/dev/nvme0n1",
  interface: `enx7c83340001${host}`,
  vlans: [
    { id: 10, address: `10.20.10.${host}/24` },
    { id: 20, address: `10.20.20.${host}/24`, gateway: "10.20.20.1" },
  ],
  nameservers: ["10.20.20.1"],
  schematic: "plain",
  cpu: "8",
  memory: "32Gi",
  witnesses: [
    {
      figures: ["mac", "maintenanceAddress", "installDisk", "interface", "cpu", "memory"],
      source: "talosctl get links, disks and cpu, and the router's leases",
      on: "2026-11-01",
    },
  ],
});

const nas = "http://10.20.10.5:9000";

/** Three converged control planes behind a virtual IP; one may be lost. `../one-node` explains each field. */
export const rack: EnvironmentInput = {
  name: "rack",
  production: true,
  names: { prefix: "rack", manager: "homelab" },
  cluster: {
    name: "rack",
    vip: "10.20.10.10",
    subnet: "10.20.10.0/24",
    podSubnet: "10.244.0.0/16",
    serviceSubnet: "10.96.0.0/12",
    controlPlane: "converged",
    bootstrapNode: "ada",
  },
  versions: { talos: "v1.12.4", kubernetes: "v1.34.0", cilium: "1.18.3", argocdChart: "7.7.7" },
  schematics: { plain: { extensions: ["siderolabs/iscsi-tools", "siderolabs/util-linux-tools"] } },
  nodes: [machine("ada", 11), machine("bea", 12), machine("cleo", 13)],
  loadBalancer: {
    vlan: 20,
    static: { start: "10.20.20.70", stop: "10.20.20.79" },
    automatic: { start: "10.20.20.80", stop: "10.20.20.99" },
    interfaces: ["^enx.*\\.20$"],
  },
  networkPolicy: { mode: "enforce" },
  argocd: {
    address: "10.20.20.71",
    hostname: "argocd.rack.example.org",
    plainHttp: false,
    authDisabled: false,
    anonymous: false,
    admin: "password-hash",
  },
  gitops: { repository: "https://github.com/example/rack.git", revision: "none", selfHeal: true },
  namespaces: [{ name: "tools", podSecurity: "baseline", size: "s", profiles: ["web"] }],
  storageClasses: [
    {
      name: "nas-retain",
      driver: { side: "gitops", name: "democratic-csi" },
      extension: "siderolabs/iscsi-tools",
    },
  ],
  edge: {
    domain: "rack.example.org",
    ingressClass: "traefik",
    clusterIssuer: "letsencrypt",
    middlewares: [],
    authentication: "traefik-authentication",
  },
  secretStore: { kind: "external-secrets", clusterSecretStore: "vault", resyncSeconds: 300 },
  // Snapshots of etcd on the NAS, encrypted; no second place, and no backup of volumes yet.
  backup: {
    bucket: "rack-backup",
    region: "us-east-1",
    endpoint: nas,
    prefix: "etcd",
    tiers: [
      { name: "daily", schedule: "17 2 * * *", keepDays: 30 },
      { name: "weekly", schedule: "47 2 * * 0", keepDays: 92 },
    ],
    noncurrentDays: 30,
    lock: { mode: "compliance", days: 14 },
    copy: null,
    volumes: null,
    ageRecipients: null,
    image:
      "ghcr.io/siderolabs/talos-backup:v0.1.0-beta.3@sha256:05c86663b251a407551dc948097e32e163a345818117eb52c573b0447bd0c7a7",
  },
  state: { kind: "s3", bucket: "rack-state", region: "us-east-1", endpoint: nas, credentials: "environment" },
  acceptedRisks: [
    ["support-talos-1.12", "An upgrade waits for a quiet weekend."],
    ["support-kubernetes-1.34", "An upgrade waits for a quiet weekend."],
    [
      "cilium-1.18-kubernetes-1.34",
      "Cilium 1.18 is tested up to Kubernetes 1.33, and runs with 1.34 elsewhere.",
    ],
    ["advisory-cve-2026-33726", "Per-endpoint routing is off, so the flaw has no way in."],
    ["advisory-cve-2025-55190", "No token of a project is given out."],
    ["advisory-cve-2025-47933", "Only the owner adds repositories."],
    ["advisory-ghsa-h98r-wv3h-fr38", "Nobody but the owner may write what the interface shows."],
  ].map(([id = "", reason = ""]) => ({
    id,
    reason,
    acceptedBy: "nobody yet: to be confirmed by the homelab owner",
    on: "2026-11-01",
    reviewBy: "2099-12-31",
  })),
  assumptions: [
    {
      path: "backup.ageRecipients",
      why: "Nobody has made the backup key yet.",
      verify: "age-keygen -o key.txt, then write its public key here",
    },
    {
      path: "backup.copy",
      why: "Only one S3 server is known, and a second copy has to lie on another.",
      verify: "decide where it lies, then name the bucket, region and endpoint here",
    },
  ],
};
