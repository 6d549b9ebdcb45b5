import type { EnvironmentInput } from "./schema.ts";

const nameservers = ["192.168.208.70", "192.168.208.1"];
const gateway = "192.168.208.1";

const inTfvars: EnvironmentInput["nodes"][number]["witnesses"][number] = {
  figures: ["mac", "maintenanceAddress", "installDisk", "interface"],
  source: "vixens terraform/environments/dev/terraform.tfvars before d6520378a",
  on: "2026-01-12",
};

/** dev: three control planes and a worker, virtual machines on Hyper-V. */
export const dev: EnvironmentInput = {
  name: "dev",
  production: false,
  names: { prefix: "vixens", manager: "terravixens", sizing: "vixens.io" },
  cluster: {
    name: "vixens-dev",
    vip: "192.168.111.160",
    subnet: "192.168.111.0/24",
    podSubnet: "10.244.0.0/16",
    serviceSubnet: "10.96.0.0/12",
    controlPlane: "converged",
    bootstrapNode: "daphne",
  },
  versions: {
    talos: "v1.12.4",
    kubernetes: "v1.34.0",
    cilium: "1.18.3",
    argocdChart: "7.7.7",
  },
  timeServers: ["192.168.208.1", "time.cloudflare.com"],
  schematics: {
    virtual: { extensions: ["siderolabs/iscsi-tools", "siderolabs/util-linux-tools"] },
  },
  nodes: [
    {
      name: "daphne",
      role: "controlplane",
      mac: "00:15:5d:00:cb:10",
      maintenanceAddress: "192.168.0.162",
      installDisk: "/dev/sda",
      installedOn: "/dev/sda",
      interface: "enx00155d00cb10",
      vlans: [
        { id: 111, address: "192.168.111.162/24" },
        { id: 208, address: "192.168.208.162/24", gateway },
      ],
      nameservers,
      schematic: "virtual",
      cpu: "4",
      memory: "8Gi",
      witnesses: [inTfvars],
    },
    {
      name: "diva",
      role: "controlplane",
      mac: "00:15:5d:00:cb:11",
      maintenanceAddress: "192.168.0.164",
      installDisk: "/dev/sda",
      installedOn: "/dev/sda",
      interface: "enx00155d00cb11",
      vlans: [
        { id: 111, address: "192.168.111.164/24" },
        { id: 208, address: "192.168.208.164/24", gateway },
      ],
      nameservers,
      schematic: "virtual",
      cpu: "4",
      memory: "8Gi",
      witnesses: [inTfvars],
    },
    {
      name: "dulce",
      role: "controlplane",
      mac: "00:15:5d:00:cb:0b",
      maintenanceAddress: "192.168.0.163",
      installDisk: "/dev/sda",
      installedOn: "/dev/sda",
      interface: "enx00155d00cb0b",
      vlans: [
        { id: 111, address: "192.168.111.163/24" },
        { id: 208, address: "192.168.208.163/24", gateway },
      ],
      nameservers,
      schematic: "virtual",
      cpu: "4",
      memory: "8Gi",
      witnesses: [inTfvars],
    },
    {
      name: "daisy",
      role: "worker",
      mac: "00:15:5d:00:cb:21",
      maintenanceAddress: "192.168.0.106",
      installDisk: "/dev/sda",
      interface: "enx00155d00cb21",
      vlans: [
        { id: 111, address: "192.168.111.165/24" },
        { id: 208, address: "192.168.208.165/24", gateway },
      ],
      nameservers,
      schematic: "virtual",
      cpu: "4",
      memory: "8Gi",
      witnesses: [
        {
          figures: ["mac", "maintenanceAddress", "interface"],
          source: "terravixens docs/hardware-inventory.md at 2cb7c4ef0",
          on: "2026-01-25",
        },
      ],
    },
  ],
  loadBalancer: {
    vlan: 208,
    static: { start: "192.168.208.70", stop: "192.168.208.79" },
    automatic: { start: "192.168.208.80", stop: "192.168.208.89" },
    interfaces: ["^en.*\\.208$"],
  },
  networkPolicy: { mode: "audit" },
  argocd: {
    address: "192.168.208.71",
    hostname: "argocd.dev.truxonline.com",
    plainHttp: false,
    authDisabled: false,
    anonymous: false,
    admin: "password-hash",
  },
  gitops: {
    repository: "https://github.com/charchess/vixens.git",
    revision: "main",
    selfHeal: true,
  },
  // vixens ships 38 CiliumNetworkPolicies and 12 NetworkPolicies to dev, but no deny: profiles are for apps without one.
  namespaces: [
    { name: "auth", podSecurity: "baseline", size: "xxs", profiles: ["web"] },
    // No profile: its apps bring their own policies.
    { name: "cert-manager", podSecurity: "baseline", size: "xs" },
    { name: "databases", podSecurity: "baseline", size: "xs", profiles: ["neighbours"] },
    { name: "downloads", podSecurity: "privileged", size: "xxs", profiles: ["web", "internet"] },
    { name: "media", podSecurity: "privileged", size: "xs", profiles: ["web", "internet"] },
    {
      name: "monitoring",
      podSecurity: "privileged",
      size: "s",
      profiles: ["web", "neighbours", "kubernetes-api"],
    },
    { name: "networking", podSecurity: "privileged", size: "xs", profiles: ["web"] },
    { name: "security", podSecurity: "baseline", size: "xs", profiles: ["web"] },
    { name: "services", podSecurity: "privileged", size: "xs", profiles: ["web", "internet"] },
    { name: "tools", podSecurity: "baseline", size: "xs", profiles: ["web"] },
    { name: "velero", podSecurity: "privileged", size: "xs", profiles: ["kubernetes-api"] },
  ],
  // Source: vixens apps/01-storage at 6454ad4e0.
  storageClasses: [
    {
      name: "synelia-iscsi-retain",
      driver: { side: "gitops", name: "synology-csi" },
      extension: "siderolabs/iscsi-tools",
    },
    {
      name: "synelia-iscsi-delete",
      driver: { side: "gitops", name: "synology-csi" },
      extension: "siderolabs/iscsi-tools",
    },
    {
      name: "synelia-iscsi-xfs-retain",
      driver: { side: "gitops", name: "synology-csi" },
      extension: "siderolabs/iscsi-tools",
    },
    {
      name: "synelia-iscsi-xfs-delete",
      driver: { side: "gitops", name: "synology-csi" },
      extension: "siderolabs/iscsi-tools",
    },
    { name: "local-path-retain", driver: { side: "gitops", name: "local-path-provisioner" }, onNode: true },
    { name: "local-path-delete", driver: { side: "gitops", name: "local-path-provisioner" }, onNode: true },
  ],
  admission: [
    "add-cp-toleration",
    "add-ttl-jobs",
    "check-networkpolicy",
    "mutate-app-name-label",
    "mutate-pod-annotations",
    "mutate-priority-class",
    "mutate-revision-history-limit",
    "mutate-security-context",
    "mutate-sidecar-probes",
    "mutate-termination-message-policy",
    "sizing-v2-mutate",
    "sizing-vpa-generate",
  ],
  edge: {
    domain: "dev.truxonline.com",
    ingressClass: "traefik",
    clusterIssuer: "letsencrypt-staging",
    middlewares: ["traefik-redirect-https"],
    authentication: "traefik-authentication",
  },
  secretStore: {
    kind: "infisical",
    server: "http://192.168.111.69:8085",
    project: "vixens",
    environment: "dev",
    resyncSeconds: 60,
  },
  backup: {
    bucket: "vixens-dev-backup",
    region: "us-east-1",
    endpoint: "http://synelia.internal.truxonline.com:9000",
    prefix: "etcd",
    tiers: [
      { name: "frequent", schedule: "17 */6 * * *", keepDays: 7 },
      { name: "daily", schedule: "47 2 * * *", keepDays: 30 },
      { name: "weekly", schedule: "17 3 * * 0", keepDays: 92 },
      { name: "monthly", schedule: "47 3 1 * *", keepDays: 400 },
    ],
    noncurrentDays: 30,
    lock: { mode: "compliance", days: 30 },
    copy: null,
    volumes: null,
    ageRecipients: null,
    image:
      "ghcr.io/siderolabs/talos-backup:v0.1.0-beta.3@sha256:05c86663b251a407551dc948097e32e163a345818117eb52c573b0447bd0c7a7",
  },
  state: {
    kind: "s3",
    bucket: "terraform-state-dev",
    region: "us-east-1",
    endpoint: "http://synelia.internal.truxonline.com:9000",
    credentials: "environment",
  },
  nas: { host: "synelia.internal.truxonline.com", address: "192.168.111.69" },
  acceptedRisks: [
    {
      id: "admission-infisical-operator",
      reason: "A policy labels it G-small itself: 25m and 256Mi, which is more memory than its size has.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-05-12",
      reviewBy: "2027-06-30",
    },
    {
      id: "foreign-domain-traefik",
      reason:
        "dev has no authentik: its routes ask prod's who somebody is, by the allowance to prod's gateway.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-06-30",
    },
    {
      id: "support-talos-1.12",
      reason: "Both clusters run it; 1.13 and 1.14 need their configuration documents tried on dev first.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "support-kubernetes-1.34",
      reason: "It is the newest that Cilium 1.18 is known to run with here; Cilium goes first.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "advisory-cve-2026-33726",
      reason:
        "Pods are reached through the tunnel and per-endpoint routing is off, so the flaw has no way in; 1.18.8 is a patch away.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "advisory-cve-2025-55190",
      reason:
        "No token of a project is given out; the GitOps side moved to v3.4.1, and this chart follows with it.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "advisory-cve-2025-47933",
      reason:
        "Only the owner adds repositories; the GitOps side moved to v3.4.1, and this chart follows with it.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "advisory-ghsa-h98r-wv3h-fr38",
      reason:
        "Nobody but the owner may write what the interface shows; the GitOps side moved to v3.4.1, and this chart follows with it.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "privileged-frigate",
      reason: "runs so today in vixens",
      acceptedBy: "homelab owner",
      on: "2026-05-12",
      reviewBy: "2027-06-30",
    },
    {
      id: "privileged-homeassistant",
      reason: "runs so today in vixens",
      acceptedBy: "homelab owner",
      on: "2026-05-12",
      reviewBy: "2027-06-30",
    },
    {
      id: "cilium-1.18-kubernetes-1.34",
      reason: "Both clusters run this pair; Cilium 1.18 is end-to-end tested up to Kubernetes 1.33.",
      acceptedBy: "homelab owner",
      on: "2026-03-20",
      reviewBy: "2027-06-30",
    },
    {
      id: "nameserver-192.168.208.70-in-load-balancer-range",
      holdsWhile: "resolver-outside-cluster",
      reason:
        "Traefik's address also answers the homelab's DNS, and nodes boot without it as long as another resolver answers.",
      acceptedBy: "homelab owner",
      on: "2026-03-20",
      reviewBy: "2027-06-30",
    },
    {
      id: "privileged-node-exporter",
      reason: "It reads the counters of the node itself, from the node's network and processes.",
      acceptedBy: "homelab owner",
      on: "2026-11-25",
      reviewBy: "2027-06-30",
    },
  ],
  assumptions: [
    {
      path: "nas.address",
      why: "Records give an NFS server, Infisical and Velero's MinIO by this address; that it is synelia follows from nothing else.",
      verify: "dig +short synelia.internal.truxonline.com @192.168.208.1",
    },
    {
      path: "networkPolicy.mode",
      why: "Probes of the kubelet have no allowance, because Cilium under Kubernetes makes allow-localhost=auto to always; vixens' cfff19a14 reports them blocked, which only allow-localhost=policy would explain.",
      verify:
        "kubectl -n kube-system exec ds/cilium -c cilium-agent -- cilium-dbg config --all | grep -i AllowLocalhost says always, and hubble observe --from-identity 1 --verdict DROPPED shows nothing",
    },
    {
      path: "timeServers",
      why: "Nobody has asked whether the router tells the time; the second server needs the internet.",
      verify: "talosctl -n <node> time --check 192.168.208.1",
    },
    {
      path: "nodes.*.cpu",
      why: "No record gives the cores of the virtual machines.",
      verify: "talosctl -n <node> get cpu",
    },
    {
      path: "nodes.*.memory",
      why: "No record gives the memory of the virtual machines.",
      verify: "talosctl -n <node> memory",
    },
    {
      path: "nodes.daisy.installDisk",
      why: "The inventory of daisy has no disk; its siblings use /dev/sda.",
      verify: "talosctl -n 192.168.0.106 get disks --insecure",
    },
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
    {
      path: "backup.lock",
      why: "Nobody has looked whether the MinIO of the NAS keeps versions and locks, which its old file system mode does not.",
      verify: "mc mb --with-lock synelia/lock-test && mc version info synelia/lock-test",
    },
    {
      path: "backup.image",
      why: "The digest of v0.1.0-beta.3 was read from one public configuration, not from the registry.",
      verify: "crane digest ghcr.io/siderolabs/talos-backup:v0.1.0-beta.3",
    },
    {
      path: "backup.bucket",
      why: "There is no etcd backup today, so the name of the bucket is new.",
      verify: "mc ls synelia shows no bucket of that name in other use",
    },
  ],
};
