/**
 * The addresses of the Terraform that made the living clusters, and where each continues. Two revisions are known,
 * the last one (`H`) and the first (`1109f65`); the managed addresses of those between are the first one's.
 */
import type { BrownfieldShape } from "../../environments/differences.ts";

const ENVIRONMENT = "module.environment";
const TALOS = `${ENVIRONMENT}.module.talos_cluster`;
const CILIUM = `${ENVIRONMENT}.module.cilium`;
const ARGOCD = `${ENVIRONMENT}.module.argocd`;

/** Instances of a resource: one, one per node of a kind, or one that the configuration may have left out. */
type Instances = "one" | "control planes" | "workers" | "all nodes" | "at most [0]";

export interface BrownfieldResource {
  /** Address without instance keys. */
  readonly address: string;
  /** The number of instances in each shape; a shape that is not named has none. */
  readonly instances: Readonly<Partial<Record<BrownfieldShape, Instances>>>;
  /** The address at which it continues in `<env>-cluster`; absent when it leaves this state. */
  readonly to?: (node: string) => string;
  /** The stack that takes the living object over, by import; absent when nothing does. */
  readonly imported?: "platform" | "apps";
}

const everywhere = (instances: Instances): BrownfieldResource["instances"] => ({
  H: instances,
  "1109f65": instances,
});

const nodeApply = (node: string) => `talos_machine_configuration_apply.node_${node}`;

export const BROWNFIELD: readonly BrownfieldResource[] = [
  {
    address: `${TALOS}.talos_machine_secrets.cluster`,
    instances: everywhere("one"),
    to: () => "talos_machine_secrets.cluster",
  },
  {
    address: `${TALOS}.talos_machine_configuration_apply.control_plane`,
    instances: everywhere("control planes"),
    to: nodeApply,
  },
  {
    address: `${TALOS}.talos_machine_configuration_apply.worker`,
    instances: everywhere("workers"),
    to: nodeApply,
  },
  {
    address: `${TALOS}.talos_machine_bootstrap.this`,
    instances: everywhere("one"),
    to: () => "talos_machine_bootstrap.cluster",
  },
  {
    address: `${TALOS}.talos_cluster_kubeconfig.this`,
    instances: everywhere("one"),
    to: () => "talos_cluster_kubeconfig.cluster",
  },
  { address: `${TALOS}.null_resource.auto_approve_csr`, instances: { H: "one" } },
  {
    address: `${TALOS}.null_resource.node_reset_on_destroy`,
    instances: { H: "all nodes", "1109f65": "control planes" },
  },
  { address: `${TALOS}.null_resource.worker_reset_on_destroy`, instances: { "1109f65": "workers" } },
  { address: `${TALOS}.null_resource.control_plane_upgrade`, instances: everywhere("control planes") },
  { address: `${TALOS}.null_resource.worker_upgrade`, instances: everywhere("workers") },
  { address: `${ENVIRONMENT}.local_file.kubeconfig`, instances: everywhere("one") },
  { address: `${ENVIRONMENT}.local_file.talosconfig`, instances: everywhere("one") },
  { address: `${ENVIRONMENT}.null_resource.wait_for_k8s_api`, instances: everywhere("one") },
  { address: `${CILIUM}.helm_release.cilium`, instances: everywhere("one"), imported: "platform" },
  { address: `${CILIUM}.null_resource.wait_for_cilium_crds`, instances: everywhere("one") },
  {
    address: `${CILIUM}.kubectl_manifest.cilium_ip_pool`,
    instances: everywhere("one"),
    imported: "platform",
  },
  {
    address: `${CILIUM}.kubectl_manifest.cilium_l2_policy`,
    instances: everywhere("one"),
    imported: "platform",
  },
  { address: `${ARGOCD}.helm_release.argocd`, instances: everywhere("one"), imported: "platform" },
  {
    address: `${ARGOCD}.kubernetes_secret_v1.infisical_universal_auth`,
    instances: everywhere("at most [0]"),
    imported: "platform",
  },
  { address: `${ARGOCD}.kubectl_manifest.argocd_root_app`, instances: everywhere("one"), imported: "apps" },
];

/** A node, as far as addresses depend on it. */
export interface BrownfieldNode {
  readonly name: string;
  readonly role: "controlplane" | "worker";
}

const keysOf = (instances: Instances, nodes: readonly BrownfieldNode[]): (string | undefined)[] => {
  const names = (role?: BrownfieldNode["role"]) =>
    nodes.filter((node) => role === undefined || node.role === role).map(({ name }) => name);
  switch (instances) {
    case "one":
      return [undefined];
    case "at most [0]":
      return ["[0]"];
    case "control planes":
      return names("controlplane").map((name) => `["${name}"]`);
    case "workers":
      return names("worker").map((name) => `["${name}"]`);
    case "all nodes":
      return names().map((name) => `["${name}"]`);
  }
};

/** An address of the state, with what becomes of it. */
export interface Continuation {
  readonly from: string;
  readonly resource: BrownfieldResource;
  /** The node that the address belongs to. */
  readonly node?: string;
  /** False when a state of the shape may lack it. */
  readonly required: boolean;
}

/** Every managed address that a cluster of these nodes has in a shape. */
export const brownfieldAddresses = (
  shape: BrownfieldShape,
  nodes: readonly BrownfieldNode[],
): Continuation[] =>
  BROWNFIELD.flatMap((resource) => {
    const instances = resource.instances[shape];
    if (instances === undefined) return [];
    return keysOf(instances, nodes).map((key) => ({
      from: `${resource.address}${key ?? ""}`,
      resource,
      required: instances !== "at most [0]",
      ...(key?.startsWith('["') && { node: key.slice(2, -2) }),
    }));
  });

export interface MovedBlock {
  readonly from: string;
  readonly to: string;
}

/** The `moved` blocks with which these nodes continue, the same for every shape. */
export const movedBlocks = (nodes: readonly BrownfieldNode[]): MovedBlock[] =>
  brownfieldAddresses("H", nodes).flatMap(({ from, resource, node = "" }) =>
    resource.to ? [{ from, to: resource.to(node) }] : [],
  );

/**
 * Addresses that leave the state without being destroyed, in any shape. The applies are among it for nodes that the
 * environment does not have: those of its own nodes have moved before. The machine secrets, the bootstrap and the
 * kubeconfig are not: were a move to miss them, the plan must show it.
 */
export const forgottenAddresses = (): string[] =>
  BROWNFIELD.filter(({ to, address }) => !to || address.includes(".talos_machine_configuration_apply.")).map(
    ({ address }) => address,
  );
