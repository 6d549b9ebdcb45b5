/** Values as Helm takes them. */

/** A value of a Helm chart. */
export type HelmValue =
  | string
  | number
  | boolean
  | null
  | readonly HelmValue[]
  | { readonly [key: string]: HelmValue };
export type HelmValues = { readonly [key: string]: HelmValue };
