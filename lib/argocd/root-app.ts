import { Application } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CustomResource } from "../core/kubernetes/custom-resource.ts";
import { managedLabels, rootAppName, USUAL_NAMES } from "../core/platform/names.ts";
import { forget } from "../core/terraform/forget.ts";
import type { HttpUrl } from "../core/values/http-url.ts";

/** Fixed, so that the application has one address whether it is there or handed off. */
const LOGICAL_ID = "root_app";
/** The revision that hands nothing to GitOps. */
const NONE = "none";

export interface RootAppProps {
  /** Name of the environment. */
  readonly environment: string;
  /** Beginning of its name and of its labels. @default "homelab" */
  readonly prefix?: string;
  /** Directory of the repository that holds the Applications. */
  readonly path: string;
  /** URL of the GitOps repository. */
  readonly repository: HttpUrl;
  /** Branch, tag or commit; `none` leaves ArgoCD without a root application. */
  readonly revision: string;
  /**
   * Undo changes that somebody makes in the cluster.
   * @default true
   */
  readonly selfHeal?: boolean;
  /**
   * Namespace of ArgoCD.
   * @default "argocd"
   */
  readonly namespace?: string;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

export interface RootAppOutputs {
  readonly name: string;
  readonly namespace: string;
  /** Path in the repository. */
  readonly path: string;
  /** False when the revision is `none`. */
  readonly isPresent: boolean;
}

/**
 * The application of applications: the one object that hands the cluster to GitOps.
 *
 * Its finalizer makes ArgoCD delete everything below it when it is deleted: every application, with its volumes
 * where their class says so. So Terraform refuses to plan its destruction (`prevent_destroy`). That guard stands in
 * the configuration and goes with it, so the neutral hand-off (`revision: none`) does more than leave the object
 * out: it tells Terraform to forget it (a `removed` block, which destroys nothing). A root application that is there
 * stays as it is; delete it by hand when that is meant, after taking its finalizer away to spare what it deployed.
 *
 * Syncs by itself, prunes, and retries a failed sync five times.
 *
 * Refused: a malformed environment; an empty revision.
 */
export class RootApp extends Construct {
  /** Undefined when the revision is `none`. */
  readonly application: CustomResource | undefined;
  readonly outputs: RootAppOutputs;

  constructor(scope: Construct, id: string, props: RootAppProps) {
    super(scope, id);
    this.node.addValidation({ validate: () => problems(props) });
    const { namespace = "argocd", path } = props;
    this.application = props.revision === NONE ? this.handOff() : this.apply(props, namespace, path);
    this.outputs = {
      name: rootAppName(prefixOf(props)),
      namespace,
      path,
      isPresent: this.application !== undefined,
    };
  }

  private handOff(): undefined {
    forget(this, `kubectl_manifest.${LOGICAL_ID}`);
  }

  private apply(props: RootAppProps, namespace: string, path: string): CustomResource {
    const application = new CustomResource(this, "application", {
      object: new Application({
        metadata: {
          name: rootAppName(prefixOf(props)),
          namespace,
          labels: managedLabels(prefixOf(props), props.environment),
          finalizers: ["resources-finalizer.argocd.argoproj.io"],
        },
        spec: {
          project: "default",
          source: { repoURL: `${props.repository}`, targetRevision: props.revision, path },
          destination: { server: "https://kubernetes.default.svc", namespace },
          syncPolicy: {
            automated: { prune: true, selfHeal: props.selfHeal ?? true },
            retry: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
          },
        },
      }),
      preventDestroy: true,
      ...(props.dependsOn && { dependsOn: props.dependsOn }),
    });
    application.resource.overrideLogicalId(LOGICAL_ID);
    return application;
  }
}

const prefixOf = ({ prefix = USUAL_NAMES.prefix }: RootAppProps): string => prefix;

const problems = ({ environment, revision }: RootAppProps): string[] => {
  const found: string[] = [];
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(environment)) {
    found.push(`RootApp: environment: must be a DNS label: got ${JSON.stringify(environment)}`);
  }
  if (revision === "") found.push('RootApp: revision: must be a branch, tag or commit: got ""');
  return found;
};
