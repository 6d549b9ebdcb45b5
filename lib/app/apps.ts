import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { SCHEDULE_KIND } from "../backup/volume-backup.ts";
import { VolumeBackups } from "../backup/volume-backups.ts";
import { CustomResource } from "../core/kubernetes/custom-resource.ts";
import type { Names } from "../core/platform/names.ts";
import type { Allowance } from "../network/allowance.ts";
import type { AppPod } from "../network/app-pod.ts";
import { appAllowance } from "./allowances.ts";
import { App } from "./app.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { type Catalogue, catalogueOf } from "./catalogue.ts";
import { chartRepositoriesAllowance } from "./chart-repositories.ts";
import type { AppDeclaration } from "./declaration.ts";
import { kindsOf } from "./dependencies.ts";
import { isOnHostNetwork, type ResolvedApp } from "./resolved-app.ts";
import { type SecretStore, secretKind, secretStoreObject } from "./secrets.ts";
import { claimName } from "./storage.ts";

export interface AppsProps {
  /** Every app, of whatever environment. */
  readonly declarations: readonly AppDeclaration[];
  /** The environment that the apps live in. */
  readonly environment: AppEnvironment;
  /** Objects that must be there first. @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The apps that live in an environment, each after those it depends on.
 *
 * Refused: see `catalogueOf`. Nothing is made of a catalogue that is refused.
 */
export class Apps extends Construct {
  /** The environment as apps know it. */
  readonly environment: AppEnvironment;
  readonly catalogue: Catalogue;
  /** The allowances that the apps declare, for the proofs. */
  readonly allowances: readonly Allowance[];
  /** Their pods, for the proofs; those on a node's network are the node. */
  readonly pods: readonly AppPod[];
  private readonly constructs = new Map<AppDeclaration, App>();

  constructor(scope: Construct, id: string, props: AppsProps) {
    super(scope, id);
    this.environment = props.environment;
    this.catalogue = catalogueOf(props.declarations, props.environment);
    this.node.addValidation({ validate: () => [...this.catalogue.problems] });
    const isSound = this.catalogue.problems.length === 0;
    const apps = isSound ? [...this.catalogue.apps.values()] : [];
    const made = apps.map((app) => ({ app, allowance: appAllowance(app, this.catalogue.apps) }));
    const charts = chartRepositoriesAllowance(apps);
    this.allowances = [charts, ...made.map(({ allowance }) => allowance)].filter(
      (each) => each !== undefined,
    );
    const ground = [
      ...(props.dependsOn ?? []),
      ...(charts
        ? [new CustomResource(this, "charts", { object: charts.policy(), forceConflicts: true }).resource]
        : []),
    ];
    this.pods = apps
      .filter((app) => !isOnHostNetwork(app))
      .map(({ name, namespace, podLabels }) => ({
        namespace,
        labels: Object.keys(podLabels).length === 0 ? { "app.kubernetes.io/name": name } : podLabels,
      }));
    const sizes = new Map(this.catalogue.ownNamespaces.map(({ name, size }) => [name, size]));
    const { constructs } = this;
    const byWave = made.toSorted((a, b) => this.waveOf(a.app) - this.waveOf(b.app));
    for (const { app, allowance } of byWave) {
      const before = app.dependencies.flatMap((each) => constructs.get(each)?.application ?? []);
      constructs.set(
        app.declaration,
        new App(this, app.name, {
          app,
          allowance,
          environment: props.environment,
          namespaceRequests: this.catalogue.requests.get(app.namespace),
          namespaceSize: app.ownsNamespace ? sizes.get(app.namespace) : undefined,
          dependsOn: [...ground, ...before],
        }),
      );
    }
    this.addSecretStore(props.environment.secretStore);
    if (!props.environment.backsVolumesUp) return;
    const definers = this.bringing(SCHEDULE_KIND).map(({ application }) => application);
    this.addVolumeBackups(apps, props.environment.names, [...ground, ...definers]);
  }

  private addSecretStore(store: SecretStore): void {
    const object = secretStoreObject(store);
    const operators = this.bringing(secretKind(store));
    if (!object || operators.length === 0) return;
    new CustomResource(this, "secret-store", {
      object,
      dependsOn: operators.map(({ application }) => application),
    });
  }

  /** The apps that bring definitions of a kind, each with its Application. */
  bringing(kind: string): { readonly namespace: string; readonly application: ITerraformDependable }[] {
    return [...this.catalogue.apps.values()]
      .filter((app) => kindsOf(app).includes(kind))
      .flatMap(({ declaration, namespace }) => {
        const application = this.constructs.get(declaration)?.application;
        return application ? [{ namespace, application }] : [];
      });
  }

  /** Definitions come with a chart, so Schedules wait for the app that has it. */
  private addVolumeBackups(
    apps: readonly ResolvedApp[],
    { manager }: Names,
    after: ITerraformDependable[],
  ): void {
    const claims = apps.flatMap(({ name, namespace, storage }) =>
      Object.entries(storage)
        .filter(([, { madeByChart }]) => !madeByChart)
        .map(([volume, { backup = "daily" }]) => ({ namespace, name: claimName(name, volume), backup })),
    );
    new VolumeBackups(this, "volume-backups", { claims, manager, dependsOn: after });
  }

  private waveOf(app: Parameters<Catalogue["waves"]["get"]>[0]): number {
    return this.catalogue.waves.get(app) ?? 0;
  }
}
