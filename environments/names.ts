/** Names of the environments, for what speaks of both: an app says in which of them it lives. */
export const ENVIRONMENT_NAMES = ["dev", "prod"] as const;

export type EnvironmentName = (typeof ENVIRONMENT_NAMES)[number];

/** Something that may differ between environments. */
export type PerEnvironment<T> = { readonly [E in EnvironmentName]?: T };
