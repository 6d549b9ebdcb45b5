/** Claims that several apps mount. */
import { lineOf } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { claimName } from "./storage.ts";

/** Lines for apps that mount a claim of another, by a mount or by values, which one node has at a time or that is not there. */
export const sharedClaimProblems = (apps: readonly ResolvedApp[]): string[] =>
  apps.flatMap((app) => [...mounted(app, apps), ...named(app, apps)]);

const mounted = (app: ResolvedApp, apps: readonly ResolvedApp[]): string[] =>
  Object.entries(app.mounts).flatMap(([path, mount]) => {
    if (mount.kind !== "claim") return [];
    const line = (rule: string) => [lineOf(app.name)(`mounts.${path}`, rule, `${mount.of}.${mount.volume}`)];
    const owner = apps.find(({ name }) => name === mount.of);
    const volume = owner?.storage[mount.volume];
    if (!owner || !volume || volume.madeByChart)
      return line("must be a claim in storage of an app that lives here");
    if (owner.namespace !== app.namespace)
      return line(`must be of the namespace ${app.namespace}; ${owner.name} is in ${owner.namespace}`);
    return volume.access === "many nodes" ? [] : line(RULE);
  });

const RULE =
  "must be for many nodes: nothing puts the pods of two apps on one; say access there, or share a directory of the NAS by nfs(…)";

/** Other apps' claims of the namespace that its values name. */
const named = (app: ResolvedApp, apps: readonly ResolvedApp[]): string[] => {
  const text = JSON.stringify(app.values);
  return apps
    .filter((other) => other !== app && other.namespace === app.namespace)
    .flatMap((other) =>
      Object.entries(other.storage)
        .filter(([volume, { access, madeByChart }]) => {
          const claim = claimName(other.name, volume);
          return !madeByChart && access !== "many nodes" && text.includes(JSON.stringify(claim));
        })
        .map(([volume]) => lineOf(app.name)("values", RULE, claimName(other.name, volume))),
    );
};
