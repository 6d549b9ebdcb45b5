/** What an environment is, and how one is read: the entry to this folder. */
export { parseEnvironment, parseEnvironments } from "./parse.ts";
export { EnvironmentError, problemLine } from "./problem.ts";
export type { EnvironmentInput } from "./shape.ts";
export { unknowns } from "./unknowns.ts";
export { dataOf, type Environment, type Node, type Vlan } from "./values.ts";
