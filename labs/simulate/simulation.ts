/** An environment brought up on a real control plane; then machines are lost, drained, or lose power. */

import { apps } from "../../apps/index.ts";
import { environmentCharts } from "../../environments/recorded/chart-facts.ts";
import { recordedCharts } from "../../environments/recorded/chart-request.ts";
import type { Environment } from "../../environments/schema.ts";
import { appsIn } from "../../lib/app/catalogue.ts";
import { fieldsOf, isFields } from "../../lib/core/fields.ts";
import type { NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { Quantity } from "../../lib/core/values/quantity.ts";
import { environmentPods } from "../../lib/proofs/capacity/environment-pods.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";
import { breakages } from "./breakages.ts";
import type { Laboratory } from "./laboratory.ts";
import {
  chartBudgets,
  chartWebhooks,
  governance,
  nodeObject,
  nodeShares,
  staticPods,
  workloads,
} from "./objects.ts";
import {
  type CreationRefusal,
  type Moment,
  type PodState,
  refusedByAdmission,
  stuckBudgets,
  watch,
} from "./observation.ts";

/** Seconds without change after which nothing more is expected, and the longest wait. */
const SETTLED = { quiet: 8, limit: 150 };
const AFTER_LOSS = { quiet: 8, limit: 240 };
const DRAIN = "120s";
/** Priorities of which everything must come back. */
const MUST_RETURN = /^system-|-(critical|high)$/;

export interface Scenario {
  readonly lose: readonly string[];
  readonly drain: boolean;
  readonly powerCut: boolean;
  /** By how much what apps ask for grows. */
  readonly atSize: number;
  readonly broken: readonly string[];
}

export interface SimulationOutcome {
  readonly timeline: readonly Moment[];
  readonly pods: number;
  readonly ready: number;
  /** Pods that wait at the end, with why. */
  readonly pending: readonly { readonly pod: string; readonly priorityClass: string; readonly why: string }[];
  /** Why it does not pass, a line each. */
  readonly problems: readonly string[];
  /** The parts that this run leaves out. */
  readonly notes: readonly string[];
}

/** Everything that is applied, in the order in which it is. */
const objectsOf = (environment: Environment, stacks: readonly NamedStack[], scenario: Scenario) => {
  const charts = environmentCharts(environment.name);
  const shares = nodeShares(environment);
  const roles = new Map(environment.nodes.map(({ name, role }) => [name, role]));
  const ground = [
    ...shares.map((share) => nodeObject(share, roles.get(share.name) ?? "worker")),
    ...governance(stacks).map((each) => grown(each, scenario.atSize)),
  ];
  const declared = workloads(
    environmentPods(environment, [...appsIn(apps, environment).values()], recordedCharts),
  );
  const running = [
    ...chartWebhooks(charts),
    ...declared.map((each) => grown(each, scenario.atSize)),
    ...chartBudgets(charts),
  ];
  const changed = (objects: readonly KubernetesObject[]) =>
    scenario.broken.reduce((all, name) => all.map((each) => breakages[name]?.change(each) ?? each), objects);
  const everything = [...ground, ...running];
  const idle = scenario.broken.filter((name) =>
    everything.every((each) => breakages[name]?.change(each) === each),
  );
  if (idle.length > 0)
    throw new UsageError(`--break: ${environment.name} has nothing to break: got ${idle.join(", ")}`);
  return {
    namespaces: ground.filter(({ kind }) => kind === "Namespace"),
    ground: changed(ground.filter(({ kind }) => kind !== "Namespace")),
    running: changed(running),
    machines: staticPods(shares),
    unknown: charts.filter(({ known }) => !known).map(({ release }) => release),
    declared: new Map(
      declared.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, priorityIn(each)]),
    ),
  };
};

const templateOf = (workload: KubernetesObject) => fieldsOf(fieldsOf(fieldsOf(workload.spec).template).spec);

