/** The entry to this folder for developers: all that a file under `apps/` needs. */
export { initContainer, sidecar } from "./containers.ts";
export { database } from "./database.ts";
export { app } from "./declaration.ts";
export { DeclaredPort as Port } from "./declared-port.ts";
export { group } from "./group.ts";
export { gateway, metrics } from "./link-ends.ts";
export {
  calledByApiServer,
  egressTo,
  egressToInternet,
  exposedBy,
  loadBalancer,
  reachedBy,
  reachesNodes,
  scrapedBy,
  talksToItself,
  uses,
  usesKubernetesApi,
} from "./links.ts";
export { claimOf, fileBeside, filesBeside, memory, nfs, scratch, secretFiles } from "./mounts.ts";
export { notSecret } from "./not-secret.ts";
export { once, onSchedule } from "./runs.ts";
export { fromSecret } from "./variables.ts";
