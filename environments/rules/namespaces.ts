import { etcdBackupAccess } from "../../lib/core/platform/etcd-backup-access.ts";
import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import { type Rule, repeated, type Undecided } from "./rule.ts";

/** Namespaces that belong to the platform: it creates and governs them itself. */
const OF_THE_PLATFORM: ReadonlySet<string> = new Set([
  "default",
  "argocd",
  "cilium-secrets",
  etcdBackupAccess.namespace,
]);

/** Kubernetes keeps the prefix `kube-` for itself: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces */
const isReserved = (name: string): boolean => name.startsWith("kube-") || OF_THE_PLATFORM.has(name);

function* names({ draft }: Facts): Iterable<Finding> {
  const named = (draft.namespaces ?? []).flatMap((namespace) => namespace?.name ?? []);
  for (const [name] of repeated(named, (each) => each)) {
    yield { path: `namespaces.${name}.name`, rule: "must be the only namespace of that name", value: name };
  }
  for (const name of named.filter(isReserved)) {
    yield {
      path: `namespaces.${name}.name`,
      rule: "must not be a namespace of Kubernetes or of the platform",
      value: name,
    };
  }
}

function* storageClasses({ draft }: Facts): Iterable<Finding> {
  const named = (draft.storageClasses ?? []).flatMap((each) => each?.name ?? []);
  for (const [name] of repeated(named, (each) => each))
    yield { path: `storageClasses.${name}.name`, rule: "must be the only class of that name", value: name };
}

/** Risks that the catalogue of apps and the proofs judge, once they know all apps. */
function* judgedLater(): Iterable<Undecided> {
  yield { undecided: "privileged-" };
  yield { undecided: "floating-image-" };
  yield { undecided: "capacity-" };
  yield { undecided: "admission-" };
  yield { undecided: "foreign-domain-" };
}

export const namespaceRules: readonly Rule[] = [names, storageClasses, judgedLater];
