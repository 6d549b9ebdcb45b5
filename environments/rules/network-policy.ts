import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import { COMPARED_CILIUM, KUBERNETES_BY_CILIUM, minorOf } from "../versions.ts";
import type { Rule, Undecided } from "./rule.ts";

const MODE_RISK = "network-policy-";

function* mode({ draft }: Facts): Iterable<Finding | Undecided> {
  const value = draft.networkPolicy?.mode;
  if (value === undefined || draft.production === undefined) yield { undecided: MODE_RISK };
  else if (draft.production && value !== "enforce")
    yield {
      path: "networkPolicy.mode",
      rule: "must be enforce in production: nothing is dropped otherwise",
      value,
      riskId: `${MODE_RISK}${value}`,
    };
}

/** The id of the accepted risk that a version of Cilium needs whose verdicts were never compared. */
const comparisonRisk = (version: string): string => `cilium-${version}-not-compared`;

function* compared({ draft: { versions } }: Facts): Iterable<Finding | Undecided> {
  const version = versions?.cilium;
  // A minor version that nobody knows is refused as such.
  if (version === undefined || !(minorOf(version) in KUBERNETES_BY_CILIUM)) yield { undecided: "cilium-" };
  else if (!(version in COMPARED_CILIUM))
    yield {
      path: "versions.cilium",
      rule: `must be a version whose verdicts were compared with ours, ${Object.keys(COMPARED_CILIUM).join(", ")}; of another the network proofs are unknown`,
      value: version,
      riskId: comparisonRisk(version),
    };
}

/** Rules for the network policies: the mode, and a Cilium version whose verdicts were compared with the proofs'. */
export const networkPolicyRules: readonly Rule[] = [mode, compared];
