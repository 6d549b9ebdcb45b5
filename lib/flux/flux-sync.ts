import { Kustomization } from "@kubernetes-models/flux-cd/kustomize.toolkit.fluxcd.io/v1/Kustomization";
import { GitRepository } from "@kubernetes-models/flux-cd/source.toolkit.fluxcd.io/v1/GitRepository";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CustomResource } from "../core/kubernetes/custom-resource.ts";
import type { HttpUrl } from "../core/values/http-url.ts";

export interface FluxSyncProps {
  /** Name of both objects. */
  readonly name: string;
  /** Namespace of Flux. */
  readonly namespace: string;
  /** URL of the GitOps repository. */
  readonly repository: HttpUrl;
  /** Branch, or commit by its forty digits. */
  readonly revision: string;
  /** Directory that is synced. */
  readonly path: string;
  /** Constructs that must be there first: the app that brings Flux. @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The GitRepository and the Kustomization that hand the cluster to Flux.
 *
 * Prunes, and undoes changes that somebody makes in the cluster. When it is deleted, what it deployed stays: its deletion
 * policy is Orphan, so another engine can take over.
 */
export class FluxSync extends Construct {
  constructor(scope: Construct, id: string, props: FluxSyncProps) {
    super(scope, id);
    const { name, namespace, repository, revision, path, dependsOn = [] } = props;
    const metadata = { name, namespace };
    const source = new CustomResource(this, "repository", {
      object: new GitRepository({
        metadata,
        spec: {
          url: `${repository}`,
          ref: /^[0-9a-f]{40}$/.test(revision) ? { commit: revision } : { branch: revision },
          interval: "5m",
        },
      }),
      dependsOn,
    });
    new CustomResource(this, "kustomization", {
      object: new Kustomization({
        metadata,
        spec: {
          sourceRef: { kind: "GitRepository", name },
          path: `./${path}`,
          interval: "10m",
          retryInterval: "1m",
          prune: true,
          deletionPolicy: "Orphan",
        },
      }),
      preventDestroy: true,
      dependsOn: [source.resource],
    });
  }
}
