import type { CustomResourceObject } from "../core/kubernetes/custom-resource.ts";

/** Roles of the Talos API: `pkg/machinery/role/role.go`, v1.12.4. */
const ROLES = ["os:admin", "os:operator", "os:reader", "os:etcd:backup", "os:impersonator"] as const;

export type TalosRole = (typeof ROLES)[number];

/**
 * Access of pods to the Talos API: `talos.dev/v1alpha1 ServiceAccount`.
 *
 * Talos itself registers the CRD `serviceaccounts.talos.dev` when `kubernetesTalosAPIAccess` is enabled
 * (`manifest.go`: bootstrap manifest 13), watches the objects on the control planes, and makes a Secret of the same
 * name with a talosconfig under `config`, valid for six hours and renewed an hour before its end. It refuses to touch
 * a Secret that it did not make, so nobody else may. A namespace or a role that the machine configuration does not
 * allow ends up in `status.failureReason`, and no Secret is made.
 */
export class TalosServiceAccount implements CustomResourceObject {
  readonly apiVersion = "talos.dev/v1alpha1";
  readonly kind = "ServiceAccount";
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly roles: readonly TalosRole[] };

  constructor(props: { name: string; namespace: string; roles: readonly TalosRole[] }) {
    this.metadata = { name: props.name, namespace: props.namespace };
    this.spec = { roles: props.roles };
  }

  /** The CRD itself checks no role: a misspelt one would only show on the node. */
  validate(): void {
    const { roles } = this.spec;
    const unknown = roles.filter((role) => !ROLES.includes(role));
    if (roles.length === 0) throw new Error("spec.roles: must name at least one role: got []");
    if (unknown.length > 0) {
      throw new Error(`spec.roles: must be of ${ROLES.join(", ")}: got ${JSON.stringify(unknown)}`);
    }
  }

  toJSON(): unknown {
    const { apiVersion, kind, metadata, spec } = this;
    return { apiVersion, kind, metadata, spec };
  }
}
