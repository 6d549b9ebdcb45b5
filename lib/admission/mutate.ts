/** The homelab's policies applied to an object, as the API server's webhook would have Kyverno do it. */
import type {
  AdmissionFacts,
  AdmissionRule,
  Condition,
  Conditions,
  Selection,
} from "../../environments/recorded/admission.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../core/fields.ts";
import { computedOnce } from "../core/memo.ts";
import { filled, filledIn, itemsAt, type Scope } from "./expressions.ts";
import { added, merged } from "./patches.ts";

/** Namespaces that Kyverno's own configuration keeps its webhooks out of. */
const FILTERED: ReadonlySet<string> = new Set(["kube-system", "kube-public", "kube-node-lease", "kyverno"]);

/** An object after a rule, with the rule that made it so. */
export interface MutationStep {
  readonly policy: string;
  readonly rule: string;
  readonly object: Fields;
}

const matcherOf = computedOnce((pattern) => new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`));

const matchesName = (pattern: string, name: string): boolean => matcherOf(pattern).test(name);

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

const holds = (wanted: Readonly<Record<string, string>> | undefined, there: unknown): boolean =>
  Object.entries(wanted ?? {}).every(([key, value]) => fieldsOf(there)[key] === value);

const selects = ({ kinds, names, namespaces, annotations, labels }: Selection, object: Fields): boolean => {
  const metadata = fieldsOf(object.metadata);
  const name = textOf(metadata.name) || textOf(metadata.generateName);
  return (
    (kinds?.includes(textOf(object.kind)) ?? true) &&
    (names?.some((pattern) => matchesName(pattern, name)) ?? true) &&
    (namespaces?.includes(textOf(metadata.namespace)) ?? true) &&
    holds(annotations, metadata.annotations) &&
    holds(labels, metadata.labels)
  );
};

const COMPARISONS: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  Equals: (left, right) => String(left) === String(right),
  NotEquals: (left, right) => String(left) !== String(right),
  AnyIn: (left, right) => listOf(right).includes(left),
  GreaterThan: (left, right) => Number(left) > Number(right),
  GreaterThanOrEquals: (left, right) => Number(left) >= Number(right),
};

/** Operators of conditions that the model knows; rules with others are recorded as not read. */
export const OPERATORS: readonly string[] = Object.keys(COMPARISONS);

const compares = ({ key, operator, value }: Condition, scope: Scope): boolean => {
  const comparison = COMPARISONS[operator];
  if (comparison === undefined) throw new Error(`operator ${operator} is not known`);
  return comparison(filledIn(key, scope), filledIn(value, scope));
};

const allow = ({ any, all }: Conditions, scope: Scope): boolean =>
  (any?.some((each) => compares(each, scope)) ?? true) &&
  (all?.every((each) => compares(each, scope)) ?? true);

const COLUMNS: Readonly<Record<string, keyof AdmissionFacts["sizes"][string]>> = {
  cpuReq: "cpuRequest",
  memReq: "memoryRequest",
  cpuLim: "cpuLimit",
  memLim: "memoryLimit",
};

/** The variables of a rule; what comes from the API is a priority's value, or nothing. */
const withVariables = (
  { variables }: AdmissionRule,
  scope: Scope,
  { sizes, priorities }: AdmissionWorld,
): Scope => {
  let result = scope;
  for (const { name, value, api } of variables) {
    const column = COLUMNS[name];
    const size = sizes[String(result.sizingLabel)];
    const otherwise = /^size, else (.+)$/.exec(value ?? "")?.[1];
    const found =
      otherwise !== undefined
        ? ((column && size?.[column]) ?? otherwise)
        : api === undefined
          ? filled(value ?? "", result)
          : (priorities.get(String(filled(api, result)).split("/").at(-1) ?? "") ?? 0);
    result = { ...result, [name]: found };
  }
  return result;
};

/** Facts that the policies read beside the object. */
export interface AdmissionWorld extends Pick<AdmissionFacts, "rules" | "sizes"> {
  /** Values of priority classes by name. */
  readonly priorities: ReadonlyMap<string, number>;
}

const patched = (object: Fields, { merge, operations }: AdmissionRule, scope: Scope): Fields => {
  const laid = merge === undefined ? object : fieldsOf(merged(object, filledIn(merge, scope)));
  return (operations ?? []).reduce<Fields>(
    (result, { path, value }) => fieldsOf(added(result, textOf(path), filledIn(value, scope))),
    laid,
  );
};

const elements = (rule: AdmissionRule, scope: Scope): readonly Scope[] =>
  rule.each ? itemsAt(rule.each.list, scope).map((element) => ({ ...scope, element })) : [scope];

const applied = (object: Fields, rule: AdmissionRule, world: AdmissionWorld): Fields => {
  const request = { object, namespace: textOf(fieldsOf(object.metadata).namespace) };
  try {
    // Variables of a foreach name its element, so those without one wait.
    const outer = rule.each ? { request } : withVariables(rule, { request }, world);
    if (!allow(rule.when, outer)) return object;
    return elements(rule, outer).reduce<Fields>((result, scope) => {
      const inner = rule.each ? withVariables(rule, scope, world) : scope;
      return rule.each && !allow(rule.each.when, inner) ? result : patched(result, rule, inner);
    }, object);
  } catch {
    // As the engine: an expression that cannot be read leaves the object alone, and the webhook ignores failures.
    return object;
  }
};

const chooses = ({ match, exclude }: AdmissionRule, object: Fields): boolean =>
  match.some((selection) => selects(selection, object)) &&
  !exclude.some((selection) => selects(selection, object));

/** The objects that rules make beside an object, each with its rule. */
export const generated = (object: Fields, world: AdmissionWorld): MutationStep[] =>
  world.rules.flatMap((rule) => {
    const scope = { request: { object, namespace: textOf(fieldsOf(object.metadata).namespace) } };
    if (rule.generates === undefined || !chooses(rule, object) || !holdsWhere(rule.when, scope)) return [];
    return [{ policy: rule.policy, rule: rule.rule, object: fieldsOf(filledIn(rule.generates, scope)) }];
  });

/** As the engine: a condition that cannot be read does not hold. */
const holdsWhere = (conditions: Conditions, scope: Scope): boolean => {
  try {
    return allow(conditions, scope);
  } catch {
    return false;
  }
};

/** Every rule that changes the object, in the engine's order, each with the object after it. */
export const mutations = (object: Fields, world: AdmissionWorld): MutationStep[] => {
  if (FILTERED.has(textOf(fieldsOf(object.metadata).namespace))) return [];
  const steps: MutationStep[] = [];
  let current = object;
  let text: string | undefined;
  for (const rule of world.rules.filter(({ does }) => does === "mutate")) {
    const next = chooses(rule, current) ? applied(current, rule, world) : current;
    if (next === current) continue;
    const changed = JSON.stringify(next);
    text ??= JSON.stringify(current);
    if (changed !== text) steps.push({ policy: rule.policy, rule: rule.rule, object: next });
    [current, text] = [next, changed];
  }
  return steps;
};
