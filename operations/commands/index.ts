import type { Definition } from "../cli/definition.ts";
import { doctor } from "./doctor.ts";

/** The commands of operators, in the order of the help. */
export const operations: readonly Definition[] = [doctor];
