import type { EnvironmentInput } from "terravixens/environments";

/**
 * A mini PC on a flat network: no VLANs, no S3. Its router reserves 192.168.1.20 for it.
 *
 * This is the sample that `homelab new-environment` fills in: each field says what it is, and
 * `environments/shape.ts` and `environments/rules/` what is refused. Synthesis names everything that does not fit.
 */
export const home: EnvironmentInput = {
  // The stacks are called after it: its name, then -backup, -cluster, -platform and -apps.
  name: "home",
  // True once others rely on it: each change is then confirmed by a person, and default deny must be enforced.
  production: false,
  // Names that objects in the cluster begin with: priority classes are homelab-high, labels homelab.lab/environment.
  names: { prefix: "homelab", manager: "homelab" },
  // The Kubernetes cluster.
  cluster: {
    // In the kubeconfig and the talosconfig.
    name: "home",
    // A free address of the subnet, outside of the router's DHCP range: the Kubernetes API answers there.
    vip: "192.168.1.21",
    subnet: "192.168.1.0/24",
    // Networks inside of the cluster; they overlap with nothing that you have.
    podSubnet: "10.244.0.0/16",
    serviceSubnet: "10.96.0.0/12",
    // "converged": control planes run apps as well, which one node alone has to. "dedicated": they do not.
    controlPlane: "converged",
    // The control plane that starts etcd, and is asked for the kubeconfig.
    bootstrapNode: "mini",
  },
  // Exact versions: which go together, and until when they get fixes, stands in environments/versions.ts and support.ts.
  versions: { talos: "v1.12.4", kubernetes: "v1.34.0", cilium: "1.18.3", argocdChart: "7.7.7" },
  // Talos images by name. Extensions are drivers that an image has beside the kernel's: i915 for Intel graphics,
  // iscsi-tools for volumes over iSCSI.
  schematics: { plain: { extensions: ["siderolabs/util-linux-tools"] } },
  // The machines: see environments/prod.ts for several, with workers and VLANs.
  nodes: [
    {
      name: "mini",
      role: "controlplane",
      // As the label on the machine, or `talosctl get links --insecure` says; null while nobody has read it.
      mac: "7c:83:34:00:00:01",
      // Its address by DHCP while it waits for its configuration.
      maintenanceAddress: "192.168.1.20",
      // The whole disk is overwritten: `talosctl get disks --insecure`.
      installDisk: "/dev/nvme0n1",
      interface: "enx7c8334000001",
      // One entry a network. Without a tag the id is null: the address is the uplink's own. One has the gateway.
      vlans: [{ id: null, address: "192.168.1.20/24", gateway: "192.168.1.1" }],
      nameservers: ["192.168.1.53"],
      schematic: "plain",
      cpu: "4",
      memory: "16Gi",
      // A figure that somebody read: { figures: ["mac"], source: "the label", on: "2026-11-01" }. It then leaves the
      // assumptions below.
      witnesses: [],
    },
  ],
  // Addresses that Services of type LoadBalancer get, outside of the DHCP range.
  loadBalancer: {
    vlan: null,
    // Those that a Service asks for by annotation, ArgoCD's among them.
    static: { start: "192.168.1.200", stop: "192.168.1.209" },
    // Those that are handed out.
    automatic: { start: "192.168.1.210", stop: "192.168.1.219" },
    // The uplinks that announce them, as regular expressions.
    interfaces: ["^enx7c8334000001$"],
  },
  // "off", "audit" (drops nothing, and logs) or "enforce": what no app declares is dropped.
  networkPolicy: { mode: "enforce" },
  // The ways to ArgoCD; each looser setting needs a risk of its own.
  argocd: {
    address: "192.168.1.200",
    hostname: "argocd.home.example.org",
    plainHttp: false,
    authDisabled: false,
    anonymous: false,
    // With the bcrypt hash of TF_VAR_argocd_admin_password_hash.
    admin: "password-hash",
  },
  // A repository with Applications of your own beside apps/; the revision "none" installs no root application.
  gitops: {
    repository: "https://github.com/example/home.git",
    revision: "none",
    selfHeal: true,
  },
  // Namespaces that apps share; an app that names none has its own. Sizes: lib/governance/sizes.ts; profiles are
  // reviewed sets of flows: lib/network/profiles.ts.
  namespaces: [{ name: "tools", podSecurity: "baseline", size: "xs", profiles: ["web"] }],
  // Classes that claims of apps may have, with who brings their driver: an app of apps/, or the GitOps repository.
  storageClasses: [{ name: "local-path-retain", driver: { side: "gitops", name: "local-path-provisioner" } }],
  // The way to hosts of apps: they lie in the domain, and an app like others serves them: apps/traefik.ts and
  // apps/cert-manager.ts are examples.
  edge: {
    domain: "home.example.org",
    ingressClass: "traefik",
    clusterIssuer: "letsencrypt",
    middlewares: [],
    authentication: "traefik-authentication",
  },
  // Where apps have their secrets from: "infisical", or a ClusterSecretStore of external-secrets.
  secretStore: { kind: "external-secrets", clusterSecretStore: "store", resyncSeconds: 300 },
  // An S3 bucket for snapshots of etcd: see environments/prod.ts.
  backup: null,
  // Where Terraform keeps its states: "s3", "local", or "kubernetes", the Secrets of another cluster.
  state: { kind: "local", directory: "state" },
  // Risks that are known and accepted for a while. A check that fails names the id that silences it; one that
  // silences nothing, or is past its date, is refused.
  acceptedRisks: [
    ["backup-none", "What matters lies on another machine; the cluster is made anew from this repository."],
    ["state-local", "The directory is backed up with the rest of the workstation."],
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
  // Figures that nobody has read yet, each with the way to find out; `homelab doctor` compares them once it is there.
  assumptions: [
    ["mac", "talosctl --nodes 192.168.1.20 get links --insecure"],
    ["maintenanceAddress", "the DHCP leases of the router"],
    ["installDisk", "talosctl --nodes 192.168.1.20 get disks --insecure"],
    ["interface", "talosctl --nodes 192.168.1.20 get links --insecure"],
    ["cpu", "talosctl --nodes 192.168.1.20 get cpu --insecure"],
    ["memory", "talosctl --nodes 192.168.1.20 memory"],
  ].map(([figure = "", verify = ""]) => ({
    path: `nodes.*.${figure}`,
    why: "Written down, and not read from the machine yet.",
    verify,
  })),
};
