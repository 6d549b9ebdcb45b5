import type { Construct, IConstruct } from "constructs";
import { engineOf, gitopsPath } from "../environments/gitops.ts";
import { environmentCharts } from "../environments/recorded/chart-facts.ts";
import type { ChartSource } from "../environments/recorded/chart-request.ts";
import { gitopsFacts, gitopsFactsProblem } from "../environments/recorded/gitops-facts.ts";
import type { Environment } from "../environments/schema.ts";
import { secretServerOf } from "../environments/secret-store.ts";
import { admissionWorld } from "../lib/admission/admit.ts";
import type { AppEnvironment } from "../lib/app/app-environment.ts";
import { applicationFacts } from "../lib/app/application.ts";
import { Apps } from "../lib/app/apps.ts";
import type { AppDeclaration } from "../lib/app/declaration.ts";
import { FLUX_CHART, FLUX_KIND } from "../lib/app/dependencies.ts";
import type { ResolvedApp } from "../lib/app/resolved-app.ts";
import { RootApp } from "../lib/argocd/root-app.ts";
import { addKubernetesProviders, type KubernetesConnection } from "../lib/core/kubernetes/connection.ts";
import { ARGOCD_NAMESPACE } from "../lib/core/platform/namespaces.ts";
import type { HttpUrl } from "../lib/core/values/http-url.ts";
import { FluxSync } from "../lib/flux/flux-sync.ts";
import { clusterPlaces, type OutsidePlace } from "../lib/network/cluster-places.ts";
import { admissionProblems } from "../lib/proofs/admission/problems.ts";
import { measuredProblems } from "../lib/proofs/capacity/measured.ts";
import { roomProblems } from "../lib/proofs/capacity/room.ts";
import { appDemands, environmentDemands } from "../lib/proofs/network/demands.ts";
import { anyApp } from "../lib/proofs/network/inventory.ts";
import { NetworkProof } from "../lib/proofs/network/network-proof.ts";
import { startProblems, undefinedKinds } from "../lib/proofs/start-order/start-order.ts";
import { HomelabStack } from "./homelab-stack.ts";
import { ownedNames } from "./owned-names.ts";
import type { PlatformStack } from "./platform-stack.ts";

/**
 * `<env>-apps`: the root application, which hands the cluster to GitOps, and every app of `apps/` that lives in the
 * environment. The last layer, so what the whole environment must hold is checked here: that everything fits the
 * nodes, and its network.
 */
export class AppsStack extends HomelabStack {
  constructor(
    scope: Construct,
    environment: Environment,
    connection: KubernetesConnection,
    platform: PlatformStack,
    declarations: readonly AppDeclaration[],
    charts: ChartSource,
  ) {
    super(scope, "apps", environment);
    this.addDependency(platform);
    addKubernetesProviders(this, connection);
    const { nodes, cluster, namespaces, gitops } = environment;
    const engine = engineOf(environment);
    const rootApp = new RootApp(this, "root-app", {
      environment: environment.name,
      prefix: environment.names.prefix,
      repository: gitops.repository,
      path: gitopsPath(environment),
      revision: engine === "argocd" ? gitops.revision : "none",
      selfHeal: gitops.selfHeal,
      namespace: ARGOCD_NAMESPACE,
    });
    const home = appEnvironment(environment, platform, [platform, rootApp], charts);
    const apps = new Apps(this, "apps", { declarations, environment: home });
    const { catalogue, allowances, pods } = apps;
    if (engine === "flux") this.addFlux(apps);
    // Of a catalogue that is refused nothing is made.
    const sound: typeof catalogue.apps = catalogue.problems.length > 0 ? new Map() : catalogue.apps;
    this.node.addValidation({
      validate: () =>
        roomProblems({
          environment,
          home,
          // What an app that cannot be read needs is not known.
          apps: catalogue.requests.size > 0 ? [...catalogue.apps.values()] : [],
          charts,
          isSound: catalogue.problems.length === 0,
        }),
    });
    const accepted = environment.acceptedRisks.map(({ id }) => id);
    this.node.addValidation({
      validate: () =>
        measuredProblems(
          { nodes, controlPlane: cluster.controlPlane },
          environment.measuredRequests,
          accepted,
        ),
    });
    this.node.addValidation({ validate: () => startOrderProblems(environment, [...sound.values()]) });
    const sizes = new Map([...namespaces, ...catalogue.ownNamespaces].map(({ name, size }) => [name, size]));
    const admittedApps = [...catalogue.apps.values()].map((app) => ({
      ...app,
      size: sizes.get(app.namespace),
      facts: applicationFacts(app, home),
    }));
    this.node.addValidation({ validate: () => admissionProblems(admittedApps, accepted, home.admission) });
    const beside = engine === "argocd" ? gitopsFacts(environment.name) : undefined;
    new NetworkProof(this, "network-proof", {
      ...platform.network,
      mode: environment.networkPolicy.mode,
      stacks: scope.node.children.filter(isStackOf(environment)),
      apps: [...namespaces.map(({ name }) => anyApp(name)), ...pods],
      declaredByApps: allowances,
      demands: [...environmentDemands(environment), ...appDemands(sound)],
      resolved: [...sound.values()],
      ...(beside && { coexisting: { ...beside, problem: gitopsFactsProblem(beside, environment) } }),
    });
  }

