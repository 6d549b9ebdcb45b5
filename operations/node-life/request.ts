/** Requests about nodes, and the answers of a verb. */
import type { Environment, Node } from "../../environments/schema.ts";
import type { Step } from "./step.ts";

export const VERBS = ["add", "remove", "replace", "rename", "disk"] as const;
export type Verb = (typeof VERBS)[number];

export interface NodeLifeRequest {
  readonly verb: Verb;
  /** Nodes by name; for `rename` the old name and the new one. */
  readonly names: readonly string[];
  /** Role of a node to add that the environment does not describe yet. @default "worker" */
  readonly role?: Node["role"];
  /** The machine, or for `disk` its disk, does not answer and will not come back. @default false */
  readonly isDead?: boolean;
  /** Disk of a node to install to instead of the one that the environment names. @default - that one */
  readonly to?: string;
  /** Disk that is no install disk, of `disk`. @default - the install disk is meant */
  readonly data?: string;
  /** The day against which the environment is read, YYYY-MM-DD. @default - today, in UTC */
  readonly today?: string;
}

/** Lists what synthesis refuses of an environment as it would be left. */
export type Prove = (after: Environment) => readonly string[];

/** Steps of a verb, or what is wrong with what would be left. */
export type Plan = (
  environment: Environment,
  request: NodeLifeRequest,
  prove: Prove,
) => { readonly problems: readonly string[]; readonly steps: readonly Step[] };
