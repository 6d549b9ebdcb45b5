/** Classes of changes: every kind of object that a plan may change, in one table. */
import type { Change } from "./changes.ts";
import { displayPath } from "./changes.ts";
import { type Class, classIn, type KindRules, type Table, yes } from "./classes.ts";
import type { GuardContext } from "./rule.ts";
import { KUBERNETES } from "./table/kubernetes.ts";
import { PLATFORM_TABLE } from "./table/platform.ts";
import { ANY_BUCKET, STORAGE } from "./table/storage.ts";
import { OTHER_DOCUMENT, TALOS } from "./table/talos.ts";

const TABLE: Table = { ...KUBERNETES, ...PLATFORM_TABLE, ...STORAGE, ...TALOS };

/** Providers whose resources somebody has looked at, as `namespace/name`. */
const PROVIDERS = [
  "hashicorp/aws",
  "hashicorp/helm",
  "hashicorp/http",
  "hashicorp/kubernetes",
  "hashicorp/null",
  "siderolabs/talos",
  "alekc/kubectl",
  "gavinbunney/kubectl",
  "builtin/terraform",
  // The provider of files that the old Terraform left behind; they are only forgotten.
  "hashicorp/local",
];

const isKnownProvider = (source: string): boolean =>
  source === "" || PROVIDERS.some((known) => source.endsWith(`/${known}`));

const rulesOf = ({ kind, resource }: Change): KindRules | undefined => {
  const found = TABLE[kind];
  if (found) return found;
  if (/_bucket$/.test(resource.type)) return ANY_BUCKET;
  return resource.type === "talos_machine_configuration_apply" ? OTHER_DOCUMENT : undefined;
};

/** The class of a change. A change that no rule decides needs a yes. */
export const classOf = (change: Change, context: GuardContext): Class => {
  const { provider, deposed, kind } = change.resource;
  if (!isKnownProvider(provider))
    return yes("unclassed", `nobody has looked at the provider ${provider} yet`);
  if (deposed !== undefined)
    return yes(
      "unclassed",
      `a leftover of a replacement that failed, ${deposed}, would go`,
      "look what it is: terraform state show",
    );
  if (kind === "unknown") return yes("unclassed", "its actions are not known");
  const found = classIn(rulesOf(change), change, context);
  if (found) return found;
  if (change.unknown)
    return yes(
      "unclassed",
      `${displayPath(change)} is known only after the apply, and cannot be read before`,
      "apply what it depends on first, then plan again",
    );
  const known =
    rulesOf(change) === undefined ? `the kind ${change.kind || "of an object that cannot be read"}` : "it";
  return change.fate === "changed"
    ? yes("unclassed", `${displayPath(change)} changes, and no rule says that ${known} may`)
    : yes("unclassed", `it would be ${change.fate}, and no rule says that ${known} may`);
};
