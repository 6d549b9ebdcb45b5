/** The objects that the stacks of an environment own in the cluster, as they were synthesized. */
import { parse } from "yaml";
import { type Fields, fieldsOf, isFields } from "../../lib/core/fields.ts";
import { holdsExpression, unescaped } from "../../lib/core/kubernetes/manifest-text.ts";
import {
  managedResources,
  type NamedStack,
  type TerraformJson,
} from "../../lib/core/synthesis/terraform-json.ts";
import type { Release } from "./application.ts";
import { isApplication, releasesOf } from "./application.ts";
import { documentsOf, UnreadableError } from "./checkout.ts";
import type { Unknown } from "./kustomize.ts";

/** Kinds of the typed resources by their group: `kubernetes_<kind>`, with or without a version. */
const TYPED_KINDS: Readonly<Record<string, readonly string[]>> = {
  "": [
    "ConfigMap",
    "Endpoints",
    "LimitRange",
    "Namespace",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "ResourceQuota",
    "Secret",
    "Service",
    "ServiceAccount",
  ],
  apps: ["DaemonSet", "Deployment", "StatefulSet"],
  batch: ["CronJob", "Job"],
  autoscaling: ["HorizontalPodAutoscaler"],
  "networking.k8s.io": ["Ingress", "IngressClass", "NetworkPolicy"],
  policy: ["PodDisruptionBudget"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
  "scheduling.k8s.io": ["PriorityClass"],
  "storage.k8s.io": ["StorageClass"],
};

const API_VERSIONS = new Map(
  Object.entries(TYPED_KINDS).flatMap(([group, kinds]) =>
    kinds.map((kind): [string, { apiVersion: string; kind: string }] => [
      kind.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase(),
      { apiVersion: group === "" ? "v1" : `${group}/v1`, kind },
    ]),
  ),
);

/** The owner of something on this side. */
export interface TerraformOwner {
  readonly stack: string;
  /** Address in that stack, e.g. `kubernetes_namespace_v1.namespace-tools_…`. */
  readonly address: string;
  /** Path of the construct, e.g. `prod-platform/namespace-tools/namespace`. */
  readonly path: string;
}

export interface TerraformObject {
  readonly owner: TerraformOwner;
  readonly object: Fields;
}

export interface TerraformRelease extends Release {
  readonly owner: TerraformOwner;
  readonly values: readonly Fields[];
}

export interface TerraformSide {
  readonly objects: readonly TerraformObject[];
  /** Of Helm itself, and of our Applications. */
  readonly releases: readonly TerraformRelease[];
  readonly unknown: readonly Unknown[];
}

const IN_CLUSTER = /^(kubernetes|kubectl|helm)_/;
const NAME_OF = /^\$\{([\w-]+)\.([\w-]+)\.metadata\[0\]\.name\}$/;

/** Reads what the stacks set in the cluster; neither what they leave as it is nor what they leave out. */
export const terraformSide = (stacks: readonly NamedStack[]): TerraformSide => {
  const read = stacks.flatMap(({ name, json }) => readStack(name, json));
  const objects = read.flatMap((each) => ("object" in each ? [each] : []));
  return {
    objects,
    releases: [
      ...read.flatMap((each) =>
        "release" in each ? [{ ...each.release, owner: each.owner, values: each.values }] : [],
      ),
      ...objects
        .filter(({ object }) => isApplication(object))
        .flatMap(({ owner, object }) =>
          releasesOf(object).map((release) => ({ ...release, owner, values: [] })),
        ),
    ],
    unknown: read.flatMap((each) => ("why" in each ? [each] : [])),
  };
};

type Read =
  | TerraformObject
  | { readonly owner: TerraformOwner; readonly release: Release; readonly values: readonly Fields[] }
  | Unknown;

const readStack = (stack: string, json: TerraformJson): Read[] =>
  managedResources(json)
    .filter(({ type, block }) => IN_CLUSTER.test(type) && !isWithheld(block))
    .flatMap(({ type, address, block }): Read[] => {
      const { path } = fieldsOf(fieldsOf(block["//"]).metadata);
      const owner = { stack, address, path: typeof path === "string" ? path : "" };
      const unknown = (why: string): Read[] => [{ where: `${stack} ${address}`, why }];
      const known = (object: Fields): Read[] => {
        const [kind, name, namespace] = identityIn(object);
        if (typeof kind !== "string" || typeof name !== "string")
          return unknown("it says no kind or no name, so which object it is, is known after the apply only");
        return holdsExpression(`${kind} ${name} ${namespace}`)
          ? unknown("its name is known at the apply only")
          : [{ owner, object }];
      };
      if (type === "helm_release") return [release(owner, block)];
      if (type === "kubernetes_manifest") return known(fieldsOf(block.manifest));
      if (type === "kubectl_manifest") {
        try {
          return documentsOf(unescaped(String(block.yaml_body)), "yaml_body").flatMap(known);
        } catch (error) {
          if (error instanceof UnreadableError) return unknown(error.message);
          throw error;
        }
      }
      const typed = API_VERSIONS.get(
        type.replace(/^kubernetes_/, "").replace(/_v\d+((alpha|beta)\d+)?$/, ""),
      );
      return typed
        ? known({ ...typed, metadata: metadataOf(block, json), spec: specOf(block) })
        : unknown(`${type}: which object it is, is not known here`);
    });

/** An adoption withholds it: Terraform changes nothing about it, so GitOps may. */
const isWithheld = ({ count, lifecycle }: Fields): boolean => {
  const { ignore_changes: ignored } = fieldsOf(lifecycle);
  return count === 0 || ignored === "all" || (Array.isArray(ignored) && ignored.includes("all"));
};

const identityIn = ({ kind, metadata }: Fields): readonly unknown[] => {
  const { name, namespace } = fieldsOf(metadata);
  return [kind, name, namespace];
};

const release = (owner: TerraformOwner, block: Fields): Read => ({
  owner,
  release: {
    namespace: String(block.namespace ?? "default"),
    name: String(block.name),
    chart: String(block.chart),
    version: String(block.version ?? "latest"),
  },
  values: (Array.isArray(block.values) ? block.values : [])
    .map((text) => parse(String(text)))
    .filter(isFields),
});

/** A block of Terraform is an object, or a list with one. */
const only = (block: unknown): Fields => fieldsOf(Array.isArray(block) ? block[0] : block);

/** The metadata, with the name of a namespace in place of a reference to it. */
const metadataOf = (block: Fields, { resource = {} }: TerraformJson): Fields => {
  const metadata = only(block.metadata);
  const [, type = "", id = ""] = NAME_OF.exec(String(metadata.namespace)) ?? [];
  const referred = only(resource[type]?.[id]?.metadata).name;
  return referred === undefined ? metadata : { ...metadata, namespace: referred };
};

/** Hosts, certificates and addresses, called as Kubernetes calls them. */
const specOf = (block: Fields): Fields => {
  const { rule, tls, load_balancer_ip: loadBalancerIP } = only(block.spec);
  const all = (value: unknown): Fields[] => (Array.isArray(value) ? value : [value]).filter(isFields);
  return {
    rules: all(rule).map(({ host }) => ({ host })),
    tls: all(tls).map(({ hosts, secret_name: secretName }) => ({ hosts, secretName })),
    loadBalancerIP,
  };
};
