/** Every network policy that stacks apply, whichever construct made it. */
import { TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import { parseAllDocuments } from "yaml";
import { type Fields, isFields } from "../../core/fields.ts";
import { CustomResource } from "../../core/kubernetes/custom-resource.ts";
import { KubectlManifest } from "../../core/providers/kubectl/manifest.ts";

const POLICY_KINDS = ["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "NetworkPolicy"];

/** Resources that can hold a policy in a form that nobody here reads. */
const OTHER_FORM = /^kubernetes_network_policy(_v\d+)?$/;

export interface AppliedPolicies {
  /** Objects of the three kinds that are for pods. */
  readonly pods: readonly unknown[];
  /** Those that select nodes. */
  readonly nodes: readonly unknown[];
  /** Policies that cannot be read, and those that overwrite each other. */
  readonly problems: readonly string[];
}

/** Reads what constructs below the scopes would apply, once all of them are made. */
export const appliedPolicies = (scopes: readonly IConstruct[]): AppliedPolicies => {
  const resources = scopes
    .flatMap((scope) => scope.node.findAll())
    .filter(TerraformResource.isTerraformResource);
  const found = resources.flatMap((resource) => read(resource));
  const objects = found.flatMap((each) => ("object" in each ? [each] : []));
  return {
    pods: objects.map(({ object }) => object).filter((object) => !selectsNodes(object)),
    nodes: objects.map(({ object }) => object).filter(selectsNodes),
    problems: [...found.flatMap((each) => ("problem" in each ? [each.problem] : [])), ...twice(objects)],
  };
};

type Found = { readonly path: string; readonly object: Fields } | { readonly problem: string };

const read = (resource: TerraformResource): Found[] => {
  const { path, scope } = resource.node;
  if (scope instanceof CustomResource) {
    const { object } = scope;
    return POLICY_KINDS.includes(object.kind) ? [{ path, object: JSON.parse(JSON.stringify(object)) }] : [];
  }
  if (OTHER_FORM.test(resource.terraformResourceType))
    return [
      {
        problem: `${path}: a network policy must be a CustomResource, which the proof reads: got ${resource.terraformResourceType}`,
      },
    ];
  return resource instanceof KubectlManifest ? documents(path, resource.yamlBody) : [];
};

const documents = (path: string, text: string): Found[] =>
  parseAllDocuments(text).flatMap((document): Found[] => {
    const object: unknown = document.errors.length > 0 ? undefined : document.toJS();
    if (!isFields(object))
      return [
        {
          problem: `${path}: must be known at synth, so that the proof can tell whether it is a network policy`,
        },
      ];
    if (!POLICY_KINDS.includes(String(object.kind))) return [];
    return /\$\{/.test(text)
      ? [{ problem: `${path}: a network policy must be known at synth: it holds an expression` }]
      : [{ path, object }];
  });

const selectsNodes = ({ spec, specs }: Fields): boolean =>
  [spec, ...(Array.isArray(specs) ? specs : [])].some(
    (each) => isFields(each) && each.nodeSelector !== undefined,
  );

const twice = (objects: readonly { readonly path: string; readonly object: Fields }[]): string[] => {
  const first = new Map<string, string>();
  return objects.flatMap(({ path, object: { kind, metadata } }) => {
    const { name, namespace } = isFields(metadata) ? metadata : {};
    const id = `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
    const other = first.get(id);
    if (other === undefined) first.set(id, path);
    return other === undefined
      ? []
      : [`${id}: ${path} would overwrite what ${other} applies: give it another name`];
  });
};
