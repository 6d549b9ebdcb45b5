import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import {
  BROKEN_PAIRS,
  includesMinor,
  KUBERNETES_BY_CILIUM,
  KUBERNETES_BY_TALOS,
  type MinorRange,
  minorOf,
} from "../versions.ts";
import type { Rule, Undecided } from "./rule.ts";

const HOW_TO_ADD = "another takes an entry in environments/versions.ts";

const oneOf = (table: Readonly<Record<string, MinorRange>>): string =>
  `must be of a known minor version, ${Object.keys(table).join(", ")}; ${HOW_TO_ADD}`;

function* talos({ draft: { versions } }: Facts): Iterable<Finding> {
  if (versions?.talos === undefined) return;
  const minor = minorOf(versions.talos);
  const supported = KUBERNETES_BY_TALOS[minor];
  if (!supported) {
    yield { path: "versions.talos", rule: oneOf(KUBERNETES_BY_TALOS), value: versions.talos };
  } else if (versions.kubernetes !== undefined && !includesMinor(supported, minorOf(versions.kubernetes))) {
    yield {
      path: "versions.kubernetes",
      rule: `must be ${supported.from} to ${supported.to}, what Talos ${minor} supports`,
      value: versions.kubernetes,
    };
  }
}

function* cilium({ draft: { versions } }: Facts): Iterable<Finding | Undecided> {
  if ([versions?.cilium, versions?.kubernetes, versions?.talos].includes(undefined))
    yield { undecided: "cilium-" };
  if (versions?.cilium === undefined) return;
  const minor = minorOf(versions.cilium);
  const tested = KUBERNETES_BY_CILIUM[minor];
  if (!tested) {
    yield { path: "versions.cilium", rule: oneOf(KUBERNETES_BY_CILIUM), value: versions.cilium };
  } else if (versions.kubernetes !== undefined && !includesMinor(tested, minorOf(versions.kubernetes))) {
    yield {
      path: "versions.cilium",
      rule: `must be tested with Kubernetes ${minorOf(versions.kubernetes)}; ${minor} is tested with ${tested.from} to ${tested.to}`,
      value: versions.cilium,
      riskId: `cilium-${minor}-kubernetes-${minorOf(versions.kubernetes)}`,
    };
  }
}

/** Versions that are each well, and not together. */
function* pairs({ draft: { versions } }: Facts): Iterable<Finding> {
  if (versions?.cilium === undefined || versions.talos === undefined) return;
  const [ofCilium, ofTalos] = [minorOf(versions.cilium), minorOf(versions.talos)];
  const broken = BROKEN_PAIRS.find(({ cilium, talos }) => cilium === ofCilium && talos === ofTalos);
  if (broken)
    yield {
      path: "versions.cilium",
      rule: `must work on Talos ${ofTalos}; of Cilium ${ofCilium} on it a fault is reported (${broken.source})`,
      value: versions.cilium,
      riskId: `cilium-${ofCilium}-talos-${ofTalos}`,
    };
}

export const versionRules: readonly Rule[] = [talos, cilium, pairs];
