/**
 * Measures the evaluator: parsing, index and the whole reachability matrix, against the number of identities and
 * of policies. Runs alone with `npx tsx labs/bench/evaluator.ts`.
 */
import type { PolicyPort } from "../../lib/proofs/evaluator/endpoint-policy.ts";
import type { Identity } from "../../lib/proofs/evaluator/identities.ts";
import { PolicySet } from "../../lib/proofs/evaluator/policy-set.ts";

export interface EvaluatorMeasurement {
  readonly name: string;
  /** `alike`: several pods for each label set. `distinct`: policies tell every identity apart. */
  readonly workload: "alike" | "distinct";
  readonly identities: number;
  readonly policies: number;
  /** Classes of identities that the policies tell apart. */
  readonly classes: number;
  /** Decisions read from the matrix: identities squared, times ports. */
  readonly decisions: number;
  /** Processor time from objects to the last decision read. */
  readonly seconds: number;
  /** Time of these until the matrix stood. */
  readonly buildSeconds: number;
}

const PORTS: readonly PolicyPort[] = [
  { protocol: "TCP", port: 80 },
  { protocol: "TCP", port: 5432 },
  { protocol: "UDP", port: 53 },
];
const APPS_PER_NAMESPACE = 10;

const namespaceOf = (app: number): string => `team-${Math.floor(app / APPS_PER_NAMESPACE)}`;

/** One in twenty identities is an address outside, the others are pods. */
const identitiesFor = (count: number, apps: number): Identity[] =>
  Array.from({ length: count }, (_, at): Identity => {
    if (at % 20 === 19) {
      return { id: `address-${at}`, kind: "cidr", cidr: `10.${(at >> 8) & 255}.${at & 255}.1/32` };
    }
    const app = at % apps;
    const namespace = namespaceOf(app);
    return {
      id: `pod-${at}`,
      kind: "pod",
      namespace,
      labels: { app: `app-${app}`, tier: at % 3 === 0 ? "front" : "back" },
      namespaceLabels: { team: namespace, env: app % 2 === 0 ? "live" : "test" },
    };
  });

const appPolicy = (at: number, app: number, apps: number): unknown => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumNetworkPolicy",
  metadata: { name: `app-${at}`, namespace: namespaceOf(app) },
  spec: {
    endpointSelector: { matchLabels: { app: `app-${app}` } },
    ingress: [
      {
        fromEndpoints: [
          {
            matchLabels: { "k8s:io.kubernetes.pod.namespace": namespaceOf((app + 7) % apps), tier: "front" },
          },
          { matchLabels: { app: `app-${(app + 1) % apps}` } },
        ],
        toPorts: [{ ports: [{ port: "80", protocol: "TCP" }] }],
      },
    ],
    egress: [
      { toEndpoints: [{}] },
      {
        toCIDRSet: [{ cidr: `10.${at & 255}.0.0/16`, except: [`10.${at & 255}.128.0/17`] }],
        toPorts: [{ ports: [{ port: "5432", protocol: "TCP" }] }],
      },
    ],
  },
});

const teamPolicy = (at: number, app: number): unknown => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumClusterwideNetworkPolicy",
  metadata: { name: `team-${at}` },
  spec: {
    endpointSelector: {
      matchExpressions: [
        { key: "k8s:io.kubernetes.pod.namespace", operator: "In", values: [namespaceOf(app)] },
      ],
    },
    egress: [{ toEntities: ["cluster"], toPorts: [{ ports: [{ port: "53", protocol: "UDP" }] }] }],
    egressDeny: [{ toCIDR: ["169.254.169.254/32"] }],
    ingressDeny: [
      {
        fromEndpoints: [
          {
            matchExpressions: [
              { key: "k8s:io.cilium.k8s.namespace.labels.env", operator: "NotIn", values: ["live"] },
            ],
          },
        ],
        toPorts: [{ ports: [{ port: "5000", endPort: 6000, protocol: "TCP" }] }],
      },
    ],
  },
});

/** Every tenth policy is clusterwide. */
const policiesFor = (count: number, apps: number): unknown[] =>
  Array.from({ length: count }, (_, at) =>
    at % 10 === 0 ? teamPolicy(at, at % apps) : appPolicy(at, at % apps, apps),
  );

const processorTime = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const measure = (
  workload: EvaluatorMeasurement["workload"],
  identities: number,
  policies: number,
): EvaluatorMeasurement => {
  const apps = workload === "alike" ? Math.ceil(identities / 10) : identities;
  const [everybody, objects] = [identitiesFor(identities, apps), policiesFor(policies, apps)];
  const start = processorTime();
  const matrix = PolicySet.compile(objects).over(everybody).matrix(PORTS);
  const built = processorTime();
  let decisions = 0;
  let allowed = 0;
  const classes = everybody.map(({ id }) => matrix.classOf(id));
  PORTS.forEach((_, port) => {
    for (const from of classes) {
      for (const to of classes) {
        decisions++;
        if (matrix.decisionOfClasses(from, to, port) === "allowed") allowed++;
      }
    }
  });
  if (allowed === 0 || allowed === decisions)
    throw new Error(`${workload}: ${allowed} of ${decisions} allowed`);
  return {
    name: `evaluator ${workload}, ${identities} identities, ${policies} policies`,
    workload,
    identities,
    policies,
    classes: matrix.classCount,
    decisions,
    seconds: (processorTime() - start) / 1000,
    buildSeconds: (built - start) / 1000,
  };
};

type Size = readonly [identities: number, policies: number];

/** Identities grow, then policies. In the worst case every identity has policies of its own. */
const SIZES: Readonly<Record<EvaluatorMeasurement["workload"], readonly Size[]>> = {
  alike: [
    [250, 500],
    [500, 500],
    [1000, 500],
    [2000, 500],
    [1000, 250],
    [1000, 1000],
    [1000, 2000],
  ],
  distinct: [
    [250, 250],
    [500, 500],
    [1000, 1000],
    [2000, 2000],
    [1000, 250],
    [1000, 500],
    [1000, 2000],
  ],
};

/** Measures both workloads at every size. Runs before these warm up and do not count. */
export const benchEvaluator = (): EvaluatorMeasurement[] =>
  (["alike", "distinct"] as const).flatMap((workload) => {
    for (let run = 0; run < 3; run++) measure(workload, 500, 500);
    return SIZES[workload].map(([identities, policies]) => measure(workload, identities, policies));
  });

if (import.meta.url === `file://${process.argv[1]}`) {
  for (const { name, classes, decisions, seconds, buildSeconds } of benchEvaluator()) {
    const perDecision = (seconds / decisions) * 1e9;
    process.stdout.write(
      `${name}: ${classes} classes, ${decisions} decisions in ${seconds.toFixed(3)} s (${buildSeconds.toFixed(3)} s to build), ${perDecision.toFixed(0)} ns a decision\n`,
    );
  }
}
