/** Which app comes before which. */
import type { AppDeclaration } from "./declaration.ts";
import type { ResolvedApp } from "./resolved-app.ts";

const dependenciesOf = ({ props }: AppDeclaration): AppDeclaration[] => [
  ...new Set([
    ...(props.dependsOn ?? []),
    ...[props.network, ...Object.values(props.override ?? {}).map((each) => each?.network)].flatMap((links) =>
      (links ?? []).flatMap((link) => (link.kind === "uses" ? [link.app] : [])),
    ),
  ]),
];

/**
 * Circles of apps that depend on each other, each once, as the names on the way around.
 *
 * Declarations are values, so TypeScript already forbids most circles; a getter or a late assignment does not.
 */
export const dependencyCycles = (apps: readonly AppDeclaration[]): string[][] => {
  const done = new Set<AppDeclaration>();
  const cycles: string[][] = [];
  const visit = (app: AppDeclaration, way: AppDeclaration[]): void => {
    const at = way.indexOf(app);
    if (at >= 0) {
      cycles.push([...way.slice(at), app].map(({ name }) => name));
      return;
    }
    if (done.has(app)) return;
    for (const each of dependenciesOf(app)) visit(each, [...way, app]);
    done.add(app);
  };
  for (const app of apps) visit(app, []);
  return cycles;
};

/** The length of the longest way to each app; apps that live elsewhere do not count. */
export const waves = (apps: readonly ResolvedApp[]): Map<ResolvedApp, number> => {
  const byDeclaration = new Map(apps.map((app) => [app.declaration, app]));
  const known = new Map<ResolvedApp, number>();
  const waveOf = (app: ResolvedApp): number => {
    const wave = known.get(app);
    if (wave !== undefined) return wave;
    const before = app.dependencies.flatMap((each) => byDeclaration.get(each) ?? []);
    const own = Math.max(-1, ...before.map(waveOf)) + 1;
    known.set(app, own);
    return own;
  };
  for (const app of apps) waveOf(app);
  return known;
};
