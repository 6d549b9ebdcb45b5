/** Compares a cluster with the project's output: policies by hand, and fields that no manifest writes. */
import { readFileSync } from "node:fs";
import { isPolicyKind, POLICY_KINDS } from "../../lib/proofs/evaluator/policy-set.ts";
import { compareNetworks, type EnvironmentChanges, isChange } from "./changes.ts";
import { gitopsPolicies, type SceneOptions } from "./scene.ts";
import { OutputError, type SynthesizedNetwork } from "./synthesized.ts";

interface Policy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: unknown;
  readonly specs?: unknown;
}

/** Asks a cluster for all of its policies. */
export const LIVE_POLICIES =
  "kubectl get ciliumnetworkpolicies,ciliumclusterwidenetworkpolicies,networkpolicies -A -o json";

/**
 * Reads what `LIVE_POLICIES` printed; `-` is standard input.
 *
 * Refused, all at once: anything but a list of objects; an object of another kind, or without a name.
 */
export const readLivePolicies = (path: string): readonly Policy[] => {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(path === "-" ? 0 : path, "utf8"));
  } catch (error) {
    throw new OutputError(`--policies: ${path}: must be what ${LIVE_POLICIES} prints: ${message(error)}`);
  }
  const { items } = (list ?? {}) as { readonly items?: unknown };
  if (!Array.isArray(items))
    throw new OutputError(`--policies: ${path}: must be what ${LIVE_POLICIES} prints: has no items`);
  const problems = items.flatMap((item, at) => problemsOf(item).map((problem) => `items[${at}]${problem}`));
  if (problems.length > 0)
    throw new OutputError(problems.map((problem) => `--policies: ${path}: ${problem}`).join("\n"));
  return items;
};

const message = (error: unknown): string => (error as Error).message.split("\n")[0] ?? "";

const problemsOf = (item: unknown): string[] => {
  const { kind, metadata } = (item ?? {}) as Partial<Policy>;
  return [
    ...(isPolicyKind(String(kind))
      ? []
      : [`.kind: must be one of ${POLICY_KINDS.join(", ")}: got ${JSON.stringify(kind)}`]),
    ...(typeof metadata?.name === "string"
      ? []
      : [`.metadata.name: must be a name: got ${JSON.stringify(metadata?.name)}`]),
  ];
};

/** The content of a policy, in one order, without what the API server adds. */
const said = ({ apiVersion, kind, metadata, spec, specs }: Policy): Policy =>
  inOrder({
    apiVersion,
    kind,
    metadata: { name: metadata.name, namespace: metadata.namespace },
    spec: kind === "NetworkPolicy" ? withDefaults(spec) : spec,
    specs,
  }) as Policy;

/** The API server writes these into a NetworkPolicy that leaves them out. */
const withDefaults = (spec: unknown): unknown => {
  const { policyTypes = [], ...rules } = (spec ?? {}) as {
    readonly egress?: readonly unknown[];
    readonly policyTypes?: readonly string[];
  };
  const types = ["Ingress", ...(rules.egress?.length ? ["Egress"] : [])];
  return protocols({ ...rules, policyTypes: policyTypes.length > 0 ? policyTypes : types });
};

/** Every port has a protocol, TCP unless it says otherwise. */
const protocols = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(protocols);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) =>
      key === "ports" && Array.isArray(child)
        ? [key, child.map((port) => ({ protocol: "TCP", ...port }))]
        : [key, protocols(child)],
    ),
  );
};

const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, child]) => child !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, inOrder(child)]),
  );
};

/**
 * Compares the written policies, as the old state, with those that a cluster holds, as the new one. `withGitops`
 * counts the policies of the GitOps repository as written.
 */
export const compareWithLive = (
  written: SynthesizedNetwork,
  live: readonly Policy[],
  { withGitops = false }: SceneOptions = {},
): readonly EnvironmentChanges[] => {
  const networkWith = (policies: readonly Policy[]) =>
    new Map([[written.environment, { ...written, policies: policies.map(said) }]]);
  const others = withGitops ? gitopsPolicies(written.environment) : [];
  const expected = [...written.policies, ...others] as readonly Policy[];
  return compareNetworks(networkWith(expected), networkWith(live));
};

/** True when the cluster's policies differ from the output's, with an effect or without. */
export const differs = (changes: EnvironmentChanges): boolean =>
  isChange(changes) || Object.values(changes.policies).some((names) => names.length > 0);
