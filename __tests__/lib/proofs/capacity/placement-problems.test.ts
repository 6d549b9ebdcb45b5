import { expect, test } from "vitest";
import type { Environment } from "../../../../environments/schema.ts";
import type { EffectivePod } from "../../../../lib/admission/effective-pods.ts";
import type { RenderedPodSpec } from "../../../../lib/core/facts/rendered.ts";
import { podAmount } from "../../../../lib/core/kubernetes/pod-requests.ts";
import { Quantity } from "../../../../lib/core/values/quantity.ts";
import { placementProblems, podGroups } from "../../../../lib/proofs/capacity/placement-problems.ts";

const worker = (name: string) => ({
  name,
  role: "worker" as const,
  cpu: Quantity.parse("4"),
  memory: Quantity.parse("8Gi"),
});
const cluster = (...names: string[]) =>
  ({
    name: "lab",
    nodes: names.map(worker),
    cluster: { controlPlane: "dedicated" },
  }) as unknown as Environment;
const three = cluster("a", "b", "c");

const pod = (
  name: string,
  memory: string,
  more: Partial<EffectivePod> & { spec?: Partial<RenderedPodSpec> } = {},
) => {
  const { spec, ...rest } = more;
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name, resources: { requests: { cpu: "100m", memory } } }], ...spec },
  };
  return {
    ...{
      owner: name,
      namespace: "home",
      kind: "Deployment",
      name,
      count: 1,
      surge: 0,
      lasts: true,
      priority: 0,
    },
    ...{
      template,
      requests: podAmount(template.spec, "requests"),
      limits: podAmount(template.spec, "limits"),
    },
    ...rest,
  } satisfies EffectivePod;
};
const term = (app: string) => ({
  labelSelector: { matchLabels: { app } },
  topologyKey: "kubernetes.io/hostname",
});
const required = (kind: "podAffinity" | "podAntiAffinity", app: string) => ({
  spec: { affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term(app)] } } },
});

test("sums fit, and a pod may wait all the same: it is named with the loss, and by how much it is", () => {
  const pods = [pod("small", "1Gi", { count: 6 }), pod("big", "5Gi")];
  expect(placementProblems(three, [pod("small", "1Gi", { count: 6 })])).toEqual([]);
  expect(placementProblems(three, pods)).toEqual([
    expect.stringMatching(
      /^capacity: lab: each pod must find a place when any one machine is lost, in whatever order pods come: these may wait\n {2}Deployment home\/big \(100m cpu, 5Gi\): without a: the other pods would have to request \d+ % less$/,
    ),
  ]);
});

test("a pod that no machine holds alone", () => {
  const [problem] = placementProblems(three, [pod("huge", "9Gi", { spec: { nodeSelector: {} } })]);
  expect(problem).toContain(
    "Deployment home/huge (100m cpu, 9Gi): without a: no machine that it may run on is sure",
  );
});

test("a machine by name, which may be the one that is lost", () => {
  const bound = pod("bound", "1Gi", { spec: { nodeSelector: { "kubernetes.io/hostname": "b" } } });
  expect(podGroups([bound], three)[0]?.runsOn).toEqual(["b"]);
  expect(placementProblems(three, [bound])[0]).toContain("home/bound (100m cpu, 1Gi): without b");
});

test("a DaemonSet is on each of its nodes", () => {
  const [agent] = podGroups([pod("agent", "1Gi", { kind: "DaemonSet", nodes: ["a", "c"], count: 2 })], three);
  expect(agent).toMatchObject({ isOnEach: true, runsOn: ["a", "c"] });
});

test("replicas that keep apart, by affinity or by a constraint, need a machine each after a loss", () => {
  const apart = pod("db", "1Gi", { count: 3, ...required("podAntiAffinity", "db") });
  const topologySpreadConstraints = [{ maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" }];
  const spread = pod("web", "1Gi", { count: 3, spec: { topologySpreadConstraints } });
  for (const each of [apart, spread]) {
    expect(placementProblems(three, [each])).toHaveLength(1);
    expect(placementProblems(cluster("a", "b", "c", "d"), [each])).toEqual([]);
  }
  expect(
    placementProblems(three, [pod("db", "1Gi", { count: 3, ...required("podAntiAffinity", "x") })]),
  ).toEqual([]);
});

test("a pod that must be beside another has a place where that one is on each machine alone", () => {
  const agent = pod("agent", "1Gi", { kind: "DaemonSet", nodes: ["a", "b", "c"], count: 3 });
  const relay = pod("relay", "1Gi", required("podAffinity", "agent"));
  expect(placementProblems(three, [agent, relay])).toEqual([]);
  expect(placementProblems(three, [pod("agent", "1Gi"), relay])[0]).toContain("home/relay");
});

test("one machine has none to lose", () => {
  expect(placementProblems(cluster("a"), [pod("web", "1Gi")])).toEqual([]);
});
