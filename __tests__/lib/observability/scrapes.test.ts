import { describe, expect, test } from "vitest";
import { METRIC_SOURCES } from "../../../lib/observability/metric-sources.ts";
import { scrapes } from "../../../lib/observability/scrapes.ts";

const all = scrapes({
  namespace: "monitoring",
  controlPlanes: ["192.168.111.162", "192.168.111.163"],
  sources: Object.values(METRIC_SOURCES),
});

test("etcd at its metrics port, under the job that alerts name", () => {
  expect(all[0]).toMatchObject({
    kind: "VMStaticScrape",
    metadata: { name: "etcd", namespace: "monitoring" },
    spec: {
      jobName: "etcd",
      targetEndpoints: [{ targets: ["192.168.111.162:2381", "192.168.111.163:2381"] }],
    },
  });
});

describe("pods", () => {
  test.each([
    ["node-exporter", "monitoring", "metrics"],
    ["cilium-agent", "kube-system", "prometheus"],
    ["hubble", "kube-system", "hubble-metrics"],
    ["argocd", "argocd", "metrics"],
    ["cert-manager", "cert-manager", "http-metrics"],
    ["velero", "velero", "http-monitoring"],
  ])("%s in %s at %s", (name, namespace, port) => {
    expect(all.find(({ metadata }) => metadata.name === name)?.spec).toMatchObject({
      namespaceSelector: { matchNames: [namespace] },
      podMetricsEndpoints: [{ port, relabelConfigs: [{ targetLabel: "job", replacement: name }] }],
    });
  });

  test("only of sources that the environment has", () => {
    const some = scrapes({
      namespace: "monitoring",
      controlPlanes: ["10.0.0.1"],
      sources: [METRIC_SOURCES.argocd],
    });
    expect(some.map(({ metadata }) => metadata.name)).toEqual(["etcd", "argocd"]);
  });
});

test("every object is well", () => {
  for (const object of all) expect(() => object.validate()).not.toThrow();
});

test("no metric that an alert or a dashboard may ask for is dropped", () => {
  const dropped = new RegExp(`^(${JSON.stringify(all).match(/"regex":"([^"]+)"/)?.[1]})$`);
  const names = Object.values(METRIC_SOURCES).flatMap(({ metrics }) => metrics.map(({ name }) => name));
  expect(dropped.test("hubble_port_distribution_total")).toBe(true);
  expect(names.filter((name) => dropped.test(name))).toEqual([]);
});
