/** The network of each environment as `cdktf.out` holds it: what an apply would put into the cluster. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isFields } from "../../lib/core/fields.ts";
import { holdsExpression, knownObject, manifestDocuments } from "../../lib/core/kubernetes/manifest-text.ts";
import { isRootApp } from "../../lib/core/platform/names.ts";
import {
  type AddressedBlock,
  managedResources,
  type TerraformJson,
} from "../../lib/core/synthesis/terraform-json.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { HttpUrl } from "../../lib/core/values/http-url.ts";
import type { PolicySettings } from "../../lib/proofs/evaluator/model.ts";
import { isPolicyKind } from "../../lib/proofs/evaluator/policy-set.ts";
import { appsOf, type Served, type SynthesizedApp, servedBy } from "./served.ts";
import { recordedServices, type Service } from "./services.ts";

/** `<env>-platform` and `<env>-apps`: the stacks that hold objects of the cluster. */
const CLUSTER_STACK = /^(.+)-(platform|apps)$/;

export interface SynthesizedNetwork {
  readonly environment: string;
  /** Stacks that the policies stand in. */
  readonly stacks: readonly string[];
  /** Policy objects of the three kinds. */
  readonly policies: readonly unknown[];
  /** The agent's settings that the Cilium release makes. */
  readonly settings: PolicySettings;
  /** True when the agent only logs what policies deny. */
  readonly audit: boolean;
  /** Namespaces that the stacks create, with their labels. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Pods that workloads of the stacks make, by the labels of their templates. */
  readonly pods: readonly SynthesizedPod[];
  /** Apps by name, whatever namespace they run in. */
  readonly apps: ReadonlyMap<string, SynthesizedApp>;
  /** The apps behind host names and addresses that the cluster itself serves. */
  readonly served: ReadonlyMap<string, Served>;
  /** Services of recorded charts. */
  readonly services: readonly Service[];
  /** URL of the Git repository that ArgoCD syncs, when an Application says so. */
  readonly repository: HttpUrl | undefined;
  /** URL of the storage that the etcd backup writes to, when it says so. */
  readonly backupEndpoint: HttpUrl | undefined;
}

export interface SynthesizedPod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The output directory cannot be read as one of cdktf. */
export class OutputError extends UsageError {}

/**
 * The networks of an output directory, by environment.
 *
 * Refused: a directory without stacks of a cluster; a policy that holds a Terraform expression, because nobody knows before the
 * apply what it says; a policy in any other form than a `kubectl_manifest`.
 */
export const readNetworks = (directory: string): ReadonlyMap<string, SynthesizedNetwork> => {
  const root = join(directory, "stacks");
  if (!existsSync(root))
    throw new OutputError(
      `${directory}: must be a directory that cdktf synthesized: it has no stacks; make it with: npm run synth`,
    );
  const byEnvironment = new Map<string, Map<string, TerraformJson>>();
  for (const stack of readdirSync(root).sort()) {
    const environment = CLUSTER_STACK.exec(stack)?.[1];
    const path = join(root, stack, "cdk.tf.json");
    if (environment === undefined || !existsSync(path)) continue;
    const stacks = byEnvironment.get(environment) ?? new Map<string, TerraformJson>();
    byEnvironment.set(environment, stacks.set(stack, readStack(path)));
  }
  if (byEnvironment.size === 0)
    throw new OutputError(`${directory}: must hold a stack <environment>-platform or -apps: it holds none`);
  const machines = (environment: string) => {
    const path = join(root, `${environment}-cluster`, "cdk.tf.json");
    return existsSync(path) ? managedResources(readStack(path)) : [];
  };
  return new Map([...byEnvironment].map(([name, stacks]) => [name, networkOf(name, stacks, machines(name))]));
};

/** The network of one environment. Throws with the known ones when it is not there. */
export const readNetwork = (directory: string, environment: string): SynthesizedNetwork => {
  const networks = readNetworks(directory);
  const found = networks.get(environment);
  if (found) return found;
  const known = [...networks.keys()].join(", ");
  throw new OutputError(
    `${directory}: must hold the environment ${environment}: it holds ${known}; make it with: npm run synth`,
  );
};

const readStack = (path: string): TerraformJson => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new OutputError(`${path}: must be JSON: ${(error as Error).message}`);
  }
};

