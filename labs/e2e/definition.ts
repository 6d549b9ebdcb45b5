import type { KubernetesObject } from "./kubectl.ts";

/** A CustomResourceDefinition, as far as it is read here. */
export interface CustomResourceDefinition extends KubernetesObject {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly [field: string]: unknown };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly [field: string]: unknown;
    }[];
    readonly [field: string]: unknown;
  };
}
