import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { ChartSource } from "../../../environments/recorded/chart-request.ts";
import { chartFactsOf } from "../../../labs/chart-facts/facts.ts";
import { objectsIn } from "../../../labs/e2e/charts.ts";
import { chartApp, type Fields, imageApp, problems } from "./lab.ts";

const LABELS = { "app.kubernetes.io/instance": "web", "app.kubernetes.io/name": "web" };
const SECURE = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
  capabilities: { drop: ["ALL"] },
};
const plain = (changes: Fields = {}): Fields => ({
  name: "main",
  image: "example/web:v1.0.0",
  securityContext: SECURE,
  resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "250m", memory: "128Mi" } },
  ...changes,
});

const workload = (pod: Fields = {}, spec: Fields = {}, kind = "Deployment"): Fields => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "web" },
  spec: {
    selector: { matchLabels: LABELS },
    template: { metadata: { labels: LABELS }, spec: { containers: [plain()], ...pod } },
    ...spec,
  },
});

const budget = (name: string, matchLabels: Fields = LABELS): Fields => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name },
  spec: { maxUnavailable: 1, selector: { matchLabels } },
});

/** Charts that Helm would render to these objects. */
const becoming =
  (objects: readonly Fields[], unused: readonly string[] = []): ChartSource =>
  (request) =>
    chartFactsOf(
      request,
      objectsIn(objects.map((each) => stringify(each)).join("---\n"), request.namespace),
      unused,
    );

const refused = (objects: readonly Fields[], app = imageApp()): string[] =>
  problems([app], { charts: becoming(objects) });

test("what a plain app renders is accepted", () => {
  expect(refused([workload()])).toEqual([]);
});

test("values that changed since Helm rendered them name the command", () => {
  const charts: ChartSource = () => ({ problem: "must be rendered: run it" });
  expect(problems([imageApp()], { charts })).toEqual([
    expect.stringContaining("apps.web.values: must be rendered: run it"),
  ]);
});

describe("claims that a chart or its operator makes", () => {
  const cluster: Fields = {
    apiVersion: "postgresql.cnpg.io/v1",
    kind: "Cluster",
    metadata: { name: "web" },
    spec: { storage: { size: "1Gi", storageClass: "synelia-iscsi-retain" }, walStorage: { size: "1Gi" } },
  };
  const claim: Fields = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "cache" },
    spec: { accessModes: ["ReadWriteOnce"] },
  };
  const made = (backup?: object) => ({
    ...{ class: "synelia-iscsi-retain", size: "1Gi", madeByChart: true },
    ...(backup && { backup }),
  });
  const by = { by: "the operator, to a bucket" };
  const lines = (objects: readonly Fields[], storage: object): string[] =>
    problems([chartApp({ storage })], { charts: becoming(objects) }).filter((line) =>
      line.includes(".storage."),
    );

  test("are refused until somebody says what saves each", () => {
    const said = lines([workload(), cluster, claim], {});
    for (const name of ["cache", "web-1", "web-1-wal"])
      expect(said).toContainEqual(
        expect.stringContaining(`.storage.${name}: must be there, madeByChart and with its backup`),
      );
    expect(said).toHaveLength(3);
    expect(
      lines([workload(), cluster, claim], { cache: made(by), "web-1": made(by), "web-1-wal": made(by) }),
    ).toEqual([]);
  });

  test("must be ones that it makes", () => {
    expect(lines([workload()], { data: made(by) })).toEqual([
      expect.stringContaining(
        '.storage.data: must be called as a claim that the chart makes, of which it makes none: got "data"',
      ),
    ]);
  });

  test("are read by no Schedule of Velero", () => {
    const rule = ".storage.cache.backup: must be by what saves it, or off with a reason";
    expect(lines([workload(), claim], { cache: made() })).toEqual([expect.stringContaining(rule)]);
  });
});

test("a value without effect is refused by its path", () => {
  const charts = becoming([workload()], ["/controllers/main/enviroment"]);
  expect(problems([imageApp()], { charts })).toEqual([
    'apps.web.values.controllers.main.enviroment: must change what chart app-template 4.1.1 renders, and it changes nothing: misspelt, or without effect: got "enviroment"',
  ]);
});

describe("the limit range", () => {
  test("refuses an init container whose request is above the default limit", () => {
    const init = plain({ name: "init", resources: { requests: { memory: "256Mi" } } });
    expect(refused([workload({ initContainers: [init] })])).toEqual([
      'apps.web.pods.Deployment/web.init: must be let in by the limit range of namespace web (xxs): memory: its request 256Mi is more than the namespace\'s default limit 128Mi: got {"requests":{"cpu":"25m","memory":"256Mi"},"limits":{"cpu":"250m","memory":"128Mi"}}',
    ]);
  });

  test("refuses a sidecar above the most that it allows", () => {
    const sidecar = plain({
      name: "backup",
      restartPolicy: "Always",
      resources: { limits: { memory: "2Gi" } },
    });
    expect(refused([workload({ initContainers: [sidecar] })])).toContainEqual(
      expect.stringContaining("memory: its limit 2Gi is more than the 384Mi that its namespace allows"),
    );
  });

  test("says nothing of a workload that has no pods", () => {
    const large = plain({ resources: { limits: { memory: "2Gi" } } });
    expect(refused([workload({ containers: [large] }, { replicas: 0 })])).toEqual([]);
  });
});

