import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { dev } from "../../../environments/dev.ts";
import { prod } from "../../../environments/prod.ts";
import { Cilium, type CiliumProps } from "../../../lib/cilium/cilium.ts";
import { ciliumValues } from "../../../lib/cilium/values.ts";
import { synthPlatform } from "../../platform.ts";
import { onlyResource } from "../../synth.ts";
import { unknownValues } from "../core/helm/chart-keys.ts";

const PROPS: CiliumProps = {
  version: "1.18.3",
  nodeCount: 5,
  loadBalancerServices: 20,
  policyMode: "enforce",
};

const build = (props: Partial<CiliumProps> = {}) => {
  const [cilium, stack] = synthPlatform((s) => new Cilium(s, "cilium", { ...PROPS, ...props }));
  const release = onlyResource(stack, "helm_release");
  return { cilium, release, values: parse((release.values as string[])[0] ?? "") };
};

const keysOf = (version: string) => new URL(`cilium-${version}.keys.txt`, import.meta.url);

describe("the release", () => {
  test("is pinned, awaited and in kube-system", () => {
    expect(build().release).toMatchObject({
      name: "cilium",
      chart: "cilium",
      repository: "https://helm.cilium.io/",
      version: "1.18.3",
      namespace: "kube-system",
      create_namespace: false,
      wait: true,
      wait_for_jobs: true,
      timeout: 1200,
    });
  });

  test("does not change when a node joins a cluster that has two", () => {
    expect(build({ nodeCount: 3 }).release).toEqual(build({ nodeCount: 2 }).release);
  });

  test("is not undone when it fails", () => {
    expect(build().release).not.toHaveProperty("atomic");
    expect(build().release).not.toHaveProperty("cleanup_on_fail");
  });

  test("tells its outputs", () => {
    expect(build({ policyMode: "audit" }).cilium.outputs).toEqual({
      version: "1.18.3",
      namespace: "kube-system",
      policyAudit: true,
      hostFirewall: false,
    });
    expect(build({ hostFirewall: true }).cilium.outputs.hostFirewall).toBe(true);
  });
});

