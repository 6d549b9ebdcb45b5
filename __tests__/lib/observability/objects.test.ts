import { describe, expect, test } from "vitest";
import { dashboards, rulesAndScrapes } from "../../../lib/observability/objects.ts";
import { parsed } from "../../stacks/homelab.ts";

const dev = parsed("dev");
const prod = parsed("prod");

interface Shipped {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly targetEndpoints?: readonly { readonly targets: readonly string[] }[] };
}

const shipped = (...props: Parameters<typeof rulesAndScrapes>) =>
  rulesAndScrapes(...props) as unknown as Shipped[];
const names = (objects: readonly Shipped[], kind: string) =>
  objects.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);

describe("what ships with the stack", () => {
  test("every group of alerts, and what is scraped beside the chart's own", () => {
    const objects = shipped(prod, "monitoring");
    expect(names(objects, "VMRule")).toContain("alerts-volume-backup");
    expect(names(objects, "VMRule")).toContain("alerts-etcd-backup");
    expect(names(objects, "VMRule")).toContain("alerts-metrics-missing");
    expect(names(objects, "VMPodScrape")).toEqual([
      "node-exporter",
      "cilium-agent",
      "hubble",
      "argocd",
      "cert-manager",
      "velero",
    ]);
  });

  test("etcd on the control planes' addresses of the cluster VLAN", () => {
    const [etcd] = shipped(dev, "monitoring").filter(({ kind }) => kind === "VMStaticScrape");
    expect(etcd?.spec.targetEndpoints?.[0]?.targets).toEqual([
      "192.168.111.162:2381",
      "192.168.111.164:2381",
      "192.168.111.163:2381",
    ]);
  });

  test("nothing on a source that the environment lacks: it would only be missed", () => {
    const objects = shipped(dev, "monitoring", ["velero"]);
    expect(names(objects, "VMRule")).not.toContain("alerts-volume-backup");
    expect(names(objects, "VMPodScrape")).not.toContain("velero");
    expect(JSON.stringify(objects)).not.toContain("velero_");
  });
});

test.each([
  ["rules", rulesAndScrapes(prod, "monitoring")],
  ["dashboards", dashboards(prod, "monitoring")],
])("%s: the chart, which renders them as a template, leaves their own templates alone", (_, objects) => {
  const text = JSON.stringify(objects);
  expect(text).toMatch(/\{\{`\{\{`\}\} ?\$?\w+/);
  expect(text.replaceAll("{{`{{`}}", "")).not.toContain("{{");
});
