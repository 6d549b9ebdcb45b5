/** Every network policy that stacks apply, read from the Terraform JSON that they became. */
import { parse } from "yaml";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../core/fields.ts";
import { knownObject, manifestDocuments } from "../../core/kubernetes/manifest-text.ts";
import {
  type AddressedBlock,
  managedResources,
  type TerraformJson,
} from "../../core/synthesis/terraform-json.ts";
import { isPolicyKind } from "../evaluator/policy-set.ts";

/** Policies of Kubernetes' own that Cilium does not read in the versions that were compared. */
const UNKNOWN_KINDS = ["AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"];

/** Resources that can hold a policy in a form that nobody here reads. */
const OTHER_FORM = /^kubernetes_network_policy(_v\d+)?$/;

/** Arguments with which less is applied than is written, or under another name. */
const HALF_APPLIED = ["count", "for_each", "override_namespace", "ignore_fields", "apply_only"];

export interface AppliedPolicies {
  /** Objects of the three kinds that are for pods. */
  readonly pods: readonly unknown[];
  /** Those that select nodes. */
  readonly nodes: readonly unknown[];
  /** The settings of the release of Cilium; undefined where no stack has one. */
  readonly cilium: AppliedCilium | undefined;
  /** Policies that cannot be read, and those that overwrite each other. */
  readonly problems: readonly string[];
}

/** Settings of the Cilium release that decide what becomes of policies. */
export interface AppliedCilium {
  readonly version: string;
  /** Logs what policies would drop, and drops nothing. */
  readonly audits: boolean;
  readonly hostFirewall: boolean;
  /** `default`, `always` or `never`. */
  readonly enforcement: string;
}

/** Reads what an apply of the stacks would put into the cluster. */
export const appliedPolicies = (stacks: readonly TerraformJson[]): AppliedPolicies => {
  const resources = stacks.flatMap(managedResources);
  const found = resources.flatMap(read);
  const objects = found.flatMap((each) => ("object" in each ? [each] : []));
  return {
    pods: objects.map(({ object }) => object).filter((object) => !selectsNodes(object)),
    nodes: objects.map(({ object }) => object).filter(selectsNodes),
    cilium: resources.flatMap(ciliumOf)[0],
    problems: [...found.flatMap((each) => ("problem" in each ? [each.problem] : [])), ...twice(objects)],
  };
};

type Found = { readonly path: string; readonly object: Fields } | { readonly problem: string };

/** The path of a resource's construct; its address where Terraform JSON does not say. */
const pathOf = ({ block, address }: AddressedBlock): string =>
  textOf(fieldsOf(fieldsOf(block["//"]).metadata).path) || address;

const read = (resource: AddressedBlock): Found[] => {
  const path = pathOf(resource);
  if (OTHER_FORM.test(resource.type))
    return [
      {
        problem: `${path}: a network policy must be a CustomResource, which the proof reads: got ${resource.type}`,
      },
    ];
  if (resource.type !== "kubectl_manifest") return [];
  return documents(path, textOf(resource.block.yaml_body)).map((found) => {
    const half = "object" in found ? halfApplied(resource.block) : undefined;
    return half === undefined
      ? found
      : { problem: `${path}: a network policy must be applied as it is written: got ${half}` };
  });
};

const halfApplied = (block: Fields): string | undefined =>
  HALF_APPLIED.find((argument) => block[argument] !== undefined && block[argument] !== false) ??
  (fieldsOf(block.lifecycle).ignore_changes === undefined ? undefined : "lifecycle.ignore_changes");

const documents = (path: string, text: string): Found[] =>
  manifestDocuments(text).flatMap((document): Found[] => {
    const object = "value" in document ? document.value : undefined;
    if (object === null) return [];
    if (!isFields(object))
      return [
        {
          problem: `${path}: must be known at synth, so that the proof can tell whether it is a network policy`,
        },
      ];
    const kind = textOf(object.kind);
    if (UNKNOWN_KINDS.includes(kind))
      return [
        {
          problem: `${path}: unknown: no verdict of Cilium was ever compared for ${kind}: make it a CiliumClusterwideNetworkPolicy`,
        },
      ];
    if (!isPolicyKind(kind)) return [];
    const known = knownObject(object);
    return [
      known
        ? { path, object: known }
        : { problem: `${path}: a network policy must be known at synth: it holds an expression` },
    ];
  });

const ciliumOf = ({ type, block }: AddressedBlock): AppliedCilium[] => {
  if (type !== "helm_release" || block.chart !== "cilium") return [];
  const values: Fields = Object.assign(
    {},
    ...listOf(block.values).map((text) => fieldsOf(parse(textOf(text)))),
  );
  return [
    {
      version: textOf(block.version),
      audits: values.policyAuditMode === true,
      hostFirewall: fieldsOf(values.hostFirewall).enabled === true,
      enforcement: textOf(values.policyEnforcementMode) || "default",
    },
  ];
};

const selectsNodes = ({ spec, specs }: Fields): boolean =>
  [spec, ...listOf(specs)].some((each) => isFields(each) && each.nodeSelector !== undefined);

const twice = (objects: readonly { readonly path: string; readonly object: Fields }[]): string[] => {
  const first = new Map<string, string>();
  return objects.flatMap(({ path, object: { kind, metadata } }) => {
    const { name, namespace } = fieldsOf(metadata);
    const id = `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
    const other = first.get(id);
    if (other === undefined) first.set(id, path);
    return other === undefined
      ? []
      : [`${id}: ${path} would overwrite what ${other} applies: give it another name`];
  });
};