const networkOf = (
  environment: string,
  stacks: ReadonlyMap<string, TerraformJson>,
  machines: readonly AddressedBlock[],
): SynthesizedNetwork => {
  const all = [...stacks].flatMap(([stack, json]) =>
    managedResources(json).map((resource) => ({ ...resource, address: `${stack}: ${resource.address}` })),
  );
  for (const { type, address, block } of all) refuseOtherForms(type, address, block);
  const objects = all
    .filter(({ type }) => type === "kubectl_manifest")
    .flatMap(({ address, block }) => objectsIn(String(block.yaml_body ?? ""), address));
  const cilium = all.find(({ type, block }) => type === "helm_release" && block.chart === "cilium")?.block;
  const values = ciliumValues(cilium?.values);
  const policies = objects.filter(({ kind }) => isPolicyKind(String(kind)));
  return {
    environment,
    stacks: [...stacks.keys()],
    policies,
    apps: appsOf(objects, policies),
    served: servedBy([...machines, ...all], objects),
    services: recordedServices(environment),
    settings: {
      ...(typeof cilium?.version === "string" && { ciliumVersion: cilium.version }),
      ...(values.hostFirewall?.enabled === true && { hostFirewall: true }),
    },
    audit: values.policyAuditMode === true,
    namespaces: new Map(
      all
        .filter(({ type }) => type.startsWith("kubernetes_namespace"))
        .map(({ block }) => metadataOf(block))
        .map(({ name = "", labels = {} }) => [name, labels]),
    ),
    pods: [
      ...all.filter(({ type }) => type.startsWith("kubernetes_")).map(({ block }) => block),
      ...objects,
    ].flatMap((workload) => podsOf(workload, metadataOf(workload).namespace ?? "default")),
    repository: objects
      .filter(
        ({ kind, metadata }) => kind === "Application" && isRootApp((metadata as Metadata | undefined)?.name),
      )
      .map(({ spec }) => (spec as { source?: { repoURL?: string } } | undefined)?.source?.repoURL)
      .map(urlOf)
      .find((url) => url !== undefined),
    backupEndpoint: all
      .filter(({ type }) => type.startsWith("kubernetes_cron_job"))
      .flatMap(({ block }) => environmentVariables(block).filter(({ name }) => name === "CUSTOM_S3_ENDPOINT"))
      .map(({ value }) => urlOf(/^https?:/.test(value) ? value : `https://${value}`))
      .find((url) => url !== undefined),
  };
};

const urlOf = (text: string | undefined): HttpUrl | undefined =>
  text !== undefined && HttpUrl.isValid(text) ? HttpUrl.parse(text) : undefined;

/** A policy in another form than `kubectl_manifest` would be left out of every answer. */
const refuseOtherForms = (type: string, address: string, block: Readonly<Record<string, unknown>>): void => {
  const { kind } = (block.manifest ?? {}) as { readonly kind?: unknown };
  const isPolicy =
    /^kubernetes_network_policy(_v\d+)?$/.test(type) ||
    (type === "kubernetes_manifest" && isPolicyKind(String(kind)));
  if (isPolicy)
    throw new OutputError(`${address}: a policy must be a kubectl_manifest, which can be read: got ${type}`);
};

type KubernetesObject = Readonly<Record<string, unknown>>;

/** The objects of a manifest. Text that is no policy may hold expressions. */
const objectsIn = (text: string, address: string): KubernetesObject[] =>
  manifestDocuments(text).flatMap((document) => {
    if ("error" in document) throw new OutputError(`${address}: yaml_body: must be YAML: ${document.error}`);
    const { value: object } = document;
    if (!isFields(object)) return [];
    if (!isPolicyKind(String(object.kind))) return [object];
    const known = knownObject(object);
    if (!known)
      throw new OutputError(`${address}: a policy must be known before the apply: it holds an expression`);
    return [known];
  });

const ciliumValues = (
  values: unknown,
): { readonly hostFirewall?: { readonly enabled?: unknown }; readonly policyAuditMode?: unknown } => {
  const layers = Array.isArray(values) ? values.map((text) => parse(String(text))) : [];
  return Object.assign({}, ...layers);
};

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A block of Terraform is an object, or a list with one. */
const metadataOf = ({ metadata }: Readonly<Record<string, unknown>>): Metadata =>
  (only(metadata) ?? {}) as Metadata;

const only = (block: unknown): unknown => (Array.isArray(block) ? block[0] : block);

/** Every pod template below, of a Deployment as of a CronJob. */
const podsOf = (value: unknown, namespace: string): SynthesizedPod[] => {
  if (value === null || typeof value !== "object") return [];
  const template = only((value as Readonly<Record<string, unknown>>).template) as
    | Readonly<Record<string, unknown>>
    | undefined;
  const labels = template && metadataOf(template).labels;
  const known = labels && !holdsExpression(JSON.stringify(labels));
  return known ? [{ namespace, labels }] : Object.values(value).flatMap((below) => podsOf(below, namespace));
};

/** Every `{name, value}` below, wherever containers stand. */
const environmentVariables = (value: unknown): { name: string; value: string }[] => {
  if (value === null || typeof value !== "object") return [];
  const { name, value: text } = value as Readonly<Record<string, unknown>>;
  const own = typeof name === "string" && typeof text === "string" ? [{ name, value: text }] : [];
  return [...own, ...Object.values(value).flatMap(environmentVariables)];
};
