import type { Construct } from "constructs";
import type { Environment } from "../environments/schema.ts";
import type { KubernetesConnection } from "../lib/core/kubernetes/connection.ts";
import { etcdBackupAccess } from "../lib/core/platform/etcd-backup-access.ts";
import { TalosProvider } from "../lib/core/providers/talos/provider.ts";
import { TalosCluster } from "../lib/talos/talos-cluster.ts";
import { adoptedMachines } from "./adoption.ts";
import { HomelabStack } from "./homelab-stack.ts";

/** Nodes that this synthesis treats otherwise: see `TalosCluster`. Those of other environments are left alone. */
export interface NodeOverrides {
  readonly maintenanceNodes: readonly string[];
  readonly stagedNodes: readonly string[];
}

/** `<env>-cluster`: machine secrets, machine configuration, bootstrap and credentials. */
export class ClusterStack extends HomelabStack {
  /** Connection of the stacks below to the API server. */
  readonly connection: KubernetesConnection;

  constructor(scope: Construct, environment: Environment, overrides: NodeOverrides) {
    super(scope, "cluster", environment);
    const { cluster, versions, nodes } = environment;
    const own = (names: readonly string[]) =>
      names.filter((name) => nodes.some((node) => node.name === name));
    const adopted = adoptedMachines(environment);
    new TalosProvider(this, "talos");
    const talos = new TalosCluster(this, "talos-cluster", {
      name: cluster.name,
      vip: cluster.vip,
      endpoint: cluster.endpoint,
      subnet: cluster.subnet,
      podSubnet: cluster.podSubnet,
      serviceSubnet: cluster.serviceSubnet,
      controlPlane: cluster.controlPlane,
      bootstrapNode: cluster.bootstrapNode,
      timeServers: environment.timeServers,
      ...(environment.bootTimeout !== undefined && { bootTimeout: environment.bootTimeout }),
      ...(environment.diskEncryption && { diskEncryption: environment.diskEncryption }),
      talosVersion: versions.talos,
      kubernetesVersion: versions.kubernetes,
      schematics: environment.schematics,
      nodes,
      talosApiAccess: etcdBackupAccess.talosApi,
      maintenanceNodes: own(overrides.maintenanceNodes),
      stagedNodes: own(overrides.stagedNodes),
      ...(adopted && { adopted }),
    });
    this.connection = {
      // Known without the state, so that a plan of the stacks below can show it.
      host: `${cluster.endpoint}`,
      clusterCaCertificate: talos.clusterCaCertificate,
      clientCertificate: talos.clientCertificate,
      clientKey: talos.clientKey,
    };
  }
}
