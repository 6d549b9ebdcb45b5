/** The scene of a question: the compiled policies of a network, and everybody whom they may concern. */

import { gitopsFacts } from "../../environments/recorded/gitops-facts.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { HttpUrl } from "../../lib/core/values/http-url.ts";
import { platformPods } from "../../lib/network/platform-pods.ts";
import type { Identity } from "../../lib/proofs/evaluator/identities.ts";
import { NAMESPACE_LABEL, parseExtendedKey } from "../../lib/proofs/evaluator/labels.ts";
import type { PolicySpec } from "../../lib/proofs/evaluator/model.ts";
import { PolicySet } from "../../lib/proofs/evaluator/policy-set.ts";
import { anyApp, ENDS, inventory } from "../../lib/proofs/network/inventory.ts";
import { namedPorts, podId, representatives } from "./representatives.ts";
import { type NamedPortNumbers, namedPortNumbers, type Stretch, stretches } from "./stretches.ts";
import type { SynthesizedNetwork } from "./synthesized.ts";

/** Stands for a server that nothing names. */
const UNKNOWN = HttpUrl.parse("https://unknown.invalid");

/** Policies that live beside those of the stacks. */
export interface SceneOptions {
  /**
   * Adds the policies of the GitOps repository, as they are recorded.
   * @default false
   */
  readonly withGitops?: boolean;
}

/** One or several states of a network, compiled, with the identities and ports to ask all of them about. */
export interface Scene {
  readonly networks: readonly SynthesizedNetwork[];
  /** Policy objects of each network. */
  readonly objects: readonly (readonly unknown[])[];
  readonly sets: readonly PolicySet[];
  readonly identities: readonly Identity[];
  /** Ids of those that only a selector, a CIDR or a name of a policy tells of. */
  readonly derived: ReadonlySet<string>;
  readonly named: NamedPortNumbers;
  readonly ports: readonly Stretch[];
}

/** The recorded policies of the GitOps repository. Refused: an environment of which none are recorded. */
export const gitopsPolicies = (environment: string): readonly unknown[] => {
  const facts = gitopsFacts(environment);
  if (facts) return facts.policies;
  throw new UsageError(
    `--with-gitops: nothing is recorded of the GitOps side of ${environment}: run homelab coexist ${environment} --gitops <checkout> --write`,
  );
};

/** Compiles networks that are compared, or a single one. */
export const sceneOf = (networks: readonly SynthesizedNetwork[], options: SceneOptions = {}): Scene => {
  const objects = networks.map(({ policies, environment }) => [
    ...policies,
    ...(options.withGitops ? gitopsPolicies(environment) : []),
  ]);
  // A name is reached only where Cilium sees it resolve; states that are compared are taken at their widest.
  const resolvers = networks.length === 1 ? { resolvers: [platformPods.coredns.id] } : {};
  const sets = networks.map(({ settings }, index) =>
    PolicySet.compile(objects[index] ?? [], { ...settings, ...resolvers }),
  );
  const specs = sets.flatMap((set) => set.specs);
  const named = namedPortNumbers(specs);
  const namespaces = new Map(networks.flatMap((network) => [...network.namespaces]));
  const known = knownIdentities(networks, specs).map((identity) =>
    identity.kind === "pod"
      ? {
          ...identity,
          namespaceLabels: { ...namespaces.get(identity.namespace) },
          ...(named.size > 0 && { namedPorts: namedPorts(named) }),
        }
      : identity,
  );
  const settings = networks.at(-1)?.settings ?? {};
  const derived = representatives({
    specs,
    combined: changedSpecs(sets),
    known,
    settings,
    namespaces,
    named,
  });
  return {
    networks,
    objects,
    sets,
    named,
    identities: [...known, ...derived],
    derived: new Set(derived.map(({ id }) => id)),
    ports: stretches(specs, named),
  };
};

/** Specs that not every state has: a policy that differs in one of them differs in all of its specs. */
const changedSpecs = (sets: readonly PolicySet[]): PolicySpec[] => {
  const written = sets.map((set) => new Set(set.specs.map((spec) => JSON.stringify(spec))));
  return sets.flatMap((set) =>
    set.specs.filter((spec) => !written.every((specs) => specs.has(JSON.stringify(spec)))),
  );
};

/** The platform's pods and ends, the pods of the stacks' workloads, and in every namespace an app that nobody knows. */
const knownIdentities = (
  networks: readonly SynthesizedNetwork[],
  specs: readonly PolicySpec[],
): readonly Identity[] => {
  const namespaces = new Set([
    ...networks.flatMap(({ namespaces: own, pods }) => [
      ...own.keys(),
      ...pods.map(({ namespace }) => namespace),
    ]),
    ...specs.flatMap(namespacesOf),
  ]);
  const first = (url: "repository" | "backupEndpoint") =>
    networks.map((network) => network[url]).find((found) => found !== undefined);
  const repository = first("repository");
  const backupEndpoint = first("backupEndpoint");
  const unknown = [
    ...(repository === undefined ? [ENDS.git] : []),
    ...(backupEndpoint === undefined ? [ENDS.storage] : []),
  ] as string[];
  const all = inventory({
    repository: repository ?? UNKNOWN,
    backupEndpoint: backupEndpoint ?? UNKNOWN,
    apps: [...namespaces].sort().map(anyApp),
  }).identities.filter(({ id }) => !unknown.includes(id));
  const workloads = networks
    .flatMap(({ pods }) => pods)
    .map((pod): Identity => ({ id: podId({ ...pod, namespaceLabels: {} }), kind: "pod", ...pod }));
  return [...new Map([...workloads, ...all].map((identity) => [identity.id, identity])).values()];
};

/** Namespaces that the policy's selectors name. */
const namespacesOf = ({ subject, rules }: PolicySpec): readonly string[] =>
  [
    subject,
    ...rules.flatMap(({ peers }) =>
      peers.flatMap((peer) => (peer.type === "selector" ? [peer.selector] : [])),
    ),
  ]
    .flatMap(({ requirements }) => requirements)
    .filter(({ key }) => parseExtendedKey(key).key === NAMESPACE_LABEL)
    .flatMap(({ values }) => values);
