/** Reads the admission policies of a GitOps checkout: what they match, exclude and set. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { AdmissionFacts, AdmissionRule, Selection } from "../../environments/recorded/admission.ts";
import { OPERATORS } from "../../lib/admission/mutate.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import { manifestObjects } from "../../lib/core/kubernetes/manifest-text.ts";

const POLICIES = "apps/00-infra/kyverno/base/policies";
const CHART = "argocd/overlays/prod/apps/kyverno.yaml";

/** @param directory a checkout of the GitOps repository */
export const recordAdmission = (directory: string): AdmissionFacts => {
  const folder = join(directory, POLICIES);
  const shipped = new Set(
    listOf(fieldsOf(parse(readFileSync(join(folder, "kustomization.yaml"), "utf8"))).resources),
  );
  const documents = readdirSync(folder)
    .filter((file) => file !== "kustomization.yaml" && shipped.has(file))
    .sort()
    .flatMap((file) => manifestObjects(readFileSync(join(folder, file), "utf8")));
  const exceptions = documents.filter(({ kind }) => kind === "PolicyException").map(exceptionOf);
  const policies = documents.filter(({ kind }) => kind === "ClusterPolicy");
  const rules = policies.flatMap((policy) =>
    listOf(fieldsOf(policy.spec).rules)
      .map(fieldsOf)
      .map((rule) => ruleOf(nameOf(policy), fieldsOf(policy.spec), rule, exceptions)),
  );
  return {
    commit: commitOf(directory),
    engine: /chart: kyverno\n\s*targetRevision: ([\d.]+)/.exec(read(directory, CHART))?.[1] ?? "unknown",
    sizes: sizesOf(policies),
    // Those that mutate or generate, in the order in which the engine has them: by name.
    rules: rules
      .filter(({ does }) => does !== "validate")
      .toSorted((a, b) => (a.policy < b.policy ? -1 : a.policy > b.policy ? 1 : 0)),
    validating: [
      ...new Set(
        rules.filter(({ does }) => does === "validate").map(({ policy, action }) => `${policy}: ${action}`),
      ),
    ].sort(),
    elsewhere: elsewhere(directory),
  };
};

/** Kinds that rewrite objects or make others, wherever in the checkout they stand. */
const REWRITES =
  /^kind: ((Cluster)?Policy|MutatingPolicy|GeneratingPolicy|MutatingAdmissionPolicy|MutatingWebhookConfiguration)$/m;

