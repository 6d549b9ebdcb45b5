import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { MANAGER_CONTEXT, USUAL_NAMES } from "../platform/names.ts";
import { KubectlManifest } from "../providers/kubectl/manifest.ts";

/** A Kubernetes object of a custom kind, as `@kubernetes-models/*` and hand-made models give it. */
export interface CustomResourceObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  /** Checks the object against its schema; throws with the path of what is wrong. */
  validate?(): void;
  toJSON?(): unknown;
}

export interface CustomResourceProps {
  /** The object, typed by its definition. */
  readonly object: CustomResourceObject;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
  /**
   * Refuse to plan the object's destruction.
   * @default false
   */
  readonly preventDestroy?: boolean;
  /**
   * Take fields that another manager wrote, as an edit by hand does. Without it such an object is refused, which
   * shows that it has two owners.
   * @default false
   */
  readonly forceConflicts?: boolean;
  /**
   * Write the object as it stands, `${` and `%{` included: it holds no Terraform expression.
   * @default false
   */
  readonly literal?: boolean;
  /**
   * A destroy waits until the object is gone, with what its finalizers take along, before anything that it depends
   * on is destroyed.
   * @default false
   */
  readonly waitsUntilGone?: boolean;
}

/**
 * An object of a custom kind, checked against its schema at synth and applied server-side, by the field manager that the
 * context says.
 *
 * The only place that knows how: `kubectl_manifest` needs neither the API nor the CRD at plan time, which
 * `kubernetes_manifest` does (hashicorp/terraform-provider-kubernetes#1367).
 *
 * Refused: an object without a name; an object that its schema refuses.
 */
export class CustomResource extends Construct {
  readonly object: CustomResourceObject;
  /** The Terraform resource, to depend on. */
  readonly resource: KubectlManifest;

  constructor(scope: Construct, id: string, props: CustomResourceProps) {
    super(scope, id);
    this.object = props.object;
    // JSON is YAML, and writing it takes a fraction of the time; the provider shows changes as YAML all the same.
    const body = JSON.stringify(props.object);
    this.resource = new KubectlManifest(this, "manifest", {
      yamlBody: props.literal ? body.replace(/[$%](?=\{)/g, "$&$&") : body,
      serverSideApply: true,
      fieldManager: this.node.tryGetContext(MANAGER_CONTEXT) ?? USUAL_NAMES.manager,
      ...(props.dependsOn && { dependsOn: props.dependsOn }),
      ...(props.forceConflicts && { forceConflicts: true }),
      ...(props.waitsUntilGone && { wait: true }),
      ...(props.preventDestroy && { lifecycle: { preventDestroy: true } }),
    });
    this.node.addValidation({ validate: () => schemaProblems(props.object) });
  }
}

const schemaProblems = (object: CustomResourceObject): string[] => {
  const name = `${object.kind} ${object.metadata?.name ?? "(no name)"}`;
  if (!object.metadata?.name) return [`${name}: metadata.name: required, but missing`];
  try {
    object.validate?.();
    return [];
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
};
