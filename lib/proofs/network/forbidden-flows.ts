import { platformPods } from "../../network/platform-pods.ts";
import type { Identity } from "../evaluator/identities.ts";
import type { DeclaredFlows } from "./declared.ts";
import type { ProofFlow } from "./flow.ts";
import { ENDS, type NetworkInventory } from "./inventory.ts";

type Ports = Pick<ProofFlow, "protocol" | "port">;

/** A kind of flow that must die, with what may grant an exception. */
export interface ForbiddenFlows {
  readonly name: string;
  readonly from: readonly Identity[];
  readonly to: readonly Identity[];
  /** True when this very flow may live. */
  excepts(from: Identity, to: Identity, ports: Ports): boolean;
}

/** Port of the Talos API, which can reset a node. */
const TALOS_API = 50000;

const never = () => false;

/**
 * Flows that must die. An app gets more only from an allowance that names both ends. Some flows no allowance can grant:
 * those to ArgoCD's inside, to the metadata service, and to the Talos API for all but the backup.
 */
export const forbiddenFlows = (
  { identities, pods, apps }: NetworkInventory,
  declared: DeclaredFlows,
): ForbiddenFlows[] => {
  const end = (...ids: string[]) => identities.filter(({ id }) => ids.includes(id));
  const granted = (from: Identity, to: Identity, ports: Ports) => declared.grants(from, to, ports);
  const nodes = end(ENDS.host, ENDS.localApiServer, ENDS.remoteNode, ENDS.apiServer);
  const apiServers = end(ENDS.apiServer, ENDS.localApiServer);
  const notApiServer = (ports: Ports) => ports.protocol !== "TCP" || ports.port !== 6443;
  return [
    { name: "app → other app", from: apps, to: apps, excepts: granted },
    { name: "app → API server", from: apps, to: apiServers, excepts: granted },
    {
      name: "app → node ports",
      from: apps,
      to: nodes,
      // The API server's own port is the rule above.
      excepts: (from, to, ports) =>
        (apiServers.includes(to) && !notApiServer(ports)) || granted(from, to, ports),
    },
    { name: "internet → pod", from: end(ENDS.world), to: pods, excepts: granted },
    {
      name: "anything → ArgoCD's Redis and repository server",
      from: identities.filter((identity) => !isArgoCd(identity) && !isNode(identity)),
      to: end(platformPods.argocdRedis.id, platformPods.argocdRepoServer.id),
      excepts: (from, to, ports) => from.id === platformPods.scraper.id && granted(from, to, ports),
    },
    { name: "pod → metadata service", from: pods, to: end(ENDS.metadata), excepts: never },
    {
      name: "pod → Talos API",
      from: pods.filter(({ id }) => id !== platformPods.etcdBackup.id),
      to: nodes,
      excepts: (_from, _to, { protocol, port }) => protocol !== "TCP" || port !== TALOS_API,
    },
  ];
};

const isArgoCd = (identity: Identity): boolean => identity.kind === "pod" && identity.namespace === "argocd";

/** A node reaches its own pods whatever policies say, and API servers call webhooks; both are the platform's trust. */
const isNode = ({ kind }: Identity): boolean => ["host", "remote-node", "kube-apiserver"].includes(kind);
