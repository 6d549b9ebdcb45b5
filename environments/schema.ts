/** Entry to this folder: the schema of an environment, and the functions that read one. */
export { parseEnvironment, parseEnvironments } from "./parse.ts";
export { EnvironmentError, problemLine } from "./problem.ts";
export type { EnvironmentInput } from "./shape.ts";
export { unknowns } from "./unknowns.ts";
export { dataOf, type Environment, type Node, type Vlan } from "./values.ts";
