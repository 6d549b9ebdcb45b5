import type { ObjectId } from "../../lib/core/kubernetes/object-id.ts";
import type { GitopsOwner } from "./gitops-side.ts";
import type { TerraformOwner } from "./terraform-side.ts";

/** One thing with two owners. */
export interface Conflict {
  /** The object or claim, e.g. `Namespace tools` or `host whoami.example.org`. */
  readonly what: string;
  readonly ours: readonly TerraformOwner[];
  readonly theirs: readonly GitopsOwner[];
}

/** An object with its identity. */
export type Identified<T> = T & { readonly id: ObjectId };