  /** Flux itself is an app; without one there is nobody to sync. */
  private addFlux(apps: Apps): void {
    const { name, names, gitops } = this.environment;
    const [flux] = apps.bringing(FLUX_KIND);
    this.node.addValidation({
      validate: () =>
        flux || apps.catalogue.problems.length > 0
          ? []
          : [
              `gitops.engine: must have an app in ${name} that brings ${FLUX_KIND}, e.g. of the chart ${FLUX_CHART}: got "flux"`,
            ],
    });
    if (!flux) return;
    new FluxSync(this, "flux", {
      name: names.prefix,
      namespace: flux.namespace,
      repository: gitops.repository,
      revision: gitops.revision,
      path: gitopsPath(this.environment),
      dependsOn: [flux.application],
    });
  }
}

/** Releases and machines whose kinds count as defined: the platform's own. */
const PLATFORM_DEFINERS = ["argocd", "cilium", "talos"];

const startOrderProblems = (environment: Environment, apps: readonly ResolvedApp[]): string[] => [
  ...undefinedKinds(environment.name, apps, PLATFORM_DEFINERS, environment.secretStore),
  ...startProblems({ environment, apps, charts: environmentCharts(environment.name) }),
];

const isStackOf =
  (environment: Environment) =>
  (construct: unknown): construct is HomelabStack =>
    construct instanceof HomelabStack && construct.environment === environment;

/** The facts of an environment that apps need. */
const appEnvironment = (
  environment: Environment,
  { secretStore }: PlatformStack,
  before: readonly IConstruct[],
  charts: ChartSource,
): AppEnvironment => {
  const { name, names, namespaces, cluster, nodes, backup, edge, loadBalancer, argocd, acceptedRisks } =
    environment;
  return {
    name,
    names,
    namespaces,
    cluster,
    nodes,
    backup,
    edge,
    secretStore,
    staticAddresses: loadBalancer.static,
    taken: new Map([
      [argocd.hostname, "ArgoCD's"],
      [`${argocd.address}`, "ArgoCD's"],
    ]),
    owned: ownedNames(
      name,
      before,
      namespaces.map((each) => each.name),
    ),
    places: clusterPlaces(environment),
    outside: outsidePlaces(environment),
    acceptedRisks: acceptedRisks.map(({ id }) => id),
    nodesUnderPolicy: environment.networkPolicy.nodes !== "off",
    backsVolumesUp: backup?.volumes != null,
    storageClasses: environment.storageClasses,
    extensions: extensionsOfWorkers(environment),
    charts,
    admission: admissionWorld(environment.admission, environment.names.prefix),
    argocdNamespace: ARGOCD_NAMESPACE,
    gitops: environment.gitops,
  };
};

/** Extensions that every node which takes workloads has: a pod can land on any of them. */
const extensionsOfWorkers = ({ nodes, cluster, schematics }: Environment): string[] => {
  const [first = [], ...others] = nodes
    .filter(({ role }) => role === "worker" || cluster.controlPlane === "converged")
    .map(({ schematic }) => schematics[schematic]?.extensions ?? []);
  return first.filter((extension) => others.every((each) => each.includes(extension)));
};

/** Servers that the environment relies on, and ends of its exceptions that are no pods. */
const outsidePlaces = ({
  gitops,
  backup,
  state,
  secretStore: store,
  networkPolicy,
}: Environment): OutsidePlace[] => {
  const endpoints: readonly (readonly [path: string, to: HttpUrl | string | null | undefined])[] = [
    ["gitops.repository", gitops.repository],
    ["backup.endpoint", backup?.endpoint],
    ["backup.copy.endpoint", backup?.copy?.endpoint],
    ["backup.volumes.endpoint", backup?.volumes?.endpoint],
    ["state.endpoint", state.kind === "s3" ? state.endpoint : undefined],
    ["secretStore.server", secretServerOf(store)],
    ...networkPolicy.exceptions.flatMap(({ name, ...ends }) =>
      (["from", "to"] as const).map((end) => {
        const peer = ends[end];
        const place = "cidr" in peer ? String(peer.cidr) : "fqdn" in peer ? peer.fqdn : undefined;
        return [`networkPolicy.exceptions.${name}.${end}`, place] as const;
      }),
    ),
  ];
  return endpoints.flatMap(([path, to]) => (to == null ? [] : [{ path, to: String(to) }]));
};
