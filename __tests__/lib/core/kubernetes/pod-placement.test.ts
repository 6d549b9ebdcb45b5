import { expect, test } from "vitest";
import { nodesFor, podNodes } from "../../../../lib/core/kubernetes/pod-placement.ts";

const machines = [
  { name: "ada", role: "controlplane" as const },
  { name: "dora", role: "worker" as const },
  { name: "emma", role: "worker" as const },
];
const names = (pod: Parameters<typeof nodesFor>[0], mode: "converged" | "dedicated" = "dedicated") =>
  nodesFor(pod, podNodes(machines, mode)).map(({ name }) => name);
const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

test("a control plane that runs no workloads takes those that tolerate its taint", () => {
  expect(names({})).toEqual(["dora", "emma"]);
  expect(names({}, "converged")).toEqual(["ada", "dora", "emma"]);
  expect(names({ tolerations: [{ key: CONTROL_PLANE, operator: "Exists" }] })).toEqual([
    "ada",
    "dora",
    "emma",
  ]);
  expect(names({ tolerations: [{ operator: "Exists", effect: "NoExecute" }] })).toEqual(["dora", "emma"]);
});

test("node selectors and required affinity choose", () => {
  expect(names({ nodeSelector: { "kubernetes.io/hostname": "dora" } })).toEqual(["dora"]);
  const term = (matchExpressions: object[]) => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
    },
  });
  expect(names({ affinity: term([{ key: CONTROL_PLANE, operator: "DoesNotExist" }]) }, "converged")).toEqual([
    "dora",
    "emma",
  ]);
  const notDora = [{ key: "kubernetes.io/hostname", operator: "NotIn", values: ["dora"] }];
  expect(names({ affinity: term(notDora) }, "converged")).toEqual(["ada", "emma"]);
});
