/** All apps of one environment together: what they are, in which order they come, and what does not go together. */

import { isFloating } from "../core/facts/images.ts";
import type { NamespaceRequests, NamespaceSize } from "../governance/sizes.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { type PodEnvironment, sizeOf } from "./app-pods.ts";
import { appProblems } from "./app-problems.ts";
import { crowdedNamespaces } from "./crowded-namespaces.ts";
import { databaseProblems, withDatabases } from "./databases.ts";
import { type AppDeclaration, environmentsOf, livesIn } from "./declaration.ts";
import { judgeDeclarations } from "./declaration-schema.ts";
import { dependencyCycles, dependencyProblems, waves, withDefiners } from "./dependencies.ts";
import { destinationProblems } from "./destination-problems.ts";
import { pluginProblems } from "./devices.ts";
import { floatingImageApp } from "./image.ts";
import { namespaceRequests } from "./namespace-requests.ts";
import { needProblems } from "./need-problems.ts";
import { isPrivileged, privilegedApp } from "./privilege-problems.ts";
import { lineOf } from "./problem-line.ts";
import type { AppFinder } from "./references.ts";
import { renderedProblems } from "./rendered-problems.ts";
import { type ResolvedApp, resolveApp } from "./resolved-app.ts";
import { sharedClaimProblems } from "./shared-claims.ts";
import type { ValuesEnvironment } from "./values-environment.ts";
import { gatewayProblems } from "./way-routes.ts";

export interface Catalogue {
  /** Apps that live here, by their declarations. */
  readonly apps: ReadonlyMap<AppDeclaration, ResolvedApp>;
  /** The number of apps that come before each, one after the other. */
  readonly waves: ReadonlyMap<ResolvedApp, number>;
  /** Sizes of the namespaces that belong to one app each. */
  readonly ownNamespaces: readonly { readonly name: string; readonly size: NamespaceSize }[];
  /** The requests that the apps of a namespace may make, by namespace: see `namespaceRequests`. */
  readonly requests: ReadonlyMap<string, NamespaceRequests>;
  /** The reasons of a refusal, a line each. */
  readonly problems: readonly string[];
}

/** The apps of `declarations` that live in the environment. Refused: see `appProblems`, and what apps cannot share. */
export const catalogueOf = (
  declarations: readonly AppDeclaration[],
  environment: AppEnvironment,
): Catalogue => {
  const { sound, problems: malformed, find } = judgeDeclarations(declarations);
  const { apps: living, problems: unresolved } = resolvedApps(sound, environment, find);
  const all = withDefiners([...living.values()], environment);
  const apps = new Map(all.map((app) => [app.declaration, app]));
  const unreadable = [...malformed, ...unresolved];
  const alone = [...nowhere(sound), ...all.flatMap((app) => appProblems(app, environment))];
  // What apps are to each other is not judged while one of them cannot be read: others may refer to it.
  if (unreadable.length > 0)
    return {
      apps,
      waves: new Map(),
      ownNamespaces: [],
      requests: new Map(),
      problems: [...unreadable, ...alone],
    };
  const cycles = dependencyCycles(all);
  const ownNamespaces = all
    .filter(({ ownsNamespace }) => ownsNamespace)
    .map((app) => ({
      name: app.namespace,
      podSecurity: app.podSecurity,
      size: sizeOf(app, environment),
    }));
  return {
    apps,
    waves: cycles.length > 0 ? new Map() : waves(all),
    ownNamespaces,
    requests: namespaceRequests(all, environment),
    problems: [
      ...alone,
      ...sharedValues(all),
      ...sharedClaimProblems(all),
      ...databaseProblems(all),
      ...pluginProblems(all, lineOf),
      ...destinationProblems(all, environment),
      ...needProblems(all, environment),
      ...missingDependencies(all, apps, environment.name),
      ...dependencyProblems(all),
      ...missingDrivers(all, environment),
      ...gatewayProblems(all, environment),
      ...cycles.map((names) => `apps: must not depend on each other in a circle: got ${names.join(" → ")}`),
      ...crowdedNamespaces(all, environment),
      ...idleApps(all),
      ...staleRisks(all, environment),
      ...renderedProblems(all, environment, [...environment.namespaces, ...ownNamespaces]),
    ],
  };
};

/** Computes the requests of an environment's namespaces, for those who build them before there are apps. */
export const declaredRequests = (
  declarations: readonly AppDeclaration[],
  environment: ValuesEnvironment & PodEnvironment,
): ReadonlyMap<string, NamespaceRequests> =>
  namespaceRequests(appsIn(declarations, environment).values(), environment);

/** The sound declarations that live in an environment, as they are there. */
export const appsIn = (
  declarations: readonly AppDeclaration[],
  environment: ValuesEnvironment,
): ReadonlyMap<AppDeclaration, ResolvedApp> => {
  const { sound, find } = judgeDeclarations(declarations);
  return resolvedApps(sound, environment, find).apps;
};

