/** Finds the app that fits with another size, or in another namespace, where all of them together do not. */
import { POD_SECURITY_STANDARDS, type PodSecurityStandard } from "../core/kubernetes/pod-security.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { APP_SIZES, type AppSize } from "./sizes.ts";
import type { ValuesEnvironment } from "./values-environment.ts";

/** Apps that are named at most. */
const NAMED = 3;

const strictness = (standard: PodSecurityStandard): number => POD_SECURITY_STANDARDS.indexOf(standard);

interface Alternative {
  readonly app: ResolvedApp;
  readonly words: string;
}

/** The app in smaller sizes, the largest first. */
const smaller = (app: ResolvedApp): Alternative[] => {
  const sizes = Object.keys(APP_SIZES) as AppSize[];
  return sizes
    .slice(0, sizes.indexOf(app.size))
    .reverse()
    .map((size) => ({ app: { ...app, size }, words: `${app.name} with --size ${size}` }));
};

/** The app in namespaces that are there already and let its pods in. */
const elsewhere = (app: ResolvedApp, { namespaces }: Pick<ValuesEnvironment, "namespaces">): Alternative[] =>
  namespaces
    .filter(({ name }) => name !== app.namespace)
    .filter(({ podSecurity }) => strictness(podSecurity) <= strictness(app.podSecurity))
    .map(({ name }) => ({
      app: { ...app, namespace: name, ownsNamespace: false },
      words: `${app.name} with --namespace ${name}`,
    }));

/**
 * Names single changes, as `new-app` has flags for them, with which everything fits: of the apps declared last first, as
 * new ones come last. What a chart renders at another size is not known, so only images are looked at.
 */
export const whatFits = (
  apps: readonly ResolvedApp[],
  environment: Pick<ValuesEnvironment, "namespaces">,
  fits: (apps: readonly ResolvedApp[]) => boolean,
): string[] => {
  const found: string[] = [];
  const first = (several: readonly Alternative[], old: ResolvedApp) =>
    several.find(({ app }) => fits(apps.map((each) => (each === old ? app : each))))?.words ?? [];
  for (const app of apps.toReversed()) {
    if (found.length >= NAMED) break;
    if (app.source.kind !== "image" || app.hibernates) continue;
    found.push(...[smaller(app), elsewhere(app, environment)].flatMap((several) => first(several, app)));
  }
  return found;
};
