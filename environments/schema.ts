/** What an environment is, and how one is read: the entry to this folder. */
export { parseEnvironment, parseEnvironments } from "./parse.ts";
export { EnvironmentError, problemLine } from "./problem.ts";
export type { AddressRange, Environment, EnvironmentInput, Node, Vlan } from "./shape.ts";
export { unknowns } from "./unknowns.ts";
