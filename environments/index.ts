import { dev } from "./dev.ts";
import { prod } from "./prod.ts";
import type { EnvironmentInput } from "./shape.ts";

/** Every environment, as it is written; `parseEnvironments` checks them. */
export const environments: readonly EnvironmentInput[] = [dev, prod];
