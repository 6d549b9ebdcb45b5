import { expect, test } from "vitest";
import { chartFactsOf } from "../../../labs/chart-facts/facts.ts";
import { factsText } from "../../../labs/chart-facts/files.ts";
import type { KubernetesObject } from "../../../labs/e2e/kubectl.ts";

const REQUEST = {
  environment: "prod",
  release: "web",
  namespace: "web",
  repository: "https://charts.example",
  chart: "web",
  version: "1.0.0",
  values: {},
};

const object = (apiVersion: string, kind: string, name: string, more: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "web" },
  ...more,
});

const pod = {
  metadata: { labels: { app: "web" }, annotations: { "checksum/secret": "abc", role: "x" } },
  spec: {
    containers: [
      {
        name: "main",
        image: "example/web:1.0.0",
        args: ["--password=hunter2"],
        env: [{ name: "PASSWORD", value: "hunter2" }],
        livenessProbe: { httpGet: { port: 80, httpHeaders: [{ name: "Authorization", value: "hunter2" }] } },
      },
    ],
    volumes: [
      { name: "c", configMap: { name: "web", items: [{ key: "a", path: "b" }] } },
      { name: "e", emptyDir: {} },
    ],
  },
};

const facts = chartFactsOf(
  REQUEST,
  [
    object("v1", "Secret", "web", { stringData: { password: "hunter2" } }),
    object("v1", "ConfigMap", "web", { data: { a: "hunter2" } }),
    object("batch/v1", "CronJob", "nightly", {
      spec: { schedule: "@daily", jobTemplate: { spec: { template: pod } } },
    }),
    {
      ...object("v1", "Pod", "test", { spec: pod.spec }),
      metadata: { name: "test", annotations: { "helm.sh/hook": "test" } },
    },
    { ...object("v1", "Service", "other"), metadata: { name: "other", namespace: "kube-system" } },
  ],
  [],
);

test("every object is there by name, those of other namespaces with theirs, and no test", () => {
  expect(facts.objects).toEqual({
    "batch/v1/CronJob": ["nightly"],
    "v1/ConfigMap": ["web"],
    "v1/Secret": ["web"],
    "v1/Service": ["kube-system/other"],
  });
});

test("no value of a Secret, a ConfigMap, a variable, an argument or a header is recorded", () => {
  const text = factsText({ kubernetes: "v1.34.0", charts: { web: facts } });
  expect(text).not.toContain("hunter2");
  expect(text).not.toContain("checksum");
  expect(JSON.parse(text).charts.web).toEqual(JSON.parse(JSON.stringify(facts)));
});

test("pods keep Kubernetes' shape", () => {
  expect(facts.workloads[0]?.spec.jobTemplate).toEqual({
    spec: {
      template: {
        metadata: { labels: { app: "web" }, annotations: { role: "x" } },
        spec: {
          containers: [
            {
              name: "main",
              image: "example/web:1.0.0",
              env: [{ name: "PASSWORD" }],
              livenessProbe: { httpGet: { port: 80 } },
            },
          ],
          volumes: [
            { name: "c", configMap: { name: "web" } },
            { name: "e", emptyDir: {} },
          ],
        },
      },
    },
  });
});
