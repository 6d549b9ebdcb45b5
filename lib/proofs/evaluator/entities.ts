/** Entities: names for peers that have no labels of their own (`pkg/policy/api/entity.go`). */
import { CLUSTER_LABEL } from "./labels.ts";
import { Selector } from "./selector.ts";

const reserved = (name: string): Selector => Selector.label(`reserved.${name}`);

/**
 * The selectors that an entity stands for, or undefined for an unknown name.
 *
 * `all` selects everything; `cluster` the nodes, the API server wherever it is, health, ingress, init and
 * unmanaged endpoints and the pods that carry the cluster's name; `none` nothing.
 */
export const entitySelectors = (entity: string, clusterName: string): readonly Selector[] | undefined => {
  switch (entity) {
    case "all":
      return [Selector.of()];
    case "world":
      return [reserved("world"), reserved("world-ipv4"), reserved("world-ipv6")];
    case "cluster":
      return [
        ...["host", "remote-node", "init", "ingress", "health", "unmanaged", "kube-apiserver"].map(reserved),
        Selector.label(`k8s.${CLUSTER_LABEL}`, clusterName),
      ];
    case "world-ipv4":
    case "world-ipv6":
    case "host":
    case "init":
    case "ingress":
    case "remote-node":
    case "health":
    case "unmanaged":
    case "none":
    case "kube-apiserver":
      return [reserved(entity)];
    default:
      return undefined;
  }
};