/** Objects of such kinds beside the policies that are read. */
const elsewhere = (directory: string): string[] =>
  ["apps", "argocd"]
    .filter((folder) => existsSync(join(directory, folder)))
    .flatMap((folder) =>
      readdirSync(join(directory, folder), { recursive: true, encoding: "utf8" }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => /\.ya?ml$/.test(file) && !file.startsWith(POLICIES))
    .flatMap((file) => {
      const text = read(directory, file);
      return REWRITES.test(text) ? [`${REWRITES.exec(text)?.[1]} in ${file}`] : [];
    })
    .sort();

const read = (directory: string, file: string): string => readFileSync(join(directory, file), "utf8");

const commitOf = (directory: string): string =>
  execFileSync("git", ["-C", directory, "rev-parse", "HEAD"], { encoding: "utf8" }).trim();

const nameOf = (object: Fields): string => textOf(fieldsOf(object.metadata).name);

const texts = (value: unknown): string[] => listOf(value).map(textOf);

const selectionsOf = (block: unknown): Selection[] => {
  const { any, all, resources } = fieldsOf(block);
  const blocks = [...listOf(any), ...listOf(all)].map((each) => fieldsOf(each).resources);
  return [...blocks, ...(resources === undefined ? [] : [resources])].map((each) => {
    const { kinds, names, namespaces, annotations, selector } = fieldsOf(each);
    return {
      ...(kinds !== undefined && { kinds: texts(kinds) }),
      ...(names !== undefined && { names: texts(names) }),
      ...(namespaces !== undefined && { namespaces: texts(namespaces) }),
      ...(isFields(annotations) && { annotations: annotations as Record<string, string> }),
      ...(isFields(selector) && { labels: fieldsOf(selector.matchLabels) as Record<string, string> }),
    };
  });
};

interface Exception {
  readonly rules: readonly string[];
  readonly selections: readonly Selection[];
}

const exceptionOf = ({ spec }: Fields): Exception => ({
  rules: listOf(fieldsOf(spec).exceptions)
    .map(fieldsOf)
    .flatMap(({ policyName, ruleNames }) => texts(ruleNames).map((rule) => `${policyName}/${rule}`)),
  selections: selectionsOf(fieldsOf(spec).match),
});

const ruleOf = (
  policy: string,
  spec: Fields,
  rule: Fields,
  exceptions: readonly Exception[],
): AdmissionRule => {
  const name = textOf(rule.name);
  const mutate = fieldsOf(rule.mutate);
  const [each, ...more] = listOf(mutate.foreach).map(fieldsOf);
  const patch = each ?? mutate;
  const does = rule.mutate ? "mutate" : rule.generate ? "generate" : "validate";
  const merge = patch.patchStrategicMerge;
  const operations = patch.patchesJson6902;
  const unread = [
    ...(more.length > 0 ? ["several foreach"] : []),
    ...(mutate.targets === undefined ? [] : ["targets"]),
    ...(does === "mutate" && merge === undefined && operations === undefined ? ["no patch"] : []),
    ...[rule.match, rule.exclude].flatMap(unreadSelections),
    ...[rule.preconditions, each?.preconditions].flatMap(unreadOperators),
  ];
  return {
    policy,
    rule: name,
    does,
    action: textOf(spec.validationFailureAction) || textOf(fieldsOf(rule.validate).failureAction) || "Audit",
    match: selectionsOf(rule.match),
    exclude: [
      ...selectionsOf(rule.exclude),
      ...exceptions
        .filter(({ rules }) => rules.includes(`${policy}/${name}`))
        .flatMap(({ selections }) => selections),
    ],
    variables: [...listOf(rule.context), ...listOf(each?.context)].map(fieldsOf).map(variableOf),
    when: conditionsOf(rule.preconditions),
    ...(each && { each: { list: textOf(each.list), when: conditionsOf(each.preconditions) } }),
    ...(merge !== undefined && { merge: fieldsOf(merge) }),
    ...(typeof operations === "string" && { operations: operationsOf(operations) }),
    ...(rule.generate !== undefined && { generates: fieldsOf(fieldsOf(rule.generate).data) }),
    ...(unread.length > 0 && { unread: unread.join(", ") }),
  };
};

const READ_FIELDS = ["kinds", "names", "namespaces", "annotations", "selector"];

/** Parts of a match that the model does not know. */
const unreadSelections = (block: unknown): string[] => {
  const { any, all, resources } = fieldsOf(block);
  const blocks = [...listOf(any), ...listOf(all), ...(resources === undefined ? [] : [block])].map(fieldsOf);
  return [
    ...(listOf(all).length > 1 ? ["several selections that must all hold"] : []),
    ...blocks.flatMap((each) => [
      ...Object.keys(each).filter((key) => key !== "resources"),
      ...Object.keys(fieldsOf(each.resources)).filter((key) => !READ_FIELDS.includes(key)),
      ...(fieldsOf(fieldsOf(each.resources).selector).matchExpressions === undefined
        ? []
        : ["matchExpressions"]),
    ]),
  ];
};

const unreadOperators = (preconditions: unknown): string[] => {
  const { any, all } = conditionsOf(preconditions);
  return [...(any ?? []), ...(all ?? [])].flatMap(({ operator }) =>
    OPERATORS.includes(operator) ? [] : [`operator ${operator}`],
  );
};

/** A bare `{{ … }}` is a number in YAML's eyes of nobody: in quotes it is a text that the model fills in. */
const operationsOf = (text: string): Fields[] =>
  listOf(parse(text.replace(/: (\{\{.*\}\})$/gm, ": '$1'"))).map(fieldsOf);

const variableOf = ({ name, variable, apiCall }: Fields): AdmissionRule["variables"][number] => ({
  name: textOf(name),
  ...(variable !== undefined && { value: compact(textOf(fieldsOf(variable).value)) }),
  ...(apiCall !== undefined && { api: textOf(fieldsOf(apiCall).urlPath) }),
});

const CHAIN = /sizingLabel == '([^']+)' && '([^']+)'/g;

/** A choice by the sizing label stands in the table of sizes: here its name is enough. */
const compact = (value: string): string => {
  const otherwise = /\|\| '([^']+)' \}\}$/.exec(value)?.[1];
  return value.includes("sizingLabel == '") && otherwise !== undefined ? `size, else ${otherwise}` : value;
};

const COLUMNS = {
  cpuReq: "cpuRequest",
  memReq: "memoryRequest",
  cpuLim: "cpuLimit",
  memLim: "memoryLimit",
} as const;

const sizesOf = (policies: readonly Fields[]): AdmissionFacts["sizes"] => {
  const sizes: Record<string, Record<string, string>> = {};
  const rule = policies
    .flatMap(({ spec }) => listOf(fieldsOf(spec).rules).map(fieldsOf))
    .find(({ name }) => name === "v2-container-sizing");
  const [each] = listOf(fieldsOf(rule?.mutate).foreach).map(fieldsOf);
  for (const { name, variable } of listOf(each?.context).map(fieldsOf)) {
    const column = COLUMNS[textOf(name) as keyof typeof COLUMNS];
    const text = textOf(fieldsOf(variable).value);
    for (const [, label = "", amount = ""] of column ? text.matchAll(CHAIN) : [])
      sizes[label] = { ...sizes[label], [column]: amount };
  }
  return sizes as AdmissionFacts["sizes"];
};

const conditionsOf = (block: unknown): AdmissionRule["when"] => {
  const read = (list: unknown) =>
    listOf(list)
      .map(fieldsOf)
      .map(({ key, operator, value }) => ({ key, operator: textOf(operator), value }));
  const { any, all } = fieldsOf(block);
  return { ...(any !== undefined && { any: read(any) }), ...(all !== undefined && { all: read(all) }) };
};
