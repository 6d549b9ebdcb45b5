/** Counts what is open in a network, and names what crosses its edge. */
import { grouped } from "../../lib/core/lists.ts";
import { sceneOf } from "./scene.ts";
import { spoken } from "./spoken.ts";
import { displayStretches, portOf } from "./stretches.ts";
import type { SynthesizedNetwork } from "./synthesized.ts";

/** Pods that ends outside of the cluster reach, or that reach these, on the same ports. */
export interface Crossing {
  readonly ends: readonly string[];
  readonly pods: readonly string[];
  /** E.g. `53/TCP, 53/UDP`. */
  readonly ports: string;
}

export interface OpenPairs {
  readonly pods: number;
  /** Pairs of pods with an open port. */
  readonly internal: number;
  readonly inward: readonly Crossing[];
  readonly outward: readonly Crossing[];
}

const OUTSIDE = ["world", "cidr"];

/** Pods are open to each other when some port is allowed on both sides. */
export const openCrossings = (network: SynthesizedNetwork): OpenPairs => {
  const { sets, identities, ports } = sceneOf([network]);
  const matrix = sets[0]?.over(identities).matrix(ports.map(portOf));
  const open = (from: string, to: string) =>
    displayStretches(ports.filter((_, port) => matrix?.decision(from, to, port) === "allowed"));
  const pods = identities.filter(({ kind }) => kind === "pod").map(({ id }) => id);
  const ends = identities.filter(({ kind }) => OUTSIDE.includes(kind)).map(({ id }) => id);
  const crossings = (of: (end: string, pod: string) => readonly string[]): Crossing[] => {
    const found = ends.flatMap((end) => {
      const byPorts = grouped(pods, (pod) => of(end, pod).join(", "));
      byPorts.delete("");
      return [...byPorts].map(([ports, reached]) => ({ end, ports, pods: reached.map(spoken) }));
    });
    return [...grouped(found, ({ ports, pods: reached }) => JSON.stringify([ports, reached])).values()].map(
      (alike) => ({
        ends: alike.map(({ end }) => end),
        ports: alike[0]?.ports ?? "",
        pods: alike[0]?.pods ?? [],
      }),
    );
  };
  return {
    pods: pods.length,
    internal: pods.reduce((sum, from) => sum + pods.filter((to) => open(from, to).length > 0).length, 0),
    inward: crossings((end, pod) => open(end, pod)),
    outward: crossings((end, pod) => open(pod, end)),
  };
};
