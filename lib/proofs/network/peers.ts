import { Subnet } from "../../core/values/subnet.ts";
import type { Peer } from "../../network/peer.ts";
import type { Identity } from "../evaluator/identities.ts";

/** Finds the identities that peers name, those of each peer once. */
export class Members {
  private readonly known = new Map<Peer, ReadonlySet<Identity>>();
  private readonly byNamespace = new Map<string, Identity[]>();

  constructor(private readonly identities: readonly Identity[]) {
    for (const identity of identities)
      if (identity.kind === "pod") {
        const inside = this.byNamespace.get(identity.namespace);
        if (inside) inside.push(identity);
        else this.byNamespace.set(identity.namespace, [identity]);
      }
  }

  /** In the order of the identities. */
  of(peer: Peer): ReadonlySet<Identity> {
    const known = this.known.get(peer);
    if (known) return known;
    const found = new Set(this.candidates(peer).filter((identity) => isPeer(peer, identity)));
    this.known.set(peer, found);
    return found;
  }

  private candidates({ target }: Peer): readonly Identity[] {
    const namespace = target.kind === "endpoints" ? target.selector.matchLabels?.[NAMESPACE] : undefined;
    return namespace === undefined ? this.identities : (this.byNamespace.get(namespace) ?? []);
  }
}

const NAMESPACE = "k8s:io.kubernetes.pod.namespace";

/** True when a peer names the identity. */
export const isPeer = ({ target }: Peer, identity: Identity): boolean => {
  switch (target.kind) {
    case "endpoints": {
      const { matchLabels = {}, matchExpressions = [] } = target.selector;
      return (
        Object.entries(matchLabels).every(([key, value]) => endpointLabel(identity, key) === value) &&
        matchExpressions.every(({ key }) => endpointLabel(identity, key) !== undefined)
      );
    }
    case "entities":
      return target.entities.some((entity) => entitiesOf(identity).includes(entity));
    case "cidr":
      // `world` is an address that no narrower prefix covers.
      if (identity.kind === "world") return target.cidr === "0.0.0.0/0";
      return "cidr" in identity && identity.cidr !== undefined && inCidr(identity.cidr, target);
    case "fqdn":
      return identity.kind === "cidr" && (identity.dnsNames ?? []).includes(target.name);
  }
};

const inCidr = (
  cidr: string,
  { cidr: outer, except }: { cidr: string; except: readonly string[] },
): boolean => {
  const inner = Subnet.parse(cidr);
  return Subnet.parse(outer).contains(inner) && !except.some((hole) => Subnet.parse(hole).contains(inner));
};

/** A label of an endpoint with its source in front, e.g. `k8s:app`; undefined when it has none of that key. */
const endpointLabel = (identity: Identity, key: string): string | undefined => {
  if (identity.kind !== "pod") return key === `reserved:${identity.kind}` ? "" : undefined;
  if (key === NAMESPACE) return identity.namespace;
  return key.startsWith("k8s:") ? identity.labels?.[key.slice("k8s:".length)] : undefined;
};

/** Entities of `Peer.entities` that an identity belongs to: an API server is on a node, or outside. */
const entitiesOf = (identity: Identity): string[] => {
  switch (identity.kind) {
    case "host":
      return identity.kubeApiserver ? ["host", "kube-apiserver"] : ["host"];
    case "kube-apiserver":
      return ["kube-apiserver", identity.cidr === undefined ? "remote-node" : "world"];
    case "remote-node":
      return ["remote-node"];
    case "ingress":
      return ["ingress"];
    case "world":
    case "cidr":
      return ["world"];
    default:
      return [];
  }
};
