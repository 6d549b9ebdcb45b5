/** What a file under `apps/` needs: the entry to this folder for developers. */
export { app } from "./declaration.ts";
export { DeclaredPort as Port } from "./declared-port.ts";
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
export { notSecret } from "./not-secret.ts";