/** The apps that live in an environment, and a line for each whose values cannot be had there. */
const resolvedApps = (
  declarations: readonly AppDeclaration[],
  environment: ValuesEnvironment,
  find: AppFinder,
): { apps: Map<AppDeclaration, ResolvedApp>; problems: string[] } => {
  const apps = new Map<AppDeclaration, ResolvedApp>();
  const problems: string[] = [];
  const living = declarations.filter((each) => livesIn(each, environment.name));
  for (const declaration of living) {
    try {
      apps.set(declaration, resolveApp(declaration, environment, find));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      problems.push(
        lineOf(declaration.name)("values", `must be given for ${environment.name} without an error`, message),
      );
    }
  }
  return { apps: withDatabases(apps), problems };
};

const nowhere = (declarations: readonly AppDeclaration[]): string[] =>
  declarations
    .filter((each) => typeof each.props.host !== "string" && environmentsOf(each, []).length === 0)
    .map(({ name, props }) =>
      lineOf(name)("host", "must name an environment", props.host ?? props.environments),
    );

/** Refuses values that two apps share and only one can have. */
const sharedValues = (apps: readonly ResolvedApp[]): string[] => {
  const claims = apps.flatMap((app): (readonly [path: string, value: string, app: string])[] => [
    ["name", app.name, app.name],
    ...[app.host ?? [], ...app.alsoAt.map(({ host }) => host)]
      .flat()
      .map((host) => [`host.${app.environment}`, host, app.name] as const),
    ...(app.ownsNamespace ? [["namespace", app.namespace, app.name] as const] : []),
    ...app.links.flatMap((link) => {
      const address =
        link.kind === "exposed" && link.by.kind === "load-balancer" && link.by.address[app.environment];
      return address ? [["network.exposedBy(loadBalancer)", address, app.name] as const] : [];
    }),
  ]);
  const byValue = new Map<string, (typeof claims)[number][]>();
  for (const claim of claims) {
    const key = `${claim[0]} ${claim[1]}`;
    const same = byValue.get(key);
    if (same) same.push(claim);
    else byValue.set(key, [claim]);
  }
  return [...byValue.values()]
    .filter((same) => same.length > 1)
    .map(([first, ...others]) => {
      const [path, value, app] = first as readonly [string, string, string];
      const also = others.map(([, , name]) => name).join(", ");
      const cure =
        path === "namespace" ? ", and apps that share one have it in namespaces of the environment" : "";
      return lineOf(app)(path, `must be of one app; ${also} has it too${cure}`, value);
    });
};

const missingDependencies = (
  apps: readonly ResolvedApp[],
  living: ReadonlyMap<AppDeclaration, ResolvedApp>,
  environment: string,
): string[] =>
  apps.flatMap((app) =>
    app.dependencies
      .filter((each) => !living.has(each))
      .map(({ name }) =>
        lineOf(app.name)("dependsOn", `must live in ${environment} too, as ${app.name} does`, name),
      ),
  );

/** Storage classes that an app's claim asks for, and whose driver would be an app that does not live here. */
const missingDrivers = (apps: readonly ResolvedApp[], { name, storageClasses }: AppEnvironment): string[] =>
  storageClasses
    .filter(({ driver }) => driver.side === "apps" && !apps.some((app) => app.name === driver.name))
    .filter((given) =>
      apps.some(({ storage }) => Object.values(storage).some((volume) => volume.class === given.name)),
    )
    .map(
      ({ name: given, driver }) =>
        `storageClasses.${given}.driver.name: must be an app that lives in ${name}: got ${JSON.stringify(driver.name)}`,
    );

/** Apps that nothing reaches and that reach nothing, unless they say so; and those that say so wrongly. */
const idleApps = (apps: readonly ResolvedApp[]): string[] => {
  const used = new Set(
    apps.flatMap(({ links }) => links.flatMap((link) => (link.kind === "uses" ? [link.app] : []))),
  );
  return apps.flatMap((app) => {
    const { isolated } = app.declaration.props;
    const isIdle = !used.has(app.declaration) && app.links.every(({ kind }) => kind === "itself");
    if (isIdle === (isolated !== undefined)) return [];
    return isIdle
      ? [
          lineOf(app.name)(
            "network",
            "must say whom it reaches or who reaches it, or isolated why nobody",
            [],
          ),
        ]
      : [lineOf(app.name)("isolated", "must not stand on an app with flows", isolated)];
  });
};

/** Accepted risks of privileges that no app has, and of images that do not move. */
const staleRisks = (apps: readonly ResolvedApp[], { acceptedRisks }: AppEnvironment): string[] => {
  const unneeded = (
    id: string,
    of: (risk: string) => string | undefined,
    has: (app: ResolvedApp) => boolean,
  ) => of(id) !== undefined && !apps.some((app) => app.name === of(id) && has(app));
  const line = (id: string, what: string) =>
    `acceptedRisks.${id}: must silence something; no ${what} lives here by that name: got "${id}"`;
  return acceptedRisks.flatMap((id) => [
    ...(unneeded(id, privilegedApp, isPrivileged) ? [line(id, "privileged app")] : []),
    ...(unneeded(id, floatingImageApp, ({ source }) => source.kind !== "image" || isFloating(source.image))
      ? [line(id, "app whose image moves")]
      : []),
  ]);
};
