import { describe, expect, test } from "vitest";
import { apps } from "../../../apps/index.ts";
import { environmentCharts } from "../../../environments/recorded/chart-facts.ts";
import { recordedCharts } from "../../../environments/recorded/chart-request.ts";
import { breakages } from "../../../labs/simulate/breakages.ts";
import {
  chartWebhooks,
  governance,
  nodeObject,
  nodeShares,
  staticPods,
  workloads,
} from "../../../labs/simulate/objects.ts";
import { appsIn } from "../../../lib/app/catalogue.ts";
import { environmentPods } from "../../../lib/proofs/capacity/environment-pods.ts";
import { homelab, parsed, stackOf } from "../../stacks/homelab.ts";

const prod = parsed("prod");
const stacks = ["prod-platform", "prod-apps"].map((name) => ({ name, json: stackOf(homelab(), name) }));
const governed = governance(stacks);
const named = (kind: string, name: string, namespace?: string) =>
  governed.find(
    (each) => each.kind === kind && each.metadata.name === name && each.metadata.namespace === namespace,
  );

describe("machines", () => {
  test("report what Kubernetes would, less what their kubelet holds back", () => {
    const [share] = nodeShares(prod);
    if (!share) throw new Error("prod has no machines");
    const { metadata, status } = nodeObject(share, "controlplane") as never as {
      metadata: { labels: Record<string, string> };
      status: { capacity: Record<string, string>; allocatable: Record<string, string> };
    };
    expect(metadata.labels).toHaveProperty(["node-role.kubernetes.io/control-plane"]);
    expect(status.capacity.cpu).toBe("4");
    expect(status.allocatable.cpu).toBe("3300m");
  });

  test("control planes run their static pods before there is a scheduler", () => {
    const nodes = staticPods(nodeShares(prod)).map(({ spec }) => (spec as { nodeName: string }).nodeName);
    expect(nodes).toEqual(["powder", "poison", "phoebe"]);
  });
});

describe("what the stacks make", () => {
  test("quotas, with what they hold and whom they are about", () => {
    expect(named("ResourceQuota", "namespace", "media")?.spec).toMatchObject({ hard: { pods: "16" } });
    expect(named("ResourceQuota", "no-system-priority", "media")?.spec).toMatchObject({
      scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In" }] },
    });
  });

  test("limit ranges, priority classes and budgets in Kubernetes' own shape", () => {
    expect(named("LimitRange", "containers", "media")?.spec).toMatchObject({
      limits: [{ type: "Container", defaultRequest: { memory: expect.any(String) } }],
    });
    expect(named("PriorityClass", "vixens-critical")).toMatchObject({ value: 100_000, globalDefault: false });
    expect(named("PodDisruptionBudget", "traefik", "traefik")?.spec).toMatchObject({ maxUnavailable: 1 });
  });
});

test("every lasting workload of the charts runs, with its priority and no volume", () => {
  const pods = environmentPods(prod, [...appsIn(apps, prod).values()], recordedCharts);
  const [whoami] = workloads(pods).filter(({ metadata }) => metadata.name === "whoami");
  expect(whoami?.spec).toMatchObject({
    template: { spec: { priorityClassName: expect.stringMatching(/^vixens-/) } },
  });
  expect(JSON.stringify(whoami)).not.toContain("volumes");
});

test.each([
  ["quota", "ResourceQuota", "namespace", { hard: { pods: "1" } }],
  ["limit-range", "LimitRange", "containers", { limits: [{ max: { memory: "1Mi" } }] }],
  ["budget", "PodDisruptionBudget", "traefik", { maxUnavailable: 0 }],
])("--break %s changes what it says", (name, kind, object, spec) => {
  const found = governed.find((each) => each.kind === kind && each.metadata.name === object);
  if (!found) throw new Error(`no ${kind} ${object}`);
  expect(breakages[name]?.change(found).spec).toMatchObject(spec);
});

test("webhooks of charts are asked over HTTPS by whom nobody plays; --break dependency makes them match every pod", () => {
  const webhooks = chartWebhooks(environmentCharts("prod"));
  expect(webhooks.map(({ metadata }) => metadata.name)).toContain("cert-manager-webhook");
  const [first] = webhooks;
  expect(first).toMatchObject({
    webhooks: [{ sideEffects: "None", clientConfig: { service: { namespace: "cert-manager" } } }],
  });
  expect(first && breakages.dependency?.change(first)).toMatchObject({
    webhooks: [{ failurePolicy: "Fail", namespaceSelector: {}, rules: [{ resources: ["pods"] }] }],
  });
});
