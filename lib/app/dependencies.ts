/** Which app comes before which. */

import { isCustomKind, kindsBroughtBy } from "../../environments/recorded/definers.ts";
import { cyclesOf } from "../core/cycles.ts";
import { platformPods } from "../network/platform-pods.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { lineOf } from "./problem-line.ts";
import { kindsIn } from "./rendered-kinds.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { type SecretStore, secretKind } from "./secrets.ts";

/** Kinds that the charts of secrets' operators define, for a chart that is not recorded. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  "secrets-operator": [secretKind({ kind: "infisical" })],
  "external-secrets": [secretKind({ kind: "external-secrets" })],
};

const SECRET_KINDS = Object.values(OPERATORS).flat();

/** Tells if that chart's operator fetches secrets from the store. */
export const bringsSecrets = (chart: string | undefined, store: Pick<SecretStore, "kind">): boolean =>
  OPERATORS[chart ?? ""]?.includes(secretKind(store)) === true;

/** The chart of Flux, and the kinds that sync a repository. */
export const FLUX_CHART = "flux2";
export const FLUX_KIND = "kustomize.toolkit.fluxcd.io/Kustomization";
const FLUX_KINDS = ["source.toolkit.fluxcd.io/GitRepository", FLUX_KIND];

/** Custom kinds whose definitions an app brings, as `group/Kind`. */
export const kindsOf = ({ environment, name, declaration: { props } }: ResolvedApp): readonly string[] => [
  ...kindsBroughtBy(environment, name),
  ...(props.defines ?? []),
  ...(OPERATORS[props.chart?.name ?? ""] ?? []),
  ...(props.chart?.name === FLUX_CHART ? FLUX_KINDS : []),
];

/** Custom kinds of the objects that an app becomes: those that fetch its secrets, and those of its chart. */
export const customKindsIn = (app: ResolvedApp, store: Pick<SecretStore, "kind">): readonly string[] =>
  [...(app.secrets.length > 0 ? [secretKind(store)] : []), ...kindsIn(app)].filter(isCustomKind);

/** The apps with those that bring definitions of what they consist of, and drivers of their claims, among their dependencies. */
export const withDefiners = (
  apps: readonly ResolvedApp[],
  {
    secretStore,
    storageClasses,
  }: Pick<AppEnvironment, "storageClasses"> & { readonly secretStore: Pick<SecretStore, "kind"> },
): ResolvedApp[] => {
  const brought = apps.map((app) => ({ app, kinds: kindsOf(app) }));
  return apps.map((app) => {
    const kinds = customKindsIn(app, secretStore);
    const classes = Object.values(app.storage).map((volume) => volume.class);
    const drivers = storageClasses.flatMap(({ name, driver }) =>
      classes.includes(name) && driver.side === "apps" ? [driver.name] : [],
    );
    const gateways = app.alsoAt.flatMap(({ way }) =>
      way?.kind === "gateway" && way.driver.side === "apps" ? [way.driver.name] : [],
    );
    const definers = brought
      .filter((each) => each.app !== app)
      .filter(
        (each) =>
          [...drivers, ...gateways].includes(each.app.name) ||
          each.kinds.some((kind) => kinds.includes(kind)),
      )
      .map((each) => each.app.declaration);
    return { ...app, dependencies: [...new Set([...app.dependencies, ...definers])] };
  });
};

/** The dependencies of an app that live where it lives. */
const before = (apps: readonly ResolvedApp[]): ((app: ResolvedApp) => ResolvedApp[]) => {
  const byDeclaration = new Map(apps.map((app) => [app.declaration, app]));
  return ({ dependencies }) => dependencies.flatMap((each) => byDeclaration.get(each) ?? []);
};

/**
 * Circles of apps that depend on each other, each once, as the names on the way around. Declarations are values, so
 * TypeScript forbids some; what an app needs without saying so, it does not see.
 */
export const dependencyCycles = (apps: readonly ResolvedApp[]): string[][] =>
  cyclesOf(apps, before(apps)).map((cycle) => cycle.map(({ name }) => name));

/** Waits that never end, though no two apps wait for each other: a line each. */
export const dependencyProblems = (apps: readonly ResolvedApp[]): string[] =>
  apps.flatMap((app) => [
    ...(app.secrets.length > 0 && kindsOf(app).some((kind) => SECRET_KINDS.includes(kind))
      ? [
          lineOf(app.name)(
            "secrets",
            "must be none: it fetches those of all apps, so nobody fetches its own",
            app.secrets,
          ),
        ]
      : []),
    ...(app.namespace === platformPods.traefik.namespace ? behindItself(app, apps) : []),
  ]);

/** Ways from the gateway to an app that it serves. */
const behindItself = (gateway: ResolvedApp, apps: readonly ResolvedApp[]): string[] => {
  const dependenciesOf = before(apps);
  const ways = (app: ResolvedApp, way: readonly ResolvedApp[]): (readonly ResolvedApp[])[] =>
    dependenciesOf(app)
      .filter((each) => !way.includes(each))
      .flatMap((each) => {
        const further = [...way, each];
        return each.host === undefined ? ways(each, further) : [further];
      });
  return ways(gateway, [gateway]).map((way) =>
    lineOf(gateway.name)(
      "dependsOn",
      "must not come after an app behind it; use reachedBy on that app where the gateway calls it",
      way.map(({ name }) => name).join(" → "),
    ),
  );
};

/** The length of the longest way to each app; apps that live elsewhere do not count. */
export const waves = (apps: readonly ResolvedApp[]): Map<ResolvedApp, number> => {
  const dependenciesOf = before(apps);
  const known = new Map<ResolvedApp, number>();
  const waveOf = (app: ResolvedApp): number => {
    const wave = known.get(app);
    if (wave !== undefined) return wave;
    const own = Math.max(-1, ...dependenciesOf(app).map(waveOf)) + 1;
    known.set(app, own);
    return own;
  };
  for (const app of apps) waveOf(app);
  return known;
};
