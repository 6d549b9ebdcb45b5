import type { HttpUrl } from "../core/values/http-url.ts";
import { Subnet } from "../core/values/subnet.ts";

const NAMESPACE = "k8s:io.kubernetes.pod.namespace";

/** Entities that an allowance may name. `all`, `cluster` and `unmanaged` are left out: they say too much. */
export type Entity = "host" | "remote-node" | "kube-apiserver" | "world" | "ingress";

export interface PodSelector {
  readonly matchLabels?: Record<string, string>;
  readonly matchExpressions?: { key: string; operator: "Exists" | "In"; values?: string[] }[];
}

type Target =
  | { readonly kind: "endpoints"; readonly selector: PodSelector }
  | { readonly kind: "entities"; readonly entities: readonly Entity[] }
  | { readonly kind: "cidr"; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: "fqdn"; readonly name: string };

/** One end of a flow. Endpoints can be the subject of a policy; entities, CIDRs and names only its peer. */
export class Peer {
  private constructor(
    /** Name of the peer in reports. */
    readonly label: string,
    readonly target: Target,
  ) {}

  /** Selects the endpoints. Throws when the peer is none: an entity, a CIDR or a name is no subject. */
  get selector(): PodSelector {
    if (this.target.kind !== "endpoints") throw new Error(`peer: must be endpoints: got ${this.label}`);
    return this.target.selector;
  }

  /** Pods of one namespace that carry all of `labels`. Refused: no labels (see `namespace`). */
  static workload(namespace: string, labels: Record<string, string>): Peer {
    if (Object.keys(labels).length === 0)
      throw new Error(
        `peer: workload of ${namespace} needs at least one label; use Peer.namespace for all its pods`,
      );
    const prefixed = Object.entries(labels).map(([key, value]) => [`k8s:${key}`, value]);
    const name = labels["app.kubernetes.io/name"] ?? labels["k8s-app"] ?? Object.values(labels).join(",");
    return new Peer(`${namespace}/${name}`, {
      kind: "endpoints",
      selector: { matchLabels: { [NAMESPACE]: namespace, ...Object.fromEntries(prefixed) } },
    });
  }

  /** All pods of one namespace. */
  static namespace(namespace: string): Peer {
    return new Peer(`${namespace}/*`, {
      kind: "endpoints",
      selector: { matchLabels: { [NAMESPACE]: namespace } },
    });
  }

  /**
   * All pods of all namespaces, and nothing else: `{}` in a clusterwide policy would select the health and
   * ingress endpoints too.
   */
  static everyPod(): Peer {
    return new Peer("every pod", {
      kind: "endpoints",
      selector: { matchExpressions: [{ key: NAMESPACE, operator: "Exists" }] },
    });
  }

  /** Cilium's own health endpoint on each node. */
  static health(): Peer {
    return new Peer("cilium-health", {
      kind: "endpoints",
      selector: { matchLabels: { "reserved:health": "" } },
    });
  }

  /** Entities that Cilium knows without labels. `host` is the node that the pod runs on. */
  static entities(...entities: [Entity, ...Entity[]]): Peer {
    return new Peer(entities.join("+"), { kind: "entities", entities });
  }

  /** Addresses outside the cluster: a CIDR never matches a pod or a node. */
  static cidr(cidr: string, except: readonly string[] = []): Peer {
    const outer = Subnet.parse(cidr);
    for (const inner of except)
      if (!outer.contains(Subnet.parse(inner)))
        throw new Error(`peer: except must lie inside ${cidr}: got ${inner}`);
    return new Peer(cidr, { kind: "cidr", cidr, except });
  }

  /**
   * A name outside the cluster, exact, e.g. `github.com`. The allowance also lets Cilium see the subject's DNS
   * answers, without which the name never resolves to an address. Refused: a pattern.
   */
  static fqdn(name: string): Peer {
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(name))
      throw new Error(
        `peer: must be an exact, lower-case, fully qualified name: got ${JSON.stringify(name)}`,
      );
    return new Peer(name, { kind: "fqdn", name });
  }

  /** `Peer.cidr` of one address, or `Peer.fqdn`: whatever the host of a URL is. */
  static urlHost({ hostname }: HttpUrl): Peer {
    return /^[\d.]+$/.test(hostname) ? Peer.cidr(`${hostname}/32`) : Peer.fqdn(hostname);
  }
}
