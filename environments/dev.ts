import type { EnvironmentInput } from "./schema.ts";

const nameservers = ["192.168.208.70", "192.168.208.1"];
const gateway = "192.168.208.1";

/** dev: three control planes and a worker, virtual machines on Hyper-V. */
export const dev: EnvironmentInput = {
  name: "dev",
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
      interface: "enx00155d00cb10",
      vlans: [
        { id: 111, address: "192.168.111.162/24" },
        { id: 208, address: "192.168.208.162/24", gateway },
      ],
      nameservers,
      schematic: "virtual",
      cpu: "4",
      memory: "8Gi",
    },
    {
      name: "diva",
      role: "controlplane",
      mac: "00:15:5d:00:cb:11",
      maintenanceAddress: "192.168.0.164",
      installDisk: "/dev/sda",
      interface: "enx00155d00cb11",
      vlans: [
        { id: 111, address: "192.168.111.164/24" },
        { id: 208, address: "192.168.208.164/24", gateway },
      ],
      nameservers,
      schematic: "virtual",
      cpu: "4",
      memory: "8Gi",
    },
    {
      name: "dulce",
      role: "controlplane",
      mac: "00:15:5d:00:cb:0b",
      maintenanceAddress: "192.168.0.163",
      installDisk: "/dev/sda",
      interface: "enx00155d00cb0b",
      vlans: [
        { id: 111, address: "192.168.111.163/24" },
        { id: 208, address: "192.168.208.163/24", gateway },
      ],
      nameservers,
      schematic: "virtual",
      cpu: "4",
      memory: "8Gi",
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
    clusterwidePolicies: false,
  },
  // Profiles, because vixens ships no network policies to dev.
  namespaces: [
    { name: "auth", podSecurity: "baseline", size: "xs", profiles: ["web"] },
    { name: "databases", podSecurity: "baseline", size: "s", profiles: ["neighbours"] },
    { name: "downloads", podSecurity: "privileged", size: "xs", profiles: ["web", "internet"] },
    { name: "media", podSecurity: "privileged", size: "s", profiles: ["web", "internet"] },
    {
      name: "monitoring",
      podSecurity: "privileged",
      size: "s",
      profiles: ["web", "neighbours", "kubernetes-api"],
    },
    { name: "networking", podSecurity: "privileged", size: "xs", profiles: ["web"] },
    { name: "security", podSecurity: "baseline", size: "xs", profiles: ["web"] },
    { name: "services", podSecurity: "privileged", size: "s", profiles: ["web", "internet"] },
    { name: "tools", podSecurity: "baseline", size: "xs", profiles: ["web"] },
    { name: "velero", podSecurity: "privileged", size: "xs", profiles: ["kubernetes-api"] },
  ],
  edge: {
    domain: "dev.truxonline.com",
    ingressClass: "traefik",
    clusterIssuer: "letsencrypt-staging",
    middlewares: ["traefik-redirect-https"],
    authentication: "auth-authentik-forward-auth",
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
    schedule: "17 */6 * * *",
    retention: { days: 30, noncurrentDays: 30 },
    ageRecipients: null,
    image:
      "ghcr.io/siderolabs/talos-backup:v0.1.0-beta.3@sha256:05c86663b251a407551dc948097e32e163a345818117eb52c573b0447bd0c7a7",
  },
  state: {
    bucket: "terraform-state-dev",
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
      id: "nameserver-192.168.208.70-in-load-balancer-range",
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
