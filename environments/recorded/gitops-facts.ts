/**
 * Recorded facts of the GitOps repository: the pods that it runs and the policies that it applies. `homelab coexist
 * --write` records them from a checkout. They hold names, labels, ports and policies, and no other content of a file.
 */

import type { Fields } from "../../lib/core/fields.ts";
import type { HttpUrl } from "../../lib/core/values/http-url.ts";
import dev from "./gitops/dev.json" with { type: "json" };
import prod from "./gitops/prod.json" with { type: "json" };

/** A pod of a workload. Pods in the network of their node are the node to policies, and are not recorded. */
export interface GitopsPod {
  /** `namespace/workload`. */
  readonly id: string;
  /** Application that it belongs to. */
  readonly app: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount?: string;
  readonly namedPorts?: readonly {
    readonly name: string;
    readonly port: number;
    readonly protocol: "TCP" | "UDP" | "SCTP";
  }[];
}

/** A flow that an object of the repository says is needed. */
export interface GitopsNeed {
  /** Id of a pod, or the end that proofs know by that id, or a host name or address outside. */
  readonly from: string;
  readonly to: string;
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
  /** Object that says so, e.g. `Ingress tools/homepage`. */
  readonly why: string;
}

/** A claim that the repository makes, with what saves it. */
export interface GitopsClaim {
  /** `namespace/name`. */
  readonly id: string;
  /** Application that it belongs to. */
  readonly app: string;
  /** Object that makes it, e.g. `StatefulSet netbird`; a manifest makes its own. */
  readonly by: string;
  /** The saviour of its data, as manifests of the repository say, or that there is none. */
  readonly backup: string;
}

export interface GitopsFacts {
  readonly repository: string;
  /** Revision that the environment synced, e.g. the tag `prod-stable`. */
  readonly revision: string;
  /** Commit that was read. */
  readonly commit: string;
  /** Day of that commit. */
  readonly committedOn: string;
  readonly pods: readonly GitopsPod[];
  /** Labels of the namespaces that the repository makes. */
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly policies: readonly Fields[];
  readonly needs: readonly GitopsNeed[];
  readonly claims: readonly GitopsClaim[];
  /** Applications of which no pod is known. */
  readonly unread: readonly { readonly app: string; readonly namespace: string; readonly why: string }[];
}

const RECORDED = { dev, prod } as unknown as Readonly<Record<string, GitopsFacts | undefined>>;

/** The recorded facts of an environment; undefined when there are none. */
export const gitopsFacts = (environment: string): GitopsFacts | undefined => RECORDED[environment];

/**
 * Why recorded facts are not about what an environment syncs, or leave a claim without what saves it; undefined when all
 * is said.
 */
export const gitopsFactsProblem = (
  facts: Pick<GitopsFacts, "repository" | "revision" | "commit" | "claims">,
  environment: {
    readonly name: string;
    readonly gitops: { readonly repository: HttpUrl; readonly revision: string };
  },
): string | undefined => {
  const { repository, revision } = environment.gitops;
  // `none` syncs nothing.
  const isMeant = facts.repository === `${repository}` && [facts.revision, facts.commit].includes(revision);
  const again = `run homelab coexist ${environment.name} --gitops <checkout> --write`;
  const unclassed = facts.claims.filter(({ backup }) => backup === "").map(({ id }) => id);
  if (revision === "none") return undefined;
  if (isMeant)
    return unclassed.length === 0
      ? undefined
      : `recorded facts of the GitOps side do not say what saves ${unclassed.join(", ")}: ${again}`;
  return `recorded facts of the GitOps side are of ${facts.repository} ${facts.revision} (${facts.commit.slice(0, 9)}), and ${environment.name} syncs ${repository} ${revision}: ${again}`;
};
