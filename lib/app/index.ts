/** What a file under `apps/` needs: the entry to this folder for developers. */
export { Port } from "../network/port.ts";
export { app } from "./declaration.ts";
export {
  egressTo,
  egressToInternet,
  exposedBy,
  gateway,
  loadBalancer,
  metrics,
  reachedBy,
  reachesNodes,
  scrapedBy,
  talksToItself,
  uses,
  usesKubernetesApi,
} from "./links.ts";
