import { IngressV1 } from "@cdktf/provider-kubernetes/lib/ingress-v1";
import { PersistentVolumeClaimV1 } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1";
import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { volumeBackupLabels } from "../backup/volume-backup.ts";
import { CustomResource } from "../core/kubernetes/custom-resource.ts";
import { GovernedNamespace } from "../governance/governed-namespace.ts";
import type { NamespaceRequests, NamespaceSize } from "../governance/sizes.ts";
import type { Allowance } from "../network/allowance.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { applicationFacts, applicationObject, projectObject } from "./application.ts";
import { hasBudget } from "./disruption-budgets.ts";
import { nodePolicyOf } from "./node-policy.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { ingressOf, namedIngressOf } from "./route.ts";
import { secretObjects } from "./secrets.ts";
import { accessMode, claimName } from "./storage.ts";
import { httpRouteOf } from "./way-routes.ts";

export interface AppConstructProps {
  /** The app as it lives in this environment. */
  readonly app: ResolvedApp;
  /** The environment as far as the app needs to know it. */
  readonly environment: AppEnvironment;
  /** Size of its own namespace; undefined when it shares one. */
  readonly namespaceSize: NamespaceSize | undefined;
  /** The requests that the pods of that namespace may make; undefined for those that its size allows. */
  readonly namespaceRequests: NamespaceRequests | undefined;
  /** Its flows; undefined when it has none that a policy decides. */
  readonly allowance: Allowance | undefined;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Everything that one app becomes: its namespace with quota and limit range, its network policy, secrets, claims,
 * route and disruption budget, which are Terraform's; and the Application with its AppProject, which hands the
 * workload to ArgoCD. The Application comes last, so no pod starts before its policy.
 *
 * A claim is never destroyed by a plan; nor is a namespace, with what is in it.
 */
export class App extends Construct {
  /** The Application's resource, for apps that come after this one. */
  readonly application: ITerraformDependable;

  constructor(scope: Construct, id: string, props: AppConstructProps) {
    super(scope, id);
    const { app, environment, allowance, dependsOn = [] } = props;
    const inNamespace = this.addNamespace(props);
    const nodePolicy = allowance && environment.nodesUnderPolicy ? nodePolicyOf(allowance) : undefined;
    const policy = [
      { id: "network-policy", object: allowance?.policy() },
      { id: "node-policy", object: nodePolicy },
    ].flatMap(({ id, object }) =>
      object ? [new CustomResource(this, id, { object, forceConflicts: true, dependsOn }).resource] : [],
    );
    const secrets = secretObjects(app, environment.secretStore).map(
      (object) =>
        new CustomResource(this, `secret-${object.metadata?.name}`, { object, dependsOn: inNamespace })
          .resource,
    );
    const claims = this.addClaims(app, inNamespace);
    this.addRoutes(app, environment, inNamespace);
    this.addDisruptionBudget(app, inNamespace);
    const project = new CustomResource(this, "project", {
      object: projectObject(app, environment.argocdNamespace, applicationFacts(app, environment)),
      dependsOn,
    }).resource;
    this.application = new CustomResource(this, "application", {
      object: applicationObject(app, environment.argocdNamespace),
      literal: true,
      waitsUntilGone: true,
      dependsOn: [...inNamespace, ...policy, ...secrets, ...claims, project],
    }).resource;
  }

  private addNamespace({
    app,
    namespaceSize,
    namespaceRequests: requests,
    dependsOn = [],
  }: AppConstructProps): ITerraformDependable[] {
    if (namespaceSize === undefined) return dependsOn;
    const { namespace, quota } = new GovernedNamespace(this, "namespace", {
      name: app.namespace,
      podSecurity: app.podSecurity,
      size: namespaceSize,
      ...(requests && { requests }),
      dependsOn,
    });
    return [...dependsOn, ...(namespace ? [namespace] : []), quota.resource];
  }

  private addClaims({ name, namespace, storage, names }: ResolvedApp, dependsOn: ITerraformDependable[]) {
    return Object.entries(storage)
      .filter(([, { madeByChart }]) => !madeByChart)
      .map(
        ([volume, { class: storageClassName, size, backup = "daily", access }]) =>
          new PersistentVolumeClaimV1(this, `claim-${volume}`, {
            metadata: {
              name: claimName(name, volume),
              namespace,
              labels: volumeBackupLabels(backup, names.manager),
            },
            spec: {
              accessModes: [accessMode({ access })],
              storageClassName,
              resources: { requests: { storage: size } },
            },
            // Classes that wait for their first pod never bind before it is there.
            waitUntilBound: false,
            lifecycle: { preventDestroy: true },
            dependsOn,
          }),
      );
  }

  private addRoutes(app: ResolvedApp, { edge }: AppEnvironment, dependsOn: ITerraformDependable[]): void {
    const ingress = ingressOf(app, edge);
    if (ingress) new IngressV1(this, "route", { ...ingress, dependsOn });
    for (const named of app.alsoAt) {
      const [further, object] = [namedIngressOf(app, edge, named), httpRouteOf(app, named)];
      if (further) new IngressV1(this, `route-${named.by}`, { ...further, dependsOn });
      if (object) new CustomResource(this, `route-${named.by}`, { object, dependsOn });
    }
  }

  private addDisruptionBudget(app: ResolvedApp, dependsOn: ITerraformDependable[]): void {
    if (!hasBudget(app)) return;
    new PodDisruptionBudgetV1(this, "disruption-budget", {
      metadata: { name: app.name, namespace: app.namespace },
      spec: { maxUnavailable: "1", selector: { matchLabels: { ...app.podLabels } } },
      dependsOn,
    });
  }
}
