import type { EnvironmentInput } from "./schema.ts";

const nameservers = ["192.168.201.70", "192.168.201.1"];
const gateway = "192.168.201.1";

type Witness = EnvironmentInput["nodes"][number]["witnesses"][number];
const UPLINK: Witness["figures"] = ["mac", "maintenanceAddress", "installDisk", "interface"];
const inTfvars: Witness = {
  figures: UPLINK,
  source: "vixens terraform/environments/prod/terraform.tfvars before d6520378a",
  on: "2026-01-12",
};
const reported: Witness = {
  figures: ["cpu", "reportedMemory"],
  source: "vixens docs/reports/STATE-ACTUAL-prod.md at 6454ad4e0",
  on: "2026-02-08",
};
/** Phoebe's as an example: 8 GiB built in, of which 7155 Mi are allocatable. */
const recovery: Witness = {
  figures: ["memory"],
  source: "vixens docs/post-mortems/2026-03-04-prod-recovery.md at 6454ad4e0: nodes of 16 and 8 GiB by name",
  on: "2026-03-04",
};

/** prod: three control planes and two workers on small physical machines. */
export const prod: EnvironmentInput = {
  name: "prod",
  production: true,
  names: { prefix: "vixens", manager: "terravixens", sizing: "vixens.io" },
  cluster: {
    name: "vixens",
    vip: "192.168.111.190",
    subnet: "192.168.111.0/24",
    podSubnet: "10.244.0.0/16",
    serviceSubnet: "10.96.0.0/12",
    controlPlane: "converged",
    bootstrapNode: "phoebe",
  },
  versions: {
    talos: "v1.12.4",
    kubernetes: "v1.34.0",
    cilium: "1.18.3",
    argocdChart: "7.7.7",
  },
  timeServers: ["192.168.201.1", "time.cloudflare.com"],
  schematics: {
    physical: {
      extensions: [
        "siderolabs/i915",
        "siderolabs/intel-ucode",
        "siderolabs/iscsi-tools",
        "siderolabs/util-linux-tools",
      ],
    },
  },
  nodes: [
    {
      name: "powder",
      role: "controlplane",
      mac: "68:1d:ef:4d:d6:a9",
      maintenanceAddress: "192.168.0.65",
      installDisk: "/dev/nvme0n1",
      installedOn: "/dev/nvme0n1",
      interface: "enp3s0",
      vlans: [
        { id: 111, address: "192.168.111.193/24" },
        { id: 201, address: "192.168.201.193/24", gateway },
      ],
      nameservers,
      schematic: "physical",
      cpu: "4",
      memory: "16Gi",
      reportedMemory: "16128584Ki",
      witnesses: [inTfvars, reported, recovery],
    },
    {
      name: "poison",
      role: "controlplane",
      mac: "68:1d:ef:56:d7:bb",
      maintenanceAddress: "192.168.0.63",
      installDisk: "/dev/nvme0n1",
      installedOn: "/dev/nvme0n1",
      interface: "enp2s0",
      vlans: [
        { id: 111, address: "192.168.111.194/24" },
        { id: 201, address: "192.168.201.194/24", gateway },
      ],
      nameservers,
      schematic: "physical",
      cpu: "4",
      memory: "16Gi",
      reportedMemory: "16094408Ki",
      witnesses: [inTfvars, reported, recovery],
    },
    {
      name: "phoebe",
      role: "controlplane",
      mac: "00:e1:4f:68:0d:f8",
      maintenanceAddress: "192.168.0.66",
      installDisk: "/dev/sda",
      installedOn: "/dev/sda",
      interface: "enp2s0",
      vlans: [
        { id: 111, address: "192.168.111.195/24" },
        { id: 201, address: "192.168.201.195/24", gateway },
      ],
      nameservers,
      schematic: "physical",
      cpu: "4",
      memory: "8Gi",
      reportedMemory: "7969528Ki",
      witnesses: [inTfvars, reported, recovery],
    },
    {
      name: "pearl",
      role: "worker",
      mac: "00:e8:4c:68:83:71",
      maintenanceAddress: "192.168.0.58",
      installDisk: "/dev/sda",
      installedOn: "/dev/sda",
      interface: "enp1s0",
      vlans: [
        { id: 111, address: "192.168.111.192/24" },
        { id: 201, address: "192.168.201.192/24", gateway },
      ],
      nameservers,
      schematic: "physical",
      cpu: "4",
      memory: "8Gi",
      reportedMemory: "8002644Ki",
      witnesses: [
        {
          figures: UPLINK,
          source: "vixens docs/procedures/adding-new-talos-node.md at 6454ad4e0",
          on: "2026-01-22",
        },
        reported,
        recovery,
      ],
    },
    {
      name: "peach",
      role: "worker",
      mac: null,
      maintenanceAddress: null,
      installDisk: "/dev/sda",
      installedOn: "/dev/sda",
      interface: "enx00155d00cb20",
      vlans: [
        { id: 111, address: "192.168.111.191/24" },
        { id: 201, address: "192.168.201.191/24", gateway },
      ],
      nameservers,
      schematic: "physical",
      cpu: "8",
      memory: "8Gi",
      reportedMemory: "8096984Ki",
      witnesses: [
        {
          figures: ["installDisk"],
          source: "terravixens terraform/environments/prod/peach_v2.yaml at 2cb7c4ef0",
          on: "2026-01-24",
        },
        { ...reported, figures: ["cpu"] },
      ],
    },
  ],
  loadBalancer: {
    vlan: 201,
    static: { start: "192.168.201.70", stop: "192.168.201.79" },
    automatic: { start: "192.168.201.80", stop: "192.168.201.89" },
    interfaces: ["^en.*\\.201$"],
  },
  networkPolicy: { mode: "enforce" },
  argocd: {
    address: "192.168.201.71",
    hostname: "argocd.truxonline.com",
    plainHttp: false,
    authDisabled: false,
    anonymous: false,
    admin: "password-hash",
  },
  gitops: {
    repository: "https://github.com/charchess/vixens.git",
    revision: "prod-stable",
    selfHeal: true,
  },
  // No profiles: each app of vixens brings its own network policies to prod.
  namespaces: [
    { name: "auth", podSecurity: "baseline", size: "m" },
    { name: "cert-manager", podSecurity: "baseline", size: "xs" },
    { name: "databases", podSecurity: "baseline", size: "m" },
    { name: "downloads", podSecurity: "privileged", size: "xxs" },
    { name: "finance", podSecurity: "restricted", size: "s" },
    { name: "media", podSecurity: "privileged", size: "s" },
    { name: "monitoring", podSecurity: "privileged", size: "l" },
    { name: "networking", podSecurity: "privileged", size: "xs" },
    { name: "security", podSecurity: "baseline", size: "xxs" },
    { name: "services", podSecurity: "privileged", size: "m" },
    { name: "tools", podSecurity: "baseline", size: "m" },
    { name: "velero", podSecurity: "privileged", size: "m" },
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
    { name: "local-path-retain", driver: { side: "apps", name: "local-path-provisioner" }, onNode: true },
    { name: "local-path-delete", driver: { side: "apps", name: "local-path-provisioner" }, onNode: true },
  ],
  measuredRequests: {
    memory: "51798Mi",
    source:
      "vixens docs/post-mortems/2026-03-04-prod-recovery.md at 6454ad4e0, the sum of five nodes with 151 pods",
    on: "2026-03-04",
  },
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
    domain: "truxonline.com",
    ingressClass: "traefik",
    clusterIssuer: "letsencrypt-prod",
    middlewares: ["traefik-redirect-https"],
    authentication: "traefik-authentication",
  },
  secretStore: {
    kind: "infisical",
    server: "http://192.168.111.69:8085",
    project: "vixens",
    environment: "prod",
    resyncSeconds: 60,
  },
  backup: {
    bucket: "vixens-prod-backup",
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
    volumes: { bucket: "vixens-prod-velero", region: "us-east-1", endpoint: "http://192.168.111.69:9000" },
    ageRecipients: null,
    image:
      "ghcr.io/siderolabs/talos-backup:v0.1.0-beta.3@sha256:05c86663b251a407551dc948097e32e163a345818117eb52c573b0447bd0c7a7",
  },
  state: {
    kind: "s3",
    bucket: "terraform-state-prod",
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
      id: "admission-radar",
      reason:
        "Its chart takes no labels of pods: 100m and 512Mi, less CPU than its size has, and as much memory.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-05-12",
      reviewBy: "2027-06-30",
    },
    {
      id: "admission-reloader",
      reason: "Its chart takes labels of pods in its selector alone: 100m and 512Mi, more than its size has.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-05-12",
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
      id: "capacity-node-lost",
      reason:
        "vixens runs so, its nodes 99 % requested: what nothing bounds waits until a lost node is back. The choice: hibernate what is low in priority (media, downloads), or raise the memory of phoebe, pearl and peach.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-03-04",
      reviewBy: "2027-03-31",
    },
    {
      id: "floating-image-mongodb-shared",
      reason:
        "vixens runs mongo:8.3, and no record gives the digest or patch behind it: docker buildx imagetools inspect mongo:8.3.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "floating-image-homepage",
      reason:
        "vixens runs homepage:v1.13, and no record gives the digest behind it: docker buildx imagetools inspect.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "floating-image-mariadb-shared",
      reason:
        "vixens runs mariadb:12.2, and no record gives the digest or patch behind it: docker buildx imagetools inspect.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "floating-image-prowlarr",
      reason:
        "vixens runs hotio's prowlarr:release, and no record gives the digest behind it: docker buildx imagetools inspect.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "floating-image-radarr",
      reason:
        "vixens runs hotio's radarr:release, and no record gives the digest behind it: docker buildx imagetools inspect.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "floating-image-sonarr",
      reason:
        "vixens runs hotio's sonarr:release, and no record gives the digest behind it: docker buildx imagetools inspect.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "privileged-gluetun",
      reason: "It sets up a tunnel and a firewall, in its own network alone; runs so today in vixens.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "privileged-jellyfin",
      reason: "A container that opens the GPU by its path is privileged; a device plugin would do without.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "privileged-prowlarr",
      reason:
        "Its image, or what prepares its directory, starts as root with four capabilities; runs so today in vixens.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "privileged-qbittorrent",
      reason:
        "Its image, or what prepares its directory, starts as root with four capabilities; runs so today in vixens.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "privileged-radarr",
      reason:
        "Its image, or what prepares its directory, starts as root with four capabilities; runs so today in vixens.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "privileged-sonarr",
      reason:
        "Its image, or what prepares its directory, starts as root with four capabilities; runs so today in vixens.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "privileged-velero",
      reason: "Its node agent runs so today; nothing else reads the files of volumes that have no snapshots.",
      acceptedBy: "homelab owner",
      on: "2026-03-20",
      reviewBy: "2027-06-30",
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
      id: "nameserver-192.168.201.70-in-load-balancer-range",
      holdsWhile: "resolver-outside-cluster",
      reason:
        "Traefik's address also answers the homelab's DNS, and nodes boot without it as long as another resolver answers.",
      acceptedBy: "homelab owner",
      on: "2026-03-20",
      reviewBy: "2027-06-30",
    },
    {
      id: "privileged-local-path-provisioner",
      reason: "Its helper pods make directories on the node, as root; it runs so today in vixens.",
      acceptedBy: "nobody yet: to be confirmed by the homelab owner",
      on: "2026-11-28",
      reviewBy: "2027-02-28",
    },
    {
      id: "privileged-node-exporter",
      reason: "It reads the counters of the node itself, from the node's network and processes.",
      acceptedBy: "homelab owner",
      on: "2026-11-25",
      reviewBy: "2027-06-30",
    },
    {
      id: "privileged-fluent-bit",
      reason: "The logs of containers lie on the node and belong to root.",
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
      verify: "talosctl -n <node> time --check 192.168.201.1",
    },
    {
      path: "nodes.peach.mac",
      why: "A plan committed in terravixens gives peach the MAC address of pearl, which one of the two cannot have.",
      verify: "talosctl -n 192.168.111.191 get links",
    },
    {
      path: "nodes.peach.maintenanceAddress",
      why: "No record gives the DHCP address of peach.",
      verify: "the DHCP leases of the router",
    },
    {
      path: "nodes.peach.interface",
      why: "Its configuration names it as on a virtual machine, the plan committed beside it enp1s0, and vixens describes a physical machine.",
      verify: "talosctl -n 192.168.111.191 get links",
    },
    {
      path: "nodes.peach.memory",
      why: "It was raised on 2026-05-10, and no record says to what: this is what it had before, so it has no less.",
      verify: "talosctl -n 192.168.111.191 memory",
    },
    {
      path: "nodes.peach.reportedMemory",
      why: "Reported on 2026-02-08, before its memory was raised.",
      verify: "kubectl get node peach -o jsonpath={.status.capacity.memory}",
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
      path: "backup.volumes.endpoint",
      why: "The records give the MinIO of Velero by its address alone; it is taken for the one that synelia is.",
      verify: "mc ls synelia shows vixens-prod-velero",
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
