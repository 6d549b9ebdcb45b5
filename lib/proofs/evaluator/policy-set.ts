/** A set of policies as the agent would take it in: which objects it refuses, and the rules of the others. */
import { isFields } from "../../core/fields.ts";
import { fieldsAt, stringAt } from "./decode.ts";
import { Evaluator } from "./evaluator.ts";
import type { Identity } from "./identities.ts";
import type { PolicyKind, PolicyRef, PolicySettings, PolicySpec } from "./model.ts";
import { parseCiliumPolicy } from "./parse-cilium.ts";
import { parseNetworkPolicy } from "./parse-kubernetes.ts";
import { RejectionError } from "./rejection.ts";

/** An object that the agent refuses as a whole. It has no effect on any flow. */
export interface RejectedPolicy {
  readonly policy: PolicyRef;
  /** The agent's message. */
  readonly error: string;
}

/** The kinds of network policies that Cilium reads, with the version in which it does. */
const API_VERSIONS: Readonly<Record<PolicyKind, string>> = {
  CiliumNetworkPolicy: "cilium.io/v2",
  CiliumClusterwideNetworkPolicy: "cilium.io/v2",
  NetworkPolicy: "networking.k8s.io/v1",
};

export const POLICY_KINDS = Object.keys(API_VERSIONS);

export const isPolicyKind = (kind: string): kind is PolicyKind => Object.hasOwn(API_VERSIONS, kind);

/**
 * A namespaced policy without a namespace is what the agent makes of it: a CiliumNetworkPolicy counts as
 * clusterwide, a NetworkPolicy belongs to `default`.
 */
const refOf = (kind: PolicyKind, name: string, namespace: string): PolicyRef => {
  switch (kind) {
    case "NetworkPolicy":
      return { kind, name, namespace: namespace || "default" };
    case "CiliumNetworkPolicy":
      return namespace === "" ? { kind: "CiliumClusterwideNetworkPolicy", name } : { kind, name, namespace };
    default:
      return { kind, name };
  }
};

/** Policies as they are compiled, with those that Cilium rejects. */
export class PolicySet {
  private constructor(
    /** The specs of the objects that count. */
    readonly specs: readonly PolicySpec[],
    readonly rejected: readonly RejectedPolicy[],
    readonly settings: PolicySettings,
  ) {}

  /**
   * Parses objects of the three kinds. Two objects of one kind, namespace and name are one: the later counts.
   * Throws when an object is of another kind or version, or has no name.
   */
  static compile(objects: readonly unknown[], settings: PolicySettings = {}): PolicySet {
    const parsed = new Map<string, Parsed>();
    const parse = parserFor(settings);
    objects.forEach((object, index) => {
      const policy = policyRef(object, `policies[${index}]`);
      const key = `${policy.kind}/${policy.namespace ?? ""}/${policy.name}`;
      parsed.set(key, parse(object, policy));
    });
    const results = [...parsed.values()];
    return new PolicySet(
      results.flatMap((result) => ("error" in result ? [] : result)),
      results.filter((result) => "error" in result),
      settings,
    );
  }

  /** Decides flows between these identities. Their ids must be unique. */
  over(identities: readonly Identity[]): Evaluator {
    return new Evaluator(this.specs, identities, this.settings);
  }
}

const policyRef = (object: unknown, path: string): PolicyRef => {
  if (!isFields(object)) throw new Error(`${path} must be a policy object, got ${JSON.stringify(object)}`);
  const kind = stringAt(object.kind, `${path}.kind`);
  const apiVersion = stringAt(object.apiVersion, `${path}.apiVersion`);
  if (!isPolicyKind(kind) || API_VERSIONS[kind] !== apiVersion) {
    const known = Object.entries(API_VERSIONS).map(([name, version]) => `${version} ${name}`);
    throw new Error(
      `${path} must be one of ${known.join(", ")}, got ${JSON.stringify(`${apiVersion} ${kind}`)}`,
    );
  }
  const metadata = fieldsAt(object.metadata, `${path}.metadata`);
  const name = stringAt(metadata.name, `${path}.metadata.name`);
  if (name === "") throw new Error(`${path}.metadata.name must be given`);
  return refOf(kind, name, stringAt(metadata.namespace, `${path}.metadata.namespace`));
};

type Parsed = readonly PolicySpec[] | RejectedPolicy;

/** Objects as they were parsed, by the settings that parsing reads: several sets hold the same ones. */
const parsedObjects = new WeakMap<object, Map<string, Parsed>>();

const parserFor = (settings: PolicySettings): ((object: unknown, policy: PolicyRef) => Parsed) => {
  const { hostFirewall: _firewall, resolvers: _resolvers, ...read } = settings;
  const key = JSON.stringify(read);
  return (object, policy) => {
    if (!isFields(object)) return parse(object, policy, settings);
    const known = parsedObjects.get(object) ?? new Map<string, Parsed>();
    parsedObjects.set(object, known);
    const parsed = known.get(key) ?? parse(object, policy, settings);
    known.set(key, parsed);
    return parsed;
  };
};

const parse = (object: unknown, policy: PolicyRef, settings: PolicySettings): Parsed => {
  try {
    return policy.kind === "NetworkPolicy"
      ? parseNetworkPolicy(object, { ...policy, namespace: policy.namespace ?? "default" }, settings)
      : parseCiliumPolicy(object, policy, settings);
  } catch (error) {
    if (!(error instanceof RejectionError)) throw error;
    return { policy, error: error.message };
  }
};