describe("Pod Security", () => {
  test.each<[string, Fields, string]>([
    ["privileged", { privileged: true }, "privileged: true (main)"],
    ["escalation", { allowPrivilegeEscalation: undefined }, "allowPrivilegeEscalation is not false (main)"],
    ["capabilities", { capabilities: { add: ["NET_ADMIN"] } }, "capabilities beyond the default (main)"],
    ["root", { runAsUser: 0 }, "runAsUser: 0"],
  ])("restricted refuses %s", (_, context, says) => {
    const container = plain({ securityContext: { ...SECURE, ...context } });
    expect(refused([workload({ containers: [container] })]).join()).toContain(says);
  });

  test.each<[string, Fields, string]>([
    ["a path of the node", { volumes: [{ name: "a", hostPath: { path: "/etc" } }] }, "hostPath volumes"],
    ["the node's network", { hostNetwork: true }, "hostNetwork: true"],
  ])("baseline refuses %s, for a chart as well", (_, pod, says) => {
    const chart = chartApp({}, "web");
    expect(refused([workload(pod)], chart)).toEqual([
      `apps.web.pods.Deployment/web: must be let in by the namespace web, which enforces the Pod Security Standard baseline: got "${says}"`,
    ]);
  });
});

describe("disruption budgets", () => {
  test("one of the chart alone is accepted", () => {
    expect(refused([workload(), budget("web")])).toEqual([]);
  });

  test("one of the chart beside ours is refused", () => {
    const scaled = imageApp({ replicas: 2 });
    expect(refused([workload({}, { replicas: 2 }), budget("web")], scaled)).toEqual([
      expect.stringContaining(
        'must have one disruption budget: a pod that two count is never evicted, and no node with it can be drained: got ["web by Terraform, for replicas of web","web by the chart of web"]',
      ),
    ]);
  });

  test("two over the same pods are refused, by whatever labels they select", () => {
    const two = [budget("a"), budget("b", { "app.kubernetes.io/name": "web" })];
    expect(refused([workload(), ...two]).join()).toContain("a by the chart of web");
  });

  test("two over different pods are accepted", () => {
    expect(refused([workload(), budget("a"), budget("b", { other: "pods" })])).toEqual([]);
  });
});

describe("claims", () => {
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "web-data" } }];
  const claim = (mode: string): Fields => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "web-data" },
    spec: { accessModes: [mode] },
  });

  test("one node's claim in several pods is refused", () => {
    expect(refused([workload({ volumes }, { replicas: 2 })])).toEqual([
      "apps.web.pods.Deployment/web.replicas: must be 1: all its pods mount the claim web-data, which is ReadWriteOnce: one node has it at a time: got 2",
    ]);
    expect(refused([workload({ volumes }, {}, "DaemonSet"), claim("ReadWriteOnce")]).join()).toContain(
      "one a node",
    );
  });

  test("one node's claim in what an autoscaler multiplies is refused", () => {
    const autoscaler = (name: string): Fields => ({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web" },
      spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name }, maxReplicas: 4 },
    });
    expect(refused([workload({ volumes }), autoscaler("web")])).toContainEqual(
      expect.stringMatching(/web\.replicas: must be 1: .* ReadWriteOnce: one node has it at a time: got 4$/),
    );
    expect(refused([workload({ volumes }, { strategy: { type: "Recreate" } }), autoscaler("other")])).toEqual(
      [],
    );
  });

  /** Whatever saves the claim. */
  const onNodes = (objects: readonly Fields[]): string[] =>
    refused(objects).filter((line) => !line.includes(".storage."));

  test("one node's claim in a Deployment whose update adds a pod is refused, and Recreate is not", () => {
    expect(onNodes([workload({ volumes }), claim("ReadWriteOnce")])).toEqual([
      expect.stringContaining(
        "apps.web.pods.Deployment/web.strategy: must be Recreate, in the chart's values",
      ),
    ]);
    const sparing = { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    for (const strategy of [{ type: "Recreate" }, sparing])
      expect(onNodes([workload({ volumes }, { strategy }), claim("ReadWriteOnce")])).toEqual([]);
    expect(onNodes([workload({ volumes }, {}, "StatefulSet"), claim("ReadWriteOnce")])).toEqual([]);
    expect(onNodes([workload({ volumes }, { replicas: 0 }), claim("ReadWriteOnce")])).toEqual([]);
  });

  test("one pod, or a claim for many, is accepted", () => {
    expect(onNodes([workload({ volumes }, { strategy: { type: "Recreate" } })])).toEqual([]);
    expect(onNodes([workload({ volumes }, { replicas: 2 }), claim("ReadWriteMany")])).toEqual([]);
  });
});

test("an image that a chart renders and that moves is refused", () => {
  const helper = plain({ name: "helper", image: "busybox:stable" });
  expect(refused([workload({ containers: [plain(), helper] })])).toEqual([
    'apps.web.images.web.helper: must have a digest, or a tag that names one exact version: this one moves: got "busybox:stable"',
  ]);
});
