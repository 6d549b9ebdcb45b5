import type { EnvironmentInput } from "./schema.ts";

const nameservers = ["192.168.201.70", "192.168.201.1"];
const gateway = "192.168.201.1";

/** prod: three control planes and two workers on small physical machines. */
export const prod: EnvironmentInput = {
  name: "prod",
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
      interface: "enp3s0",
      vlans: [
        { id: 111, address: "192.168.111.193/24" },
        { id: 201, address: "192.168.201.193/24", gateway },
      ],
      nameservers,
      schematic: "physical",
      cpu: "4",
      memory: "16Gi",
    },
    {
      name: "poison",
      role: "controlplane",
      mac: "68:1d:ef:56:d7:bb",
      maintenanceAddress: "192.168.0.63",
      installDisk: "/dev/nvme0n1",
      interface: "enp2s0",
      vlans: [
        { id: 111, address: "192.168.111.194/24" },
        { id: 201, address: "192.168.201.194/24", gateway },
      ],
      nameservers,
      schematic: "physical",
      cpu: "4",
      memory: "16Gi",
    },
    {
      name: "phoebe",
      role: "controlplane",
      mac: "00:e1:4f:68:0d:f8",
      maintenanceAddress: "192.168.0.66",
      installDisk: "/dev/sda",
      interface: "enp2s0",
      vlans: [
        { id: 111, address: "192.168.111.195/24" },
        { id: 201, address: "192.168.201.195/24", gateway },
      ],
      nameservers,
      schematic: "physical",
      cpu: "4",
      memory: "16Gi",
    },
    {
      name: "pearl",
      role: "worker",
      mac: "00:e8:4c:68:83:71",
      maintenanceAddress: "192.168.0.58",
      installDisk: "/dev/sda",
      interface: "enp1s0",
      vlans: [
        { id: 111, address: "192.168.111.192/24" },
        { id: 201, address: "192.168.201.192/24", gateway },
      ],
      nameservers,
      schematic: "physical",
      cpu: "4",
      memory: "8Gi",
    },
    {
      name: "peach",
      role: "worker",
      mac: null,
      maintenanceAddress: null,
      installDisk: "/dev/sda",
      interface: "enx00155d00cb20",
      vlans: [
        { id: 111, address: "192.168.111.191/24" },
        { id: 201, address: "192.168.201.191/24", gateway },
      ],
      nameservers,
      schematic: "physical",
      cpu: "4",
      memory: "8Gi",
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
    clusterwidePolicies: true,
  },
  // No profiles: each app of vixens brings its own network policies to prod.
  namespaces: [
    { name: "auth", podSecurity: "baseline", size: "s" },
    { name: "databases", podSecurity: "baseline", size: "l" },
    { name: "downloads", podSecurity: "privileged", size: "m" },
    { name: "media", podSecurity: "privileged", size: "m" },
    { name: "monitoring", podSecurity: "privileged", size: "l" },
    { name: "networking", podSecurity: "privileged", size: "s" },
    { name: "security", podSecurity: "baseline", size: "xs" },
    { name: "services", podSecurity: "privileged", size: "m" },
    { name: "tools", podSecurity: "baseline", size: "m" },
    { name: "velero", podSecurity: "privileged", size: "s" },
  ],
  backup: {
    bucket: "vixens-prod-backup",
    region: "us-east-1",
    endpoint: "http://synelia.internal.truxonline.com:9000",
    prefix: "etcd",
    schedule: "17 */6 * * *",
    retention: { days: 30, noncurrentDays: 30 },
    ageRecipients: null,
    image:
      "ghcr.io/siderolabs/talos-backup:v0.1.0-beta.3@sha256:05c86663b251a407551dc948097e32e163a345818117eb52c573b0447bd0c7a7",
  },
  state: {
    bucket: "terraform-state-prod",
    region: "us-east-1",
    endpoint: "http://synelia.internal.truxonline.com:9000",
    credentials: "environment",
  },
  acceptedRisks: [
    {
      id: "cilium-1.18-kubernetes-1.34",
      reason: "Both clusters run this pair; Cilium 1.18 is end-to-end tested up to Kubernetes 1.33.",
      acceptedBy: "homelab owner",
      on: "2026-03-20",
      reviewBy: "2027-06-30",
    },
    {
      id: "nameserver-192.168.201.70-in-load-balancer-range",
      reason:
        "Traefik's address also answers the homelab's DNS; the router is the second resolver, so nodes boot without it.",
      acceptedBy: "homelab owner",
      on: "2026-03-20",
      reviewBy: "2027-06-30",
    },
  ],
  assumptions: [
    {
      path: "nodes.*.cpu",
      why: "No record gives the cores of the machines.",
      verify: "talosctl -n <node> get cpu",
    },
    {
      path: "nodes.peach.mac",
      why: "No record gives the MAC address of peach.",
      verify: "talosctl -n 192.168.111.191 get links",
    },
    {
      path: "nodes.peach.maintenanceAddress",
      why: "No record gives the DHCP address of peach.",
      verify: "the DHCP leases of the router",
    },
    {
      path: "nodes.peach.interface",
      why: "The recorded name is that of a virtual machine, yet peach is described as a physical one.",
      verify: "talosctl -n 192.168.111.191 get links",
    },
    {
      path: "backup.ageRecipients",
      why: "Nobody has made the backup key yet.",
      verify: "age-keygen -o key.txt, then write its public key here",
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
