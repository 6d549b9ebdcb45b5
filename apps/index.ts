import type { AppDeclaration } from "../lib/app/declaration.ts";
import { velero } from "./velero.ts";
import { whoami } from "./whoami.ts";

/** Every app of the homelab, in the order of their names. */
export const apps: readonly AppDeclaration[] = [velero, whoami];