describe("the values", () => {
  test.each([dev, prod])("of $name are all known to the chart of its version", ({ versions }) => {
    expect(unknownValues(keysOf(versions.cilium), build().values)).toEqual([]);
  });

  test("that the chart does not know are found", () => {
    const values = { installCRDs: true, externalIPs: { enabled: true }, hubble: { rely: { enabled: true } } };
    expect(unknownValues(keysOf("1.18.3"), values)).toEqual([
      "/installCRDs",
      "/externalIPs/enabled",
      "/hubble/rely/enabled",
    ]);
  });

  test("are those that Talos needs", () => {
    expect(build().values).toMatchObject({
      kubeProxyReplacement: true,
      k8sServiceHost: "localhost",
      k8sServicePort: 7445,
      ipam: { mode: "kubernetes" },
      routingMode: "tunnel",
      tunnelProtocol: "vxlan",
      cgroup: { autoMount: { enabled: false }, hostRoot: "/sys/fs/cgroup" },
      bpf: { hostLegacyRouting: true },
      dnsProxy: { enableTransparentMode: false },
    });
  });

  test("never ask for SYS_MODULE, which Talos forbids", () => {
    const { ciliumAgent, cleanCiliumState } = build().values.securityContext.capabilities;
    expect(ciliumAgent).toHaveLength(11);
    expect(cleanCiliumState).toEqual(["NET_ADMIN", "SYS_ADMIN", "SYS_RESOURCE"]);
    expect([...ciliumAgent, ...cleanCiliumState]).not.toContain("SYS_MODULE");
  });

  test("measure flows and serve metrics, without monitors whose kind nobody has installed", () => {
    expect(build().values).toMatchObject({
      prometheus: { enabled: true, serviceMonitor: { enabled: false } },
      operator: { prometheus: { enabled: true, serviceMonitor: { enabled: false } } },
      hubble: {
        enabled: true,
        relay: { enabled: true },
        ui: { enabled: false },
        metrics: {
          enabled: ["dns", "drop", "tcp", "flow", "port-distribution", "icmp", "http", "policy"],
          serviceMonitor: { enabled: false },
        },
      },
    });
  });

  test("make Helm's wait mean something, and let pods follow their configuration", () => {
    const one = { rollingUpdate: { maxUnavailable: 1 } };
    expect(build().values).toMatchObject({
      updateStrategy: one,
      rollOutCiliumPods: true,
      envoy: { updateStrategy: one, rollOutPods: true },
      operator: { rollOutPods: true },
      hubble: { relay: { rollOutPods: true }, tls: { auto: { method: "cronJob" } } },
    });
  });

  test("let the operator run before the network does", () => {
    const keys = build().values.operator.tolerations.map(({ key }: { key: string }) => key);
    expect(keys).toEqual(["node-role.kubernetes.io/control-plane", "node.kubernetes.io/not-ready"]);
  });

  test("give what the network needs a system priority", () => {
    expect(build().values).toMatchObject({
      priorityClassName: "system-node-critical",
      envoy: { priorityClassName: "system-node-critical" },
      operator: { priorityClassName: "system-cluster-critical" },
      certgen: { priorityClassName: "system-cluster-critical" },
    });
  });

  test("gives certgen no resources, which the chart writes where the API refuses them", () => {
    expect(build().values.certgen).not.toHaveProperty("resources");
  });

  test.each([
    [1, 1],
    [2, 2],
    [5, 2],
  ])("for %i nodes run %i operators", (nodeCount, replicas) => {
    expect(build({ nodeCount }).values.operator.replicas).toBe(replicas);
  });

  test.each([
    [0, 10, 20],
    [1, 11, 22],
    [20, 20, 40],
    [65, 43, 86],
  ])("for %i Services allow %i requests a second, in bursts of %i", (services, qps, burst) => {
    expect(build({ loadBalancerServices: services }).values.k8sClientRateLimit).toEqual({ qps, burst });
  });

  test.each([
    ["off", false],
    ["audit", true],
    ["enforce", false],
  ] as const)("in mode %s have policyAuditMode %s", (policyMode, policyAuditMode) => {
    expect(build({ policyMode }).values).toMatchObject({ policyAuditMode, policyEnforcementMode: "default" });
  });

  test.each([
    [undefined, false],
    [false, false],
    [true, true],
  ])("with hostFirewall %s have it enabled: %s", (hostFirewall, enabled) => {
    const props = hostFirewall === undefined ? {} : { hostFirewall };
    expect(build(props).values.hostFirewall).toEqual({ enabled });
  });

  test("can be overridden, one at a time", () => {
    const { values } = build({ overrides: { hubble: { ui: { enabled: true } } } });
    expect(values).toEqual({
      ...ciliumValues(PROPS),
      hubble: { ...ciliumValues(PROPS).hubble, ui: { enabled: true } },
    });
  });

  test("do not compile when misspelt", () => {
    // @ts-expect-error: bpf.hostLegacyRouting
    build({ overrides: { bpf: { hostLegacyRoutng: true } } });
    // @ts-expect-error: no such metric
    build({ overrides: { hubble: { metrics: { enabled: ["dsn"] } } } });
  });
});

describe("refuses", () => {
  test("a version that is not exact", () => {
    expect(() => build({ version: "1.18" })).toThrow(
      'chart cilium: version: must be exact, MAJOR.MINOR.PATCH: got "1.18"',
    );
  });

  test.each([0, -1, 1.5])("%d nodes", (nodeCount) => {
    expect(() => build({ nodeCount })).toThrow(
      `Cilium: nodeCount: must be a whole number of at least 1: got ${nodeCount}`,
    );
  });

  test.each([-1, 0.5])("%d Services", (loadBalancerServices) => {
    expect(() => build({ loadBalancerServices })).toThrow(
      `Cilium: loadBalancerServices: must be a whole number of at least 0: got ${loadBalancerServices}`,
    );
  });

  test("everything at once", () => {
    expect(() => build({ version: "latest", nodeCount: 0 })).toThrow(
      /version: must be[\s\S]*nodeCount: must be/,
    );
  });
});
