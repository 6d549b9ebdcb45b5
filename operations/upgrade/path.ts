/** Decides which versions may follow which; the rest is refused before anything is done. */
import { gt, lt, major, minor, parse } from "semver";
import {
  includesMinor,
  KUBERNETES_BY_CILIUM,
  KUBERNETES_BY_TALOS,
  minorOf,
} from "../../environments/versions.ts";
import type { Inventory } from "../talos/inventory.ts";

/** The versions that run now. */
export interface RunningVersions {
  /** Talos by node name. */
  readonly talos: ReadonlyMap<string, string>;
  /** Versions of kubelets and of the control plane's components, each with the place where it was seen. */
  readonly kubernetes: ReadonlyMap<string, string>;
  readonly talosctl: string;
}

/**
 * - Never down.
 * - One minor version at a time. Talos tests upgrades between adjacent minors only, and recommends the last patch of
 *   each in between: https://docs.siderolabs.com/talos/v1.12/configure-your-talos-cluster/lifecycle-management/upgrading-talos.
 *   Kubernetes' control plane does not skip minors: https://kubernetes.io/releases/version-skew-policy.
 * - Talos' target supports the Kubernetes that runs and the one to reach, and so does Cilium.
 * - talosctl is of a minor between the oldest Talos that runs and the target.
 */
export const pathProblems = (inventory: Inventory, running: RunningVersions): string[] => {
  const { target } = inventory;
  const malformed = [target.talos, target.kubernetes, running.talosctl]
    .filter((version) => parse(version) === null)
    .map((version) => `must be an exact version: got ${JSON.stringify(version)}`);
  if (malformed.length > 0) return malformed;
  return [
    ...[...running.talos].flatMap(([name, version]) => stepProblems(`${name}: Talos`, version, target.talos)),
    ...[...running.kubernetes].flatMap(([name, version]) =>
      stepProblems(`${name}: Kubernetes`, version, target.kubernetes),
    ),
    ...supportProblems(inventory, running),
    ...talosctlProblems(inventory, running),
  ];
};

const stepProblems = (what: string, from: string, to: string): string[] => {
  if (parse(from) === null) return [`${what} must be an exact version: got ${JSON.stringify(from)}`];
  if (gt(from, to)) return [`${what} must not go down: got ${from}, asked for ${to}`];
  if (major(from) !== major(to))
    return [`${what} must stay in its major version: got ${from}, asked for ${to}`];
  if (minor(to) - minor(from) > 1) {
    const next = `v${major(from)}.${minor(from) + 1}`;
    return [
      `${what} must go up one minor version at a time: got ${from}, asked for ${to}; go to the last patch of ${next} first`,
    ];
  }
  return [];
};

const supportProblems = (
  { target, cilium, acceptedRisks }: Inventory,
  running: RunningVersions,
): string[] => {
  const supported = KUBERNETES_BY_TALOS[minorOf(target.talos)];
  if (!supported) {
    return [
      `Talos ${minorOf(target.talos)} must be known, with the Kubernetes that it supports, in environments/versions.ts`,
    ];
  }
  const range = `Talos ${target.talos} supports Kubernetes ${supported.from} to ${supported.to}`;
  const unsupported = [...running.kubernetes].filter(
    ([, version]) => !includesMinor(supported, minorOf(version)),
  );
  const tested = KUBERNETES_BY_CILIUM[minorOf(cilium)];
  const risk = `cilium-${minorOf(cilium)}-kubernetes-${minorOf(target.kubernetes)}`;
  const isTested =
    (tested && includesMinor(tested, minorOf(target.kubernetes))) || acceptedRisks.includes(risk);
  return [
    ...unsupported.map(
      ([name, version]) => `${name}: ${range}; ${version} runs, so upgrade Kubernetes first`,
    ),
    ...(includesMinor(supported, minorOf(target.kubernetes)) ? [] : [`${range}: got ${target.kubernetes}`]),
    ...(isTested
      ? []
      : [
          `Cilium ${cilium} must be tested with Kubernetes ${minorOf(target.kubernetes)}, or the risk ${risk} be accepted`,
        ]),
  ];
};

const talosctlProblems = ({ target }: Inventory, { talos, talosctl }: RunningVersions): string[] => {
  const oldest = [...talos.values()].reduce((a, b) => (lt(b, a) ? b : a), target.talos);
  const range = { from: minorOf(oldest), to: minorOf(target.talos) };
  return includesMinor(range, minorOf(talosctl))
    ? []
    : [
        `talosctl must be of ${range.from === range.to ? range.to : `${range.from} to ${range.to}`}: got ${talosctl}`,
      ];
};
