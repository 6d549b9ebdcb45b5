/** Advice about an object with two owners, so that it keeps one and nothing is deleted on the way. */
import type { DifferenceName } from "../../environments/differences.ts";
import { display } from "../../lib/core/kubernetes/object-id.ts";
import { isApplication } from "./application.ts";
import type { Conflict, Identified } from "./conflict.ts";
import type { ApplicationFile, GitopsObject, GitopsOwner } from "./gitops-side.ts";
import type { TerraformOwner } from "./terraform-side.ts";

interface Surroundings {
  readonly environment: string;
  readonly apps: readonly string[];
  readonly conflicts: readonly Conflict[];
  readonly there: readonly Identified<GitopsObject>[];
}

/** Constructs of the platform that an adoption can leave as they are, by their paths without the stack. */
const WITHHELD_AS: readonly (readonly [RegExp, DifferenceName])[] = [
  [/^argocd\/release$/, "argocd-release"],
  [/^cilium\/release$/, "cilium-release"],
  [/^(load-balancer-pool|l2-announcement-policy)\//, "load-balancer-objects"],
  [/^infisical\//, "infisical-secret"],
  [/^(priority-classes\/|namespace-[^/]+\/namespace$)/, "namespaces-and-priorities"],
  [/^root-app\//, "root-application"],
];

export const adviceOn = (conflict: Conflict, around: Surroundings): string => {
  const keep = [...new Set(conflict.theirs.map((owner) => withdrawal(owner, conflict, around)))].join(
    ", and ",
  );
  const leave = [...new Set(conflict.ours.flatMap((owner) => renunciation(owner, around)))];
  return leave.length === 0
    ? `keep it here: ${keep}`
    : `keep it here: ${keep}; or leave it to GitOps: ${leave.join(", and ")}`;
};

/** The way in which GitOps lets go of it without deleting it. */
const withdrawal = (owner: GitopsOwner, conflict: Conflict, around: Surroundings): string => {
  const { application, file, listedIn } = owner;
  if (application && goesWhole(application, conflict, around)) return withdrawn(application);
  return `annotate it argocd.argoproj.io/sync-options: Prune=false in ${file} and let it sync, then take it out of ${listedIn ?? file}`;
};

/** With its finalizer, an Application that goes takes along what it applied, whatever is annotated Prune=false. */
const withdrawn = ({ file, listedIn, entry, cascades }: ApplicationFile): string => {
  const out = entry && listedIn ? `comment out ${entry} in ${listedIn}` : `remove it from ${file}`;
  return cascades ? `take the finalizer out of ${file} and let it sync, then ${out}` : out;
};

/**
 * An Application that is itself what has two owners, or its release, or its host; and one that is left without an
 * object of its own.
 */
const goesWhole = (application: ApplicationFile, conflict: Conflict, around: Surroundings): boolean => {
  const contested = new Set(around.conflicts.map(({ what }) => what));
  const own = around.there.filter(({ owner }) => owner.application === application);
  const isObject = own.some(({ id }) => display(id) === conflict.what);
  const isContestedWhole = around.conflicts.some(
    ({ what, theirs }) =>
      theirs.some((owner) => owner.application === application) &&
      !own.some(({ id, object }) => display(id) === what && !isApplication(object)),
  );
  return (
    !isObject ||
    isContestedWhole ||
    own.filter(({ object }) => !isApplication(object)).every(({ id }) => contested.has(display(id)))
  );
};

/** The edits here after which it is not ours. */
const renunciation = ({ path }: TerraformOwner, { environment, apps }: Surroundings): string[] => {
  const ids = path.split("/").slice(1);
  const app = ids.find((id) => apps.includes(id));
  if (app !== undefined) return [`take ${environment} out of apps/${app}.ts`];
  const [, difference] = WITHHELD_AS.find(([pattern]) => pattern.test(ids.join("/"))) ?? [];
  return difference === undefined
    ? []
    : [`withhold ${difference} in the adoption of environments/${environment}.ts`];
};
