import { dev } from "./dev.ts";
import { prod } from "./prod.ts";
import type { EnvironmentInput } from "./shape.ts";

/** The one list of environments, as they are written: nothing else says which there are. `parseEnvironments` checks them. */
export const environments: readonly EnvironmentInput[] = [dev, prod];
