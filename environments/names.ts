/** Names of the environments, for what speaks of both: an app says in which of them it lives. */
export type EnvironmentName = "dev" | "prod";

/** Something that may differ between environments. */
export type PerEnvironment<T> = { readonly [E in EnvironmentName]?: T };
