/**
 * Objects with one fault each, as a person makes them. The schema at synth must refuse every one of them, naming
 * the path; the end-to-end run then asks the API server what it would have said.
 */

import { Application } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application";
import { AppProject } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject";
import { CiliumClusterwideNetworkPolicy } from "@kubernetes-models/cilium/cilium.io/v2/CiliumClusterwideNetworkPolicy";
import { CiliumLoadBalancerIPPool } from "@kubernetes-models/cilium/cilium.io/v2/CiliumLoadBalancerIPPool";
import { CiliumNetworkPolicy } from "@kubernetes-models/cilium/cilium.io/v2/CiliumNetworkPolicy";
import { CiliumL2AnnouncementPolicy } from "@kubernetes-models/cilium/cilium.io/v2alpha1/CiliumL2AnnouncementPolicy";
import { TalosServiceAccount } from "../../lib/backup/talos-service-account.ts";
import type { CustomResourceObject } from "../../lib/core/kubernetes/custom-resource.ts";

export interface BrokenObject {
  /** The fault in a few words. */
  readonly fault: string;
  /** The path that the refusal must name. */
  readonly path: string;
  readonly object: CustomResourceObject;
}

const NAMESPACE = "default";

// The types refuse most of these too; here they stand for values that come from data.
const inNamespace = { name: "broken", namespace: NAMESPACE };
const policy = (spec: unknown) => new CiliumNetworkPolicy({ metadata: inNamespace, spec } as never);
const egress = (rule: unknown) => policy({ endpointSelector: {}, egress: [rule] });
const ingress = (rule: unknown) => policy({ endpointSelector: {}, ingress: [rule] });
const clusterwide = (fields: object) =>
  new CiliumClusterwideNetworkPolicy({ metadata: { name: "broken" }, ...fields } as never);
const pool = (spec: unknown) => new CiliumLoadBalancerIPPool({ metadata: { name: "broken" }, spec } as never);
const announcement = (spec: unknown) =>
  new CiliumL2AnnouncementPolicy({ metadata: { name: "broken" }, spec } as never);
const repoURL = "https://git.example.com/apps.git";
const application = (spec: object) =>
  new Application({
    metadata: inNamespace,
    spec: { project: "default", destination: {}, source: { repoURL }, ...spec },
  } as never);
const project = (spec: unknown) => new AppProject({ metadata: inNamespace, spec } as never);
const talos = (roles: string[]) => new TalosServiceAccount({ ...inNamespace, roles: roles as never });

const broken = (fault: string, path: string, object: CustomResourceObject): BrokenObject => ({
  fault,
  path,
  object,
});

export const brokenObjects: readonly BrokenObject[] = [
  broken("a misspelt entity", "egress/0/toEntities/0", egress({ toEntities: ["wrld"] })),
  broken("no selector", "endpointSelector", policy({ egress: [{ toEntities: ["world"] }] })),
  broken(
    "two selectors",
    "spec",
    policy({ endpointSelector: {}, nodeSelector: {}, egress: [{ toEntities: ["world"] }] }),
  ),
  broken("a misspelt direction", "spec", policy({ endpointSelector: {}, ingres: [{}] })),
  broken(
    "a port as a number",
    "ports/0/port",
    egress({ toPorts: [{ ports: [{ port: 80, protocol: "TCP" }] }] }),
  ),
  broken(
    "a protocol in lower case",
    "ports/0/protocol",
    egress({ toPorts: [{ ports: [{ port: "80", protocol: "tcp" }] }] }),
  ),
  broken(
    "an end port beyond all ports",
    "ports/0/endPort",
    egress({ toPorts: [{ ports: [{ port: "80", endPort: 70_000 }] }] }),
  ),
  broken("a port without its object", "ports/0", egress({ toPorts: [{ ports: ["80"] }] })),
  broken(
    "more than 40 ports in a rule",
    "toPorts/0/ports",
    egress({ toPorts: [{ ports: Array.from({ length: 41 }, (_, index) => ({ port: `${index + 1}` })) }] }),
  ),
  broken("a host name with a blank", "toFQDNs/0/matchName", egress({ toFQDNs: [{ matchName: "a b" }] })),
  broken(
    "a host pattern with a slash",
    "toFQDNs/0/matchPattern",
    egress({ toFQDNs: [{ matchPattern: "*.a/b" }] }),
  ),
  broken("a mask of 99 bits", "toCIDR/0", egress({ toCIDR: ["10.0.0.0/99"] })),
  broken(
    "an exception that is no network",
    "toCIDRSet/0/except/0",
    egress({ toCIDRSet: [{ cidr: "10.0.0.0/8", except: ["printer"] }] }),
  ),
  broken(
    "an unknown ICMP family",
    "fields/0/family",
    ingress({ icmps: [{ fields: [{ family: "IPv5", type: 8 }] }] }),
  ),
  broken("an ICMP field without a type", "fields/0", ingress({ icmps: [{ fields: [{ family: "IPv4" }] }] })),
  broken(
    "default deny as a word",
    "enableDefaultDeny/ingress",
    policy({ endpointSelector: {}, enableDefaultDeny: { ingress: "yes" }, ingress: [{}] }),
  ),
  broken("rules as a map", "spec/ingress", policy({ endpointSelector: {}, ingress: {} })),
  broken(
    "an unknown operator",
    "matchExpressions/0/operator",
    policy({ endpointSelector: { matchExpressions: [{ key: "app", operator: "Is" }] }, egress: [{}] }),
  ),
  broken(
    "a label that is no text",
    "matchLabels/critical",
    clusterwide({ spec: { nodeSelector: { matchLabels: { critical: true } }, ingress: [{}] } }),
  ),
  broken(
    "a network that is a name",
    "specs/0/ingress/0/fromCIDR/0",
    clusterwide({ specs: [{ endpointSelector: {}, ingress: [{ fromCIDR: ["office"] }] }] }),
  ),
  broken("a pool of a mask of 99 bits", "blocks/0/cidr", pool({ blocks: [{ cidr: "10.0.0.0/99" }] })),
  broken("an answer that is neither Yes nor No", "allowFirstLastIPs", pool({ allowFirstLastIPs: "maybe" })),
  broken("one interface instead of a list", "spec/interfaces", announcement({ interfaces: "eth0" })),
  broken(
    "an announcement switched on by a text",
    "loadBalancerIPs",
    announcement({ loadBalancerIPs: "true" }),
  ),
  broken("an application without a project", "spec", application({ project: undefined })),
  broken("a source without a repository", "spec/source", application({ source: { path: "apps" } })),
  broken(
    "pruning as a word",
    "automated/prune",
    application({ syncPolicy: { automated: { prune: "yes" } } }),
  ),
  broken("a retry limit as text", "retry/limit", application({ syncPolicy: { retry: { limit: "5" } } })),
  broken("one repository instead of a list", "sourceRepos", project({ sourceRepos: "*" })),
  broken("a role of Talos that there is not", "spec.roles", talos(["os:etcd:backups"])),
];
