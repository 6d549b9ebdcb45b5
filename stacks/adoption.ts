import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { Release } from "@cdktf/provider-helm/lib/release";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { PriorityClassV1 } from "@cdktf/provider-kubernetes/lib/priority-class-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { type AdoptedMachines, type DifferenceName, withholds } from "../environments/differences.ts";
import type { Environment } from "../environments/schema.ts";
import {
  addClusterAdoption,
  addImports,
  type Import,
  leaveAsItIs,
  leaveUnmanaged,
} from "../lib/adoption/blocks.ts";
import { Apps } from "../lib/app/apps.ts";
import { CustomResource } from "../lib/core/kubernetes/custom-resource.ts";
import { ETCD_BACKUP_NAMESPACE } from "../lib/core/platform/namespaces.ts";
import type { HomelabStack } from "./homelab-stack.ts";
import { namesFromContext } from "./node-context.ts";

/**
 * The environments whose living cluster is taken over: the context value `adopt`, a list or comma-separated, e.g.
 * `CDKTF_CONTEXT_JSON='{"adopt":"dev"}'`.
 *
 * Refused: an unknown environment.
 */
export const adoptedEnvironments = (scope: Construct, environments: readonly Environment[]): string[] =>
  namesFromContext(
    scope,
    "adopt",
    "environments",
    environments.map(({ name }) => name),
  );

/** The configuration that the machines of an environment keep for now. */
export const adoptedMachines = ({ adoption }: Environment): AdoptedMachines | undefined =>
  adoption && {
    shape: adoption.shape,
    talosContract: adoption.talosContract,
    installImage: adoption.installImage,
    kubernetesVersion: adoption.kubernetes,
    withhold: adoption.withhold,
  };

/** An object of a stack that a living cluster has already. */
interface Adoptable extends Import {
  readonly difference: DifferenceName;
  /** The name with which `adoption.absent` says that the cluster does not have it. */
  readonly name: string;
}

/**
 * Makes a stack take over what lives: blocks for the state when its environment is being adopted; settings that the
 * environment still withholds stay as they are either way.
 */
export const adopt = (stack: HomelabStack, adopted: readonly string[]): void => {
  const { environment, layer } = stack;
  const isAdopted = adopted.includes(environment.name);
  if (layer === "cluster" && isAdopted) addClusterAdoption(stack, environment.nodes);
  if (layer === "backup" && isAdopted) addImports(stack, livingBuckets(stack));
  if (layer !== "platform" && layer !== "apps") return;
  const absent = environment.adoption?.absent ?? [];
  const living = adoptables(stack).filter(({ name }) => !absent.includes(name));
  const isWithheld = ({ difference }: Adoptable) => withholds(adoptedMachines(environment), difference);
  const unmanaged = living.filter((each) => each.to instanceof Release && isWithheld(each));
  const imported = living.filter((each) => !unmanaged.includes(each));
  if (isAdopted) addImports(stack, imported);
  for (const { to } of unmanaged) leaveUnmanaged(to);
  for (const { to } of imported.filter(isWithheld)) leaveAsItIs(to);
};

/** Velero keeps its backups in a bucket already, which goes on with them. */
const livingBuckets = ({ environment: { backup, adoption }, node }: HomelabStack): Import[] =>
  node
    .findAll()
    .filter((each) => each instanceof S3Bucket)
    .filter(({ bucketInput }) => bucketInput === backup?.volumes?.bucket)
    .filter(({ bucketInput }) => !adoption?.absent.includes(`bucket/${bucketInput}`))
    .map((to) => ({ to, id: to.bucketInput ?? "" }));

/** Apps are new here: an app that vixens runs already moves by the runbook of ownership. */
const adoptables = (stack: HomelabStack): Adoptable[] =>
  stack.node.findAll().flatMap((construct): Adoptable[] => {
    if (construct.node.scopes.some((scope) => scope instanceof Apps)) return [];
    if (construct instanceof CustomResource) return customResource(construct);
    return construct instanceof TerraformResource ? resource(construct) : [];
  });

const LOAD_BALANCER_KINDS = ["CiliumLoadBalancerIPPool", "CiliumL2AnnouncementPolicy"];

const customResource = ({ object, resource }: CustomResource): Adoptable[] => {
  const { apiVersion, kind, metadata: { name = "", namespace } = {} } = object;
  const id = [apiVersion, kind, name, ...(namespace === undefined ? [] : [namespace])].join("//");
  const named = { to: resource, id, name: `${kind.toLowerCase()}/${name}` };
  if (LOAD_BALANCER_KINDS.includes(kind)) return [{ ...named, difference: "load-balancer-objects" }];
  return kind === "Application" ? [{ ...named, difference: "root-application" }] : [];
};

const resource = (to: TerraformResource): Adoptable[] => {
  if (to instanceof Release) {
    const name = to.nameInput ?? "";
    const difference =
      name === "cilium" ? "cilium-release" : name === "argocd" ? "argocd-release" : undefined;
    return difference
      ? [{ to, id: `${to.namespaceInput}/${name}`, difference, name: `release/${name}` }]
      : [];
  }
  if (to instanceof SecretV1) {
    const { name = "", namespace = "" } = to.metadataInput ?? {};
    const id = `${namespace}/${name}`;
    return name === "infisical-universal-auth"
      ? [{ to, id, difference: "infisical-secret", name: `secret/${name}` }]
      : [];
  }
  if (to instanceof NamespaceV1) {
    const { name = "" } = to.metadataInput ?? {};
    return name === ETCD_BACKUP_NAMESPACE
      ? []
      : [{ to, id: name, difference: "namespaces-and-priorities", name: `namespace/${name}` }];
  }
  if (to instanceof PriorityClassV1) {
    const { name = "" } = to.metadataInput ?? {};
    return [{ to, id: name, difference: "namespaces-and-priorities", name: `priorityclass/${name}` }];
  }
  return [];
};