const priorityIn = (workload: KubernetesObject): string =>
  String(templateOf(workload).priorityClassName ?? "none");

const AMOUNT = /(^|\.)(cpu|memory|ephemeral-storage)$/;

/** The amount times a factor, rounded up to what its resource is counted in. */
const scaled = (resource: string, amount: unknown, factor: number): string => {
  const value = Quantity.parse(String(amount)).toNumber() * factor;
  const whole = resource.endsWith("cpu")
    ? Quantity.millicores(Math.ceil(Number((value * 1_000).toFixed(3))))
    : Quantity.bytes(Math.ceil(value));
  return String(whole);
};

/** The workload, quota or limit range with every amount of CPU and memory times a factor: quotas follow what apps ask for. */
export const grown = (object: KubernetesObject, factor: number): KubernetesObject => {
  const times = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => times(each, key));
    if (!isFields(value)) return AMOUNT.test(key) ? scaled(key, value, factor) : value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, times(each, name)]));
  };
  return factor === 1 ? object : { ...object, spec: times(object.spec, "spec") };
};

/** Runs a scenario in a laboratory that is empty. */
export const simulate = async (
  laboratory: Laboratory,
  environment: Environment,
  stacks: readonly NamedStack[],
  scenario: Scenario,
  log: (line: string) => void,
): Promise<SimulationOutcome> => {
  const { kubectl } = laboratory;
  const began = Date.now();
  const { namespaces, ground, machines, running, unknown, declared } = objectsOf(
    environment,
    stacks,
    scenario,
  );
  await kubectl.apply([...namespaces, ...ground]);
  for (const { metadata, status } of ground.filter(({ kind }) => kind === "Node"))
    await kubectl.must([
      "patch",
      "node",
      metadata.name,
      "--subresource=status",
      "--type=merge",
      "-p",
      JSON.stringify({ status }),
    ]);
  const refused = await applyEach(laboratory, [...machines, ...running]);
  const first = await watch(kubectl, { ...SETTLED, began });
  const timeline = [...first.timeline];
  log(
    `${first.pods.filter(({ isReady }) => isReady).length} of ${first.pods.length} pods ready, ${seconds(began)} s after the start`,
  );
  let refusals = await refusedByAdmission(kubectl, began);
  const problems = [
    ...refused,
    ...standing(refusals),
    ...(await stuckBudgets(kubectl)),
    ...wrongPriorities(first.pods, declared),
    ...missingReturns(first.pods, "does not start"),
  ];
  let { pods } = first;
  if (scenario.lose.length > 0 || scenario.powerCut) {
    const lostAt = Date.now();
    timeline.push({ at: seconds(began), text: whatHappens(scenario) });
    problems.push(...(await strike(laboratory, scenario)));
    const after = await watch(kubectl, {
      ...AFTER_LOSS,
      began,
      // The collector of pods takes about a minute to see that a node is gone.
      until: (seen) =>
        scenario.drain || !seen.some(({ node }) => node !== undefined && scenario.lose.includes(node)),
    });
    timeline.push(...after.timeline);
    pods = [...after.pods];
    const before = new Set(first.pods.map(({ name }) => name));
    const moved = pods.filter(({ name, isReady }) => isReady && !before.has(name));
    log(
      `${moved.length} pods made anew, ${seconds(lostAt)} s after it; ${pods.filter((each) => !each.isReady).length} wait`,
    );
    refusals = await refusedByAdmission(kubectl, lostAt);
    problems.push(
      ...standing(refusals),
      ...(scenario.drain ? [] : stillOn(pods, scenario.lose)),
      ...missingReturns(pods, "does not come back"),
    );
  }
  const pending = pods.filter(({ isReady }) => !isReady);
  return {
    timeline,
    pods: pods.length,
    ready: pods.length - pending.length,
    pending: pending.map(({ name, priorityClass, why }) => ({
      pod: name,
      priorityClass,
      why: why ?? "not ready",
    })),
    problems: [...new Set(problems)],
    notes: [
      ...refusals
        .filter(({ isLasting }) => !isLasting)
        .map(({ text }) => `held up until others were gone: ${text}`),
      "not run: Argo CD's controllers: workloads are the recorded facts of charts, as admission would make them",
      "not run: volumes, their drivers and jobs; kubelets are played by kwok",
      "not run: the 40 s until a silent node counts as lost and the 300 s that pods tolerate it: a lost node is taken away",
      ...(unknown.length > 0
        ? [`assumed: pods of ${unknown.join(", ")} by their size alone: the charts could not be had`]
        : []),
    ],
  };
};

