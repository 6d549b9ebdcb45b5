/** Support of versions: the dates until which they get fixes, and the advisories against them, with their sources. */
import { satisfies } from "semver";
import { minorOf } from "./versions.ts";

/** Fields of `versions` in an environment. */
export type Component = "talos" | "kubernetes" | "cilium" | "argocdChart";

/** The last day on which a minor version gets fixes, as YYYY-MM-DD, and who says so. */
interface End {
  readonly ends: string;
  readonly source: string;
}

/** A flaw that later versions mend. */
export interface Advisory {
  readonly component: Component;
  /** Range of versions that have the flaw, in the syntax of semver. */
  readonly affected: string;
  readonly id: string;
  readonly what: string;
  readonly mendedIn: string;
}

const KUBERNETES = "https://kubernetes.io/releases/patch-releases/";
/** Fixes end when the next minor is released: dates of the tags v1.13.0 and, at the latest, v1.14.1; of 1.14 the day that is planned. */
const TALOS = "https://docs.siderolabs.com/talos/v1.13/getting-started/support-matrix";

/** Minors that are left out had not ended when this was written, in November 2026. */
export const SUPPORT_ENDS: Readonly<Record<Component, Readonly<Record<string, End>>>> = {
  talos: {
    "1.10": { ends: "2025-09-01", source: TALOS },
    "1.11": { ends: "2025-12-22", source: TALOS },
    "1.12": { ends: "2026-04-27", source: TALOS },
    "1.13": { ends: "2026-09-15", source: TALOS },
    "1.14": {
      ends: "2026-12-27",
      source: "https://docs.siderolabs.com/talos/v1.14/getting-started/support-matrix",
    },
  },
  kubernetes: {
    "1.30": { ends: "2025-06-28", source: KUBERNETES },
    "1.31": { ends: "2025-10-28", source: KUBERNETES },
    "1.32": { ends: "2026-02-28", source: KUBERNETES },
    "1.33": { ends: "2026-06-28", source: KUBERNETES },
    "1.34": { ends: "2026-10-27", source: KUBERNETES },
    "1.35": { ends: "2027-02-28", source: KUBERNETES },
  },
  cilium: {},
  argocdChart: {},
};

/**
 * Flaws of high and critical severity, and the one of Cilium that has a fix within the minor that runs. Of Argo CD the
 * chart's version counts: 7.7.7 brings v2.13.1, and the first fixed charts follow from `appVersion` of argoproj/argo-helm.
 * GHSA-3v3m-wc6v-x4x3 (critical) is of v3.2.0 to v3.3.8 and so no chart before 9.1.0 has it.
 *
 * Sources: the advisories of argoproj/argo-cd and cilium/cilium.
 */
export const ADVISORIES: readonly Advisory[] = [
  {
    component: "cilium",
    affected: ">=1.18.0 <1.18.8 || >=1.19.0 <1.19.2",
    id: "CVE-2026-33726",
    what: "a policy is not enforced towards an L7 Service on the same node, where per-endpoint routing is on and BPF host routing off",
    mendedIn: "1.18.8 and 1.19.2",
  },
  {
    component: "argocdChart",
    affected: "<8.3.4",
    id: "CVE-2025-55190",
    what: "a token that may read a project reads the credentials of its repositories",
    mendedIn: "chart 8.3.4 (Argo CD v3.1.3)",
  },
  {
    component: "argocdChart",
    affected: "<8.0.11",
    id: "CVE-2025-47933",
    what: "the address of a repository runs as a script in the browser of whoever looks at it",
    mendedIn: "chart 8.0.11 (Argo CD v3.0.4)",
  },
  {
    component: "argocdChart",
    affected: "<9.5.14",
    id: "GHSA-h98r-wv3h-fr38",
    what: "a stored script in the web interface acts with the rights of whoever looks at it",
    mendedIn: "chart 9.5.14 (Argo CD v3.4.2)",
  },
  {
    component: "argocdChart",
    affected: ">=9.1.0 <9.5.11",
    id: "GHSA-3v3m-wc6v-x4x3",
    what: "whoever may read an Application reads Secrets through a server-side diff",
    mendedIn: "chart 9.5.11 (Argo CD v3.3.9)",
  },
];

/**
 * Last days of Node.js' majors that this project runs on.
 * Source: https://github.com/nodejs/Release/blob/main/schedule.json of 2026-07-02
 */
export const NODE_ENDS: Readonly<Record<string, string>> = {
  "20": "2026-04-30",
  "22": "2027-04-30",
  "24": "2028-04-30",
  "26": "2029-04-30",
};

/**
 * Last days of minors of Terraform, which end when the second one after them is released, and of OpenTofu. Minors that
 * are left out had not ended on the day of the source.
 * Sources: https://endoflife.date/terraform and https://endoflife.date/opentofu of 2026-08-22, and OpenTofu's changelogs
 */
export const TERRAFORM_ENDS: Readonly<Record<"terraform" | "tofu", Readonly<Record<string, string>>>> = {
  terraform: { "1.11": "2025-08-20", "1.12": "2025-11-19", "1.13": "2026-04-29" },
  tofu: { "1.9": "2026-05-14", "1.11": "2026-08-01", "1.12": "2027-02-01", "1.13": "2027-08-01" },
};

/** The end of a version's minor; undefined while none is known. */
export const endOf = (component: Component, version: string): End | undefined =>
  SUPPORT_ENDS[component][minorOf(version)];

export const advisoriesOn = (component: Component, version: string): Advisory[] =>
  ADVISORIES.filter(
    (each) => each.component === component && satisfies(version.replace(/^v/, ""), each.affected),
  );
