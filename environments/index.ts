import { dev } from "./dev.ts";
import { prod } from "./prod.ts";
import type { EnvironmentInput } from "./shape.ts";

/** The one list of environments, each under its name. Nothing else says which there are. */
export const environmentsByName = { dev, prod } as const satisfies Readonly<Record<string, EnvironmentInput>>;

export type EnvironmentName = keyof typeof environmentsByName;

/** Every environment, as it is written; `parseEnvironments` checks them. */
export const environments: readonly EnvironmentInput[] = Object.values(environmentsByName);