/** Refusals that last; others were over when the pods before them were gone. */
const standing = (refusals: readonly CreationRefusal[]): string[] =>
  refusals.filter(({ isLasting }) => isLasting).map(({ text }) => `admission stands in the way: ${text}`);

const seconds = (since: number): number => Math.round((Date.now() - since) / 1_000);

const whatHappens = ({ lose, drain, powerCut }: Scenario): string =>
  powerCut ? "the power is cut" : `${lose.join(", ")}: ${drain ? "drained" : "lost"}`;

/** Applies objects one kind after the other; what the API refuses is told, and the rest goes on. */
const applyEach = async (
  { kubectl }: Laboratory,
  objects: readonly KubernetesObject[],
): Promise<string[]> => {
  const problems: string[] = [];
  for (const object of objects) {
    const { code, stderr } = await kubectl.try(
      ["apply", "--server-side", "--field-manager=simulate", "-f", "-"],
      JSON.stringify(object),
    );
    if (code !== 0)
      problems.push(
        `${object.kind} ${object.metadata.name}: the API refuses it: ${stderr.trim().split("\n")[0]}`,
      );
  }
  return problems;
};

const strike = async (laboratory: Laboratory, { lose, drain, powerCut }: Scenario): Promise<string[]> => {
  const { kubectl } = laboratory;
  if (powerCut) {
    await laboratory.powerOff();
    await laboratory.powerOn();
    await kubectl.must(["delete", "pods", "-A", "--all", "--force", "--grace-period=0", "--wait=false"]);
    return [];
  }
  const problems: string[] = [];
  for (const node of lose) {
    if (!drain) {
      await kubectl.must(["delete", "node", node, "--wait=false"]);
      continue;
    }
    const args = [
      "drain",
      node,
      "--ignore-daemonsets",
      "--delete-emptydir-data",
      "--force",
      `--timeout=${DRAIN}`,
    ];
    const { code, stderr } = await kubectl.try(args);
    if (code !== 0) problems.push(`the drain of ${node} does not end: ${stderr.trim().split("\n").at(-1)}`);
  }
  return problems;
};

/** Pods that are still said to be on a machine which is gone. */
const stillOn = (pods: readonly PodState[], lost: readonly string[]): string[] =>
  pods
    .filter(({ node }) => node !== undefined && lost.includes(node))
    .map(({ of, node }) => `${of} is still on ${node}, which is gone`);

/** Workloads of a priority of which everything must run, that have a pod which does not. */
const missingReturns = (pods: readonly PodState[], what: string): string[] =>
  pods
    .filter(({ isReady, priorityClass }) => !isReady && MUST_RETURN.test(priorityClass))
    .map(({ of, priorityClass, why }) => `${of} (${priorityClass}) ${what}: ${why ?? "it has no place"}`);

/** Workloads whose pods have another priority than the environment declares. */
const wrongPriorities = (pods: readonly PodState[], declared: ReadonlyMap<string, string>): string[] =>
  [...new Map(pods.map((pod) => [pod.of, pod])).values()].flatMap(({ of, priorityClass }) => {
    const wanted = declared.get(of);
    return wanted === undefined || wanted === priorityClass
      ? []
      : [`${of}: must have the priority ${wanted}: got ${priorityClass}`];
  });
