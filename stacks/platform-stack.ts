import type { ITerraformDependable, TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { backupUrlOf } from "../environments/absent.ts";
import { vlanInterfaceName } from "../environments/interfaces.ts";
import type { ChartSource } from "../environments/recorded/chart-request.ts";
import type { Environment } from "../environments/schema.ts";
import { admissionWorld } from "../lib/admission/admit.ts";
import { declaredRequests } from "../lib/app/catalogue.ts";
import type { AppDeclaration } from "../lib/app/declaration.ts";
import type { SecretStore } from "../lib/app/secrets.ts";
import { ArgoCd } from "../lib/argocd/argo-cd.ts";
import { InfisicalBootstrapSecret } from "../lib/argocd/infisical-bootstrap-secret.ts";
import { ageRecipientVariable } from "../lib/backup/age-recipient.ts";
import type { BackupBucket, BackupBucketOutputs } from "../lib/backup/backup-bucket.ts";
import { EtcdBackup } from "../lib/backup/etcd-backup.ts";
import { VeleroCredentials } from "../lib/backup/velero-credentials.ts";
import { VELERO_NAMESPACE } from "../lib/backup/volume-backup.ts";
import { Cilium, type CiliumOutputs } from "../lib/cilium/cilium.ts";
import { L2AnnouncementPolicy } from "../lib/cilium/l2-announcement-policy.ts";
import { LoadBalancerPool } from "../lib/cilium/load-balancer-pool.ts";
import { ApiServerReady } from "../lib/core/kubernetes/api-server-ready.ts";
import { addKubernetesProviders, type KubernetesConnection } from "../lib/core/kubernetes/connection.ts";
import { ARGOCD_NAMESPACE, ETCD_BACKUP_NAMESPACE } from "../lib/core/platform/namespaces.ts";
import { type BucketPlace, bucketUrl } from "../lib/core/values/s3-location.ts";
import { GovernedNamespace } from "../lib/governance/governed-namespace.ts";
import { PlatformNamespace } from "../lib/governance/platform-namespace.ts";
import { PriorityClasses, priorityClassName } from "../lib/governance/priority-classes.ts";
import { DefaultDeny } from "../lib/network/default-deny.ts";
import { exceptionAllowance } from "../lib/network/exceptions.ts";
import { HostPolicy } from "../lib/network/host-policy.ts";
import { etcdBackupCopyAllowance, platformAllowances } from "../lib/network/platform-allowances.ts";
import { profileAllowances } from "../lib/network/profiles.ts";
import type { NetworkProofProps } from "../lib/proofs/network/network-proof.ts";
import type { BackupStack } from "./backup-stack.ts";
import { HomelabStack } from "./homelab-stack.ts";

/**
 * `<env>-platform`: everything in the cluster that apps stand on.
 *
 * In this order: the API server answers; Cilium; addresses and network policies; ArgoCD and the etcd backup, which
 * need all of it. Namespaces and priority classes need the API server alone.
 */
export class PlatformStack extends HomelabStack {
  /** The facts that the network's proof starts from. */
  readonly network: Omit<NetworkProofProps, "apps" | "mode" | "stacks">;
  /** The store that apps have their secrets from. */
  readonly secretStore: SecretStore;

  constructor(
    scope: Construct,
    environment: Environment,
    connection: KubernetesConnection,
    backup: BackupStack,
    declarations: readonly AppDeclaration[],
    charts: ChartSource,
  ) {
    super(scope, "platform", environment);
    addKubernetesProviders(this, connection);
    const { dataSource: apiServer } = new ApiServerReady(this, "api-server-ready", {
      connection,
      clusterName: environment.cluster.name,
    });
    const { resources: priorityClasses } = new PriorityClasses(this, "priority-classes", {
      prefix: environment.names.prefix,
      dependsOn: [apiServer],
    });
    const namespaces = this.addNamespaces(environment, declarations, charts, [apiServer]);
    const { release: cilium, outputs } = this.addCilium(environment, [apiServer]);
    const { applied, ...network } = this.addNetworkPolicies(environment, [cilium]);
    this.network = { ...network, ...this.addHostPolicy(environment, outputs, [cilium]) };
    const ground = [...priorityClasses, ...this.addLoadBalancer(environment, [cilium]), ...applied];
    this.secretStore = this.addArgoCd(environment, [apiServer], ground);
    this.addEtcdBackup(environment, backup, [apiServer], ground);
    if (backup.volumes) this.addVeleroCredentials(backup.volumes, namespaces, [apiServer]);
  }

  /** Namespaces that apps share, by name; what they may request follows from the apps. */
  private addNamespaces(
    environment: Environment,
    declarations: readonly AppDeclaration[],
    charts: ChartSource,
    dependsOn: ITerraformDependable[],
  ): Map<string, GovernedNamespace> {
    const needs = declaredRequests(declarations, {
      ...environment,
      charts,
      admission: admissionWorld(environment.admission, environment.names.prefix),
    });
    return new Map(
      environment.namespaces.map(({ name, podSecurity, size }) => {
        const requests = needs.get(name);
        const quota = { size, ...(requests && { requests }) };
        return [
          name,
          new GovernedNamespace(this, `namespace-${name}`, { name, podSecurity, ...quota, dependsOn }),
        ];
      }),
    );
  }

  /** Velero's chart finds them where it is installed. */
  private addVeleroCredentials(
    { outputs }: BackupBucket,
    namespaces: ReadonlyMap<string, GovernedNamespace>,
    apiServer: ITerraformDependable[],
  ): void {
    const namespace =
      namespaces.get(VELERO_NAMESPACE)?.namespace ??
      new PlatformNamespace(this, `namespace-${VELERO_NAMESPACE}`, {
        name: VELERO_NAMESPACE,
        podSecurity: "privileged",
        dependsOn: apiServer,
      }).resource;
    new VeleroCredentials(this, "velero-credentials", { credentials: outputs, dependsOn: [namespace] });
  }

  private addCilium(
    { versions, nodes, loadBalancer, networkPolicy, edge }: Environment,
    dependsOn: ITerraformDependable[],
  ): Cilium {
    return new Cilium(this, "cilium", {
      version: versions.cilium,
      nodeCount: nodes.length,
      loadBalancerServices: loadBalancer.static.size + loadBalancer.automatic.size,
      policyMode: networkPolicy.mode,
      hostFirewall: networkPolicy.nodes !== "off",
      gatewayApi: Object.values(edge.ways ?? {}).some(
        (way) => way.kind === "gateway" && way.class === "cilium",
      ),
      dependsOn,
    });
  }

  private addHostPolicy(
    { cluster, networkPolicy: { nodes } }: Environment,
    cilium: CiliumOutputs,
    dependsOn: ITerraformDependable[],
  ): Pick<NetworkProofProps, "hosts"> {
    if (nodes === "off") return {};
    const rules = { vip: cluster.vip, managementCidrs: nodes.managementCidrs };
    new HostPolicy(this, "host-policy", {
      mode: nodes.mode,
      ...rules,
      cilium,
      dependsOn,
    });
    return { hosts: rules };
  }

  private addLoadBalancer(
    { name, names: { prefix }, loadBalancer, nodes, cluster }: Environment,
    dependsOn: ITerraformDependable[],
  ): ITerraformDependable[] {
    const { pool } = new LoadBalancerPool(this, "load-balancer-pool", {
      environment: name,
      prefix,
      static: loadBalancer.static,
      automatic: loadBalancer.automatic,
      dependsOn,
    });
    const { policy } = new L2AnnouncementPolicy(this, "l2-announcement-policy", {
      environment: name,
      prefix,
      interfaces: loadBalancer.interfaces,
      nodes: nodes.map((node) => ({
        name: node.name,
        role: node.role,
        interface: vlanInterfaceName(node.interface, loadBalancer.vlan),
      })),
      controlPlane: cluster.controlPlane,
      dependsOn,
    });
    return [pool.resource, policy.resource];
  }

  private addNetworkPolicies(
    environment: Environment,
    dependsOn: ITerraformDependable[],
  ): PlatformStack["network"] & { readonly applied: ITerraformDependable[] } {
    const { networkPolicy, namespaces, gitops, backup } = environment;
    const urls = { repository: gitops.repository, backupEndpoint: backupUrlOf(environment) };
    const allowances = [
      ...platformAllowances(urls),
      ...(backup?.copy ? [etcdBackupCopyAllowance(bucketUrl(backup.copy))] : []),
      ...namespaces.flatMap(({ name, profiles }) => profileAllowances(name, profiles)),
      ...networkPolicy.exceptions.map(exceptionAllowance),
    ];
    const { resources } = new DefaultDeny(this, "network", {
      mode: networkPolicy.mode,
      allowances,
      dependsOn,
    });
    return {
      ...urls,
      allowances,
      applied: resources,
    };
  }

  private addArgoCd(
    { versions, argocd, secretStore, names }: Environment,
    apiServer: ITerraformDependable[],
    ground: ITerraformDependable[],
  ): SecretStore {
    const namespace = new PlatformNamespace(this, "namespace-argocd", {
      name: ARGOCD_NAMESPACE,
      podSecurity: "baseline",
      dependsOn: apiServer,
    });
    const store = this.addSecretStore(secretStore, namespace.resource);
    new ArgoCd(this, "argocd", {
      chartVersion: versions.argocdChart,
      namespace: ARGOCD_NAMESPACE,
      address: argocd.address,
      hostname: argocd.hostname,
      plainHttp: argocd.plainHttp,
      authDisabled: argocd.authDisabled,
      anonymous: argocd.anonymous,
      admin: argocd.admin,
      ...(argocd.adminPasswordChangedAt !== undefined && {
        adminPasswordChangedAt: argocd.adminPasswordChangedAt,
      }),
      priorityClassName: priorityClassName(names.prefix, "critical"),
      dependsOn: [namespace.resource, ...ground],
    });
    return store;
  }

  /** Infisical's operator reads with an identity that is there before it; other stores bring their own. */
  private addSecretStore(store: Environment["secretStore"], namespace: ITerraformDependable): SecretStore {
    if (store.kind !== "infisical") return store;
    const { outputs: credentials } = new InfisicalBootstrapSecret(this, "infisical", {
      namespace: ARGOCD_NAMESPACE,
      dependsOn: [namespace],
    });
    return { ...store, credentials };
  }

  private addEtcdBackup(
    { backup, cluster, names }: Environment,
    buckets: Pick<BackupStack, "bucket" | "copy">,
    apiServer: ITerraformDependable[],
    ground: ITerraformDependable[],
  ): void {
    if (!backup || !buckets.bucket) return;
    const namespace = new PlatformNamespace(this, "namespace-etcd-backup", {
      name: ETCD_BACKUP_NAMESPACE,
      podSecurity: "restricted",
      dependsOn: apiServer,
    });
    const ageRecipients = backup.ageRecipients ?? [ageRecipientVariable(this).stringValue];
    const add = (
      id: string,
      place: BucketPlace,
      { bucket, ...credentials }: BackupBucketOutputs,
      name?: string,
    ) =>
      new EtcdBackup(this, id, {
        ...(name !== undefined && { name }),
        clusterName: cluster.name,
        priorityClassName: priorityClassName(names.prefix, "high"),
        bucket,
        region: place.region,
        endpoint: place.endpoint,
        prefix: backup.prefix,
        tiers: backup.tiers,
        ageRecipients,
        image: backup.image,
        credentials,
        dependsOn: [namespace.resource, ...ground],
      });
    const { cronJobs } = add("etcd-backup", backup, buckets.bucket);
    if (backup.copy && buckets.copy)
      add("etcd-backup-copy", backup.copy, buckets.copy, `${EtcdBackup.access.name}-copy`);
    this.replaceOldCronJob(cronJobs.values().next().value);
  }

  /** Moves the one CronJob from before there were tiers, in a state that still has it, to that of the first tier. */
  private replaceOldCronJob(first: TerraformResource | undefined): void {
    if (!first) return;
    const type = first.terraformResourceType;
    this.addOverride("moved", [
      { from: `${type}.etcd-backup_cron-job_9570A269`, to: `${type}.${first.friendlyUniqueId}` },
    ]);
  }
}
