/** `homelab handover`: the steps by which one app moves from the GitOps repository to here, its claims untouched. */

import { fieldsOf, textOf } from "../../lib/core/fields.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { isApplication } from "./application.ts";
import type { ContestedObject } from "./comparison.ts";
import type { GitopsObject, GitopsSide } from "./gitops-side.ts";
import type { TerraformSide } from "./terraform-side.ts";

interface Handover {
  readonly app: string;
  readonly environment: string;
  readonly ours: TerraformSide;
  readonly theirs: GitopsSide;
  /** Objects that both own. */
  readonly findings: readonly ContestedObject[];
}

/** The steps, a line each. Refused: an app that is not on both sides. */
export const handoverSteps = ({ app, environment, ours, theirs, findings }: Handover): string[] => {
  const here = ours.objects.filter(({ owner }) => owner.path.includes(`/apps/${app}/`));
  const [application] = theirs.objects.flatMap(({ object, owner }) =>
    isApplication(object) && owner.application?.name === app ? [owner.application] : [],
  );
  if (here.length === 0)
    throw new UsageError(`${app}: must be an app that lives in ${environment}: see apps/index.ts`);
  if (application === undefined)
    throw new UsageError(
      `${app}: must be an Application of the GitOps repository for ${environment}: nothing to move`,
    );
  const there = theirs.objects.filter(
    ({ owner, object }) => owner.application === application && !isApplication(object),
  );
  const { file, listedIn, entry, cascades } = application;
  const shared = findings.filter(({ ours }) => ours.some(({ path }) => path.includes(`/apps/${app}/`)));
  const claims = there.flatMap(claimNames);
  const known = here.flatMap(({ object }) => claimNames({ object }));
  return [
    `# ${environment}: move ${app} from GitOps to here: ${shared.length} things have two owners until it is done`,
    `1. Look at what both own: ${shared.map(({ what }) => what).join("; ") || "nothing"}.`,
    `2. In the GitOps repository, annotate what must outlive the move argocd.argoproj.io/sync-options: Prune=false: ${
      claims.length > 0 ? claims.map((name) => `claim ${name}`).join(", ") : "it has no claims"
    }. Let it sync.`,
    cascades
      ? `3. Take the finalizer out of ${file} and let it sync: with it the Application would delete what it applied.`
      : `3. ${file} has no finalizer: nothing is deleted with it.`,
    `4. ${entry && listedIn ? `Comment out ${entry} in ${listedIn}` : `Remove it from ${file}`} and let the root application sync. The pods run on; nobody owns them.`,
    `   kubectl get application -n argocd ${app}   # NotFound`,
    ...claims
      .filter((name) => !known.includes(name))
      .map(
        (name) =>
          `5. Claim ${name} has no claim of that name here (${known.join(", ") || "none"}): copy what it holds, or bind its volume to the new claim, with the app stopped. Its class keeps the volume only if it retains.`,
      ),
    ...imports(shared).map((line) => `5. It exists, so it is imported before the first plan: ${line}`),
    `6. npm run homelab -- deploy ${environment}-apps, and read the plan: it creates, and destroys nothing. Objects of the same name are taken over as they are.`,
    `7. npm run homelab -- ownership --gitops CHECKOUT --env ${environment}: nothing of ${app} has two owners any more.`,
  ];
};

/** Typed resources refuse to create what is there; manifests and Applications are taken over. */
const imports = (shared: readonly ContestedObject[]): string[] =>
  shared
    .filter(({ what }) => !/^(host|address|announcement|database) /.test(what))
    .flatMap(({ what, ours }) =>
      ours
        .filter(({ address }) => address.startsWith("kubernetes_"))
        .map(({ stack, address }) => `in ${stack}: terraform import '${address}' ${what.split(" ").at(-1)}`),
    );

/** `namespace/name` of a claim, or of the claims that a StatefulSet makes for its first pod. */
const claimNames = ({
  object,
  namespace: into = "",
}: Pick<GitopsObject, "object"> & { readonly namespace?: string }): string[] => {
  const metadata = fieldsOf(object.metadata);
  const namespace = textOf(metadata.namespace) || into;
  if (object.kind === "PersistentVolumeClaim") return [`${namespace}/${textOf(metadata.name)}`];
  const templates = object.kind === "StatefulSet" ? fieldsOf(object.spec).volumeClaimTemplates : undefined;
  return (Array.isArray(templates) ? templates : []).map(
    (each) => `${namespace}/${textOf(fieldsOf(fieldsOf(each).metadata).name)}-${textOf(metadata.name)}-0`,
  );
};
