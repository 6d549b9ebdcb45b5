import type { Construct } from "constructs";
import type { Environment } from "../environments/schema.ts";
import { RootApp } from "../lib/argocd/root-app.ts";
import { addKubernetesProviders, type KubernetesConnection } from "../lib/kubernetes/connection.ts";
import { anyApp } from "../lib/network/proofs/inventory.ts";
import { NetworkProof } from "../lib/network/proofs/network-proof.ts";
import { vixensPolicies } from "../lib/network/vixens-policies.ts";
import { HomelabStack } from "./homelab-stack.ts";
import { ARGOCD_NAMESPACE } from "./namespaces.ts";
import type { PlatformStack } from "./platform-stack.ts";

/**
 * `<env>-apps`: the root application, which hands the cluster to GitOps. The last layer, so the network of the whole
 * environment is proved here.
 */
export class AppsStack extends HomelabStack {
  constructor(
    scope: Construct,
    environment: Environment,
    connection: KubernetesConnection,
    platform: PlatformStack,
  ) {
    super(scope, "apps", environment);
    this.addDependency(platform);
    addKubernetesProviders(this, connection);
    new RootApp(this, "root-app", {
      environment: environment.name,
      repository: environment.gitops.repository,
      revision: environment.gitops.revision,
      selfHeal: environment.gitops.selfHeal,
      namespace: ARGOCD_NAMESPACE,
    });
    new NetworkProof(this, "network-proof", {
      ...platform.network,
      stacks: [platform, this],
      apps: environment.namespaces.map(({ name }) => anyApp(name)),
      ...(environment.gitops.clusterwidePolicies && {
        coexisting: { name: "vixens' clusterwide policies", policies: vixensPolicies },
      }),
    });
  }
}
