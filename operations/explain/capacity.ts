/** The requests of an app, and the room in its namespace and on the nodes. */
import type { Environment } from "../../environments/schema.ts";
import type { AppEnvironment } from "../../lib/app/app-environment.ts";
import { needIn, sizeOf } from "../../lib/app/app-pods.ts";
import type { Catalogue } from "../../lib/app/catalogue.ts";
import type { ResolvedApp } from "../../lib/app/resolved-app.ts";
import { Quantity } from "../../lib/core/values/quantity.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../../lib/governance/sizes.ts";
import { assessCapacity } from "../../lib/proofs/capacity/capacity.ts";
import { measuredFit } from "../../lib/proofs/capacity/measured.ts";

export interface AppCapacity {
  readonly size: string;
  readonly replicas: number;
  /** Requests of all its pods together, with the one that a rolling update adds. */
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
  readonly namespace: {
    readonly name: string;
    readonly size: NamespaceSize;
    /** True when other apps are in it too. */
    readonly shared: boolean;
    readonly quota: { readonly cpu: string; readonly memory: string };
    /** Percent of the quota that this app asks for. */
    readonly used: { readonly cpu: number; readonly memory: number };
  };
  /** Room left in the environment, with one node lost and every quota used up. */
  readonly left: { readonly cpu: string; readonly memory: string };
  /**
   * The verdict on whether the requests counted in the living cluster fit with a node lost; undefined where nobody
   * counted them.
   */
  readonly measured: string | undefined;
  /** Percent that the namespace takes of what would be left without it. */
  readonly share: { readonly cpu: number; readonly memory: number };
}

const RESOURCES = ["cpu", "memory"] as const;

export const capacityOf = (
  app: ResolvedApp,
  { requests, ownNamespaces }: Catalogue,
  home: AppEnvironment,
  environment: Environment,
): AppCapacity => {
  const size = sizeOf(app, home);
  const need = needIn(app, home, size);
  const quota = requests.get(app.namespace) ?? NAMESPACE_SIZES[size].quota.requests;
  const { headroom } = assessCapacity({
    nodes: environment.nodes,
    controlPlane: environment.cluster.controlPlane,
    namespaces: [...environment.namespaces, ...ownNamespaces],
    requests,
    acceptSingleNode: environment.nodes.length === 1,
  });
  const each = <T>(of: (resource: (typeof RESOURCES)[number]) => T) => ({
    cpu: of("cpu"),
    memory: of("memory"),
  });
  return {
    size: app.size,
    replicas: app.replicas,
    requests: each((resource) => need.requests[resource].toString()),
    limits: each((resource) => need.limits[resource].toString()),
    namespace: {
      name: app.namespace,
      size,
      shared: !app.ownsNamespace,
      quota: each((resource) => quota[resource]),
      used: each((resource) => percent(need.requests[resource], Quantity.parse(quota[resource]))),
    },
    left: each((resource) => headroom[resource].toString()),
    measured:
      environment.measuredRequests &&
      measuredFit(
        { nodes: environment.nodes, controlPlane: environment.cluster.controlPlane },
        environment.measuredRequests,
      ).arithmetic,
    share: each((resource) => {
      const taken = Quantity.parse(quota[resource]);
      return percent(taken, Quantity.sum([headroom[resource], taken]));
    }),
  };
};

const percent = (part: Quantity, whole: Quantity): number =>
  Math.round((part.toNumber() / whole.toNumber()) * 100);
