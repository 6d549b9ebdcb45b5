import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Flux has no switch for it. */
function* selfHeal({ draft: { gitops } }: Facts): Iterable<Finding> {
  if (gitops?.engine !== "flux" || gitops.selfHeal !== false) return;
  yield {
    path: "gitops.selfHeal",
    rule: "must be true with Flux, which always undoes changes",
    value: false,
  };
}

/** Values of the provider `fake` stand in the repository. */
function* fakeSecrets({ draft: { production, secretStore } }: Facts): Iterable<Finding> {
  if (!production || secretStore?.kind !== "external-secrets" || secretStore.provider?.kind !== "fake")
    return;
  yield {
    path: "secretStore.provider.kind",
    rule: "must keep secrets in production: the values of fake stand in the repository",
    value: "fake",
  };
}

export const gitopsRules: readonly Rule[] = [selfHeal, fakeSecrets];
