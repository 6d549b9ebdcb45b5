/** Names that belong to the platform or to Kubernetes: read from the constructs that are there and what their charts render. */
import { Release } from "@cdktf/provider-helm/lib/release";
import type { TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import { chartFacts } from "../environments/recorded/chart-facts.ts";
import type { OwnedNames } from "../lib/app/app-environment.ts";
import { fieldsOf, textOf } from "../lib/core/fields.ts";
import { CustomResource } from "../lib/core/kubernetes/custom-resource.ts";
import { CLUSTER_KINDS, groupOf } from "../lib/core/kubernetes/object-id.ts";

const KUBERNETES = "Kubernetes'";
const PLATFORM = "the platform's";

/** Namespaces that every cluster has. Source: kubernetes pkg/controlplane/controller/systemnamespaces. */
const KUBERNETES_NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];
/** Roles and classes of the whole cluster that a name of an app can be. Source: kubernetes bootstrappolicy and scheduling. */
const KUBERNETES_NAMES = [
  ...["admin", "cluster-admin", "edit", "view"],
  ...["system-cluster-critical", "system-node-critical"],
];
/** Kinds of ArgoCD's namespace that every app has one of, by its name. */
const OF_AN_APP = ["Application", "AppProject"];

/**
 * Collects the owners of names, as far as the constructs below `scopes` say.
 * @param shared namespaces that the platform makes for apps
 */
export const ownedNames = (
  environment: string,
  scopes: readonly IConstruct[],
  shared: readonly string[],
): OwnedNames => {
  const namespaces = new Map(KUBERNETES_NAMESPACES.map((name) => [name, KUBERNETES]));
  const names = new Map(KUBERNETES_NAMES.map((name) => [name, KUBERNETES]));
  names.set("default", "ArgoCD's own project");
  for (const { kind, name, owner } of scopes
    .flatMap((scope) => scope.node.findAll())
    .flatMap(ownedBy(environment))) {
    names.set(name, owner);
    if (kind === "Namespace") namespaces.set(name, owner);
  }
  for (const name of shared) for (const owned of [names, namespaces]) owned.delete(name);
  return { namespaces, names: new Map([...namespaces, ...names]) };
};

interface Owned {
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
}

const ownedBy =
  (environment: string) =>
  (construct: IConstruct): Owned[] => {
    if (construct instanceof Release) return releaseNames(environment, textOf(construct.nameInput));
    if (construct instanceof CustomResource) {
      const { kind, metadata = {} } = construct.object;
      const isMeant = metadata.namespace === undefined || OF_AN_APP.includes(kind);
      return isMeant ? [{ kind, name: textOf(metadata.name), owner: PLATFORM }] : [];
    }
    const { terraformResourceType: type, metadataInput } = construct as Partial<
      TerraformResource & { metadataInput: unknown }
    >;
    const { name, namespace } = fieldsOf(metadataInput);
    const kind = type === "kubernetes_namespace_v1" ? "Namespace" : textOf(type);
    return kind.length > 0 && namespace === undefined && textOf(name) !== ""
      ? [{ kind, name: textOf(name), owner: PLATFORM }]
      : [];
  };

/** The release, and what of its rendered objects has no namespace. */
const releaseNames = (environment: string, release: string): Owned[] => {
  const facts = chartFacts(environment, release);
  const owner = `the Helm release ${release}'s`;
  const rendered = Object.entries(facts?.known ? facts.objects : {}).flatMap(([type, names]) => {
    const kind = type.slice(type.lastIndexOf("/") + 1);
    const isOfCluster = CLUSTER_KINDS.has(`${groupOf(type.slice(0, type.lastIndexOf("/")))}/${kind}`);
    return isOfCluster ? names.map((name) => ({ kind, name, owner })) : [];
  });
  return [{ kind: "Release", name: release, owner }, ...rendered];
};
