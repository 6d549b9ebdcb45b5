/** Names of the environments, for what speaks of all of them: an app says in which of them it lives. */
import type { EnvironmentName } from "./index.ts";

export type { EnvironmentName };

/** Something that may differ between environments. */
export type PerEnvironment<T> = { readonly [E in EnvironmentName]?: T };
