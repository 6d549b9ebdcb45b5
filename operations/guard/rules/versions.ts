import { gt, lt, minor, valid } from "semver";
import { includesMinor, KUBERNETES_BY_TALOS, minorOf } from "../../../environments/versions.ts";
import { APPLY, versionsOf, writesWhatRuns } from "../machines.ts";
import type { Found, GuardCheck, GuardContext } from "../rule.ts";
import type { ResourceChange } from "../terraform-plan.ts";

/** Minor versions by which a kubelet may be older than an API server. */
const KUBELET_LAG = 3;

const CURE = "go one minor version at a time: npm run homelab -- upgrade";

function* step(
  resource: string,
  what: string,
  from: string | undefined,
  to: string | undefined,
): Iterable<Found> {
  if (from === to) return;
  if (from === undefined || to === undefined || !valid(from) || !valid(to)) {
    if (from !== undefined)
      yield { resource, reason: `${what}: cannot be read: ${from} → ${to ?? "nothing"}`, cure: CURE };
    return;
  }
  if (lt(to, from)) yield { resource, reason: `${what} goes back: ${from} → ${to}`, cure: CURE };
  if (gt(to, from) && (minor(to) - minor(from) > 1 || minorMajor(to) !== minorMajor(from)))
    yield { resource, reason: `${what} skips a minor version: ${from} → ${to}`, cure: CURE };
}

const minorMajor = (version: string): string | undefined => version.replace(/^v/, "").split(".")[0];

function* ofMachine(change: ResourceChange): Iterable<Found> {
  const [from, to] = [versionsOf(change.before), versionsOf(change.after)];
  if (!to) {
    yield {
      resource: change.address,
      reason: "its new configuration is not known yet, nor are its versions",
      cure: "apply what it depends on first, then plan again",
    };
    return;
  }
  if (!from) return;
  yield* step(change.address, "Talos", from.talos, to.talos);
  yield* step(change.address, "kubelet", from.kubelet, to.kubelet);
  yield* step(change.address, "API server", from.apiServer, to.apiServer);
}

/** Compares the versions that the machines run once the plan is applied, as far as they can be read. */
function* together({ plan, environment }: GuardContext): Iterable<Found> {
  const machines = plan.after
    .filter(({ type }) => type === APPLY)
    .flatMap((resource) => {
      const versions = versionsOf(resource.values);
      return versions ? [{ ...resource, ...versions }] : [];
    });
  const servers = machines.flatMap(({ apiServer }) => (apiServer && valid(apiServer) ? [apiServer] : []));
  for (const { address, talos, kubelet } of machines) {
    const supported = talos === undefined ? undefined : KUBERNETES_BY_TALOS[minorOf(talos)];
    if (supported && kubelet && !includesMinor(supported, minorOf(kubelet)))
      yield {
        resource: address,
        reason: `Talos ${talos} does not support Kubernetes ${kubelet}: ${supported.from} to ${supported.to}`,
        cure: "see environments/versions.ts",
      };
    for (const server of new Set(servers)) {
      if (!kubelet || !valid(kubelet)) continue;
      if (minor(kubelet) > minor(server) || minor(server) - minor(kubelet) > KUBELET_LAG)
        yield {
          resource: address,
          reason: `kubelet ${kubelet} does not fit an API server ${server}`,
          cure: `${environment.name}: control planes first, kubelets at most ${KUBELET_LAG} minor versions behind`,
        };
    }
  }
}

export const versionSkew: GuardCheck = {
  name: "version-skew",
  *check(context) {
    const { changes } = context.plan;
    const machines = changes.filter(({ type }) => type === APPLY);
    const { running } = context.evidence;
    const updated = machines.filter((change) => change.kind === "update" && !writesWhatRuns(change, running));
    for (const change of updated) yield* ofMachine(change);
    const moving = machines.some(
      (change) =>
        change.kind === "create" ||
        (change.kind === "update" &&
          JSON.stringify(versionsOf(change.before)) !== JSON.stringify(versionsOf(change.after))),
    );
    if (moving) yield* together(context);
  },
};
