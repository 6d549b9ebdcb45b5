import type { EnvironmentInput } from "terravixens/environments";

/** A mini PC on a flat network: no VLANs, no S3. Its router reserves 192.168.1.20 for it. */
export const home: EnvironmentInput = {
  name: "home",
  cluster: {
    name: "home",
    vip: "192.168.1.21",
    subnet: "192.168.1.0/24",
    podSubnet: "10.244.0.0/16",
    serviceSubnet: "10.96.0.0/12",
    controlPlane: "converged",
    bootstrapNode: "mini",
  },
  versions: { talos: "v1.12.4", kubernetes: "v1.33.2", cilium: "1.18.3", argocdChart: "7.7.7" },
  schematics: { plain: { extensions: ["siderolabs/util-linux-tools"] } },
  nodes: [
    {
      name: "mini",
      role: "controlplane",
      mac: "7c:83:34:00:00:01",
      maintenanceAddress: "192.168.1.20",
      installDisk: "/dev/nvme0n1",
      interface: "enx7c8334000001",
      // No tag: the address is the uplink's own.
      vlans: [{ id: null, address: "192.168.1.20/24", gateway: "192.168.1.1" }],
      nameservers: ["192.168.1.1"],
      schematic: "plain",
      cpu: "4",
      memory: "16Gi",
      witnesses: [
        {
          figures: ["mac", "maintenanceAddress", "installDisk", "interface", "cpu", "memory"],
          source: "talosctl get links, disks, cpu and memory",
          on: "2026-11-01",
        },
      ],
    },
  ],
  loadBalancer: {
    vlan: null,
    static: { start: "192.168.1.200", stop: "192.168.1.209" },
    automatic: { start: "192.168.1.210", stop: "192.168.1.219" },
    interfaces: ["^enx7c8334000001$"],
  },
  networkPolicy: { mode: "enforce" },
  argocd: {
    address: "192.168.1.201",
    hostname: "argocd.home.example.org",
    plainHttp: false,
    authDisabled: false,
    anonymous: false,
    admin: "password-hash",
  },
  gitops: {
    repository: "https://github.com/example/home.git",
    revision: "none",
    selfHeal: true,
  },
  namespaces: [{ name: "tools", podSecurity: "baseline", size: "xs", profiles: ["web"] }],
  storageClasses: [{ name: "local-path-retain", driver: { side: "gitops", name: "local-path-provisioner" } }],
  edge: {
    domain: "home.example.org",
    ingressClass: "traefik",
    clusterIssuer: "letsencrypt",
    middlewares: [],
    authentication: "traefik-authentication",
  },
  secretStore: { kind: "external-secrets", clusterSecretStore: "store", resyncSeconds: 300 },
  backup: null,
  state: { kind: "local", directory: "state" },
  acceptedRisks: [
    ["backup-none", "What matters lies on another machine; the cluster is made anew from this repository."],
    ["state-local", "The directory is backed up with the rest of the workstation."],
    ["support-talos-1.12", "An upgrade waits for a quiet weekend."],
    ["support-kubernetes-1.33", "An upgrade waits for a quiet weekend."],
    ["advisory-cve-2026-33726", "Per-endpoint routing is off, so the flaw has no way in."],
    ["advisory-cve-2025-55190", "No token of a project is given out."],
    ["advisory-cve-2025-47933", "Only the owner adds repositories."],
    ["advisory-ghsa-h98r-wv3h-fr38", "Nobody but the owner may write what the interface shows."],
  ].map(([id = "", reason = ""]) => ({
    id,
    reason,
    acceptedBy: "owner",
    on: "2026-11-01",
    reviewBy: "2099-12-31",
  })),
  assumptions: [],
};
