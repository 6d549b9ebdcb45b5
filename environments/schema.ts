/** What an environment is, and how one is read: the entry to this folder. */
export { type ParseOptions, parseEnvironment, parseEnvironments } from "./parse.ts";
export { EnvironmentError, type Problem } from "./problem.ts";
export {
  type AcceptedRisk,
  type AddressRange,
  type Environment,
  type EnvironmentInput,
  environmentShape,
  type Node,
  type Vlan,
} from "./shape.ts";
export { type Unknown, unknowns } from "./unknowns.ts";
