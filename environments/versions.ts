/** Compatibility of versions, by minor version. A new minor is one more line, with what its source says. */

/** Minor versions, both included. */
export interface MinorRange {
  readonly from: string;
  readonly to: string;
}

/**
 * Kubernetes versions that a Talos version supports.
 *
 * Source: `pkg/machinery/compatibility/talos<minor>` of https://github.com/siderolabs/talos.
 */
export const KUBERNETES_BY_TALOS: Readonly<Record<string, MinorRange>> = {
  "1.10": { from: "1.28", to: "1.33" },
  "1.11": { from: "1.29", to: "1.34" },
  "1.12": { from: "1.30", to: "1.35" },
  "1.13": { from: "1.31", to: "1.36" },
  "1.14": { from: "1.32", to: "1.37" },
};

/** The newest patch of each Talos minor that was seen, in November 2026; a later one is better. */
export const KNOWN_TALOS: Readonly<Record<string, string>> = {
  "1.12": "v1.12.11",
  "1.13": "v1.13.9",
  "1.14": "v1.14.1",
};

/**
 * Kubernetes versions with which a Cilium version is tested end to end. Others may work: that is the risk
 * `cilium-<minor>-kubernetes-<minor>`.
 *
 * Source: https://docs.cilium.io/en/v<minor>/network/kubernetes/compatibility. Cilium before 1.18 is left out:
 * it has no `cilium.io/v2` CiliumLoadBalancerIPPool.
 */
export const KUBERNETES_BY_CILIUM: Readonly<Record<string, MinorRange>> = {
  "1.18": { from: "1.30", to: "1.33" },
  "1.19": { from: "1.32", to: "1.35" },
  "1.20": { from: "1.33", to: "1.36" },
};

/** Minors of Cilium and Talos that are reported not to work together. */
export interface BrokenPair {
  readonly cilium: string;
  readonly talos: string;
  readonly source: string;
}

/** Known broken pairs, of reports by people who run both; a pair that is left out is not known to be whole. */
export const BROKEN_PAIRS: readonly BrokenPair[] = [
  { cilium: "1.19", talos: "1.12", source: "https://github.com/cilium/cilium/issues/46010" },
];

/** Versions of Cilium whose policy engine gave verdicts that ours were compared with, and how many flows. */
export const COMPARED_CILIUM: Readonly<Record<string, { readonly flows: number; readonly what: string }>> = {
  "1.18.3": {
    flows: 61_257,
    what: "the pods and policies that vixens renders for dev and prod, and rules on one named port",
  },
  "1.19.0-dev": { flows: 7_283, what: "designed and random scenarios, source of 2025-07-18" },
};

/** `v1.12.4` and `1.12.4` are of minor `1.12`. */
export const minorOf = (version: string): string =>
  version.replace(/^v/, "").split(".").slice(0, 2).join(".");

const compareMinors = (a: string, b: string): number => {
  const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
  const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
  return aMajor - bMajor || aMinor - bMinor;
};

export const includesMinor = ({ from, to }: MinorRange, minor: string): boolean =>
  compareMinors(from, minor) <= 0 && compareMinors(minor, to) <= 0;
