import { describe, expect, test } from "vitest";
import { Doubt, type RunCommand } from "../../../lib/core/process/command.ts";
import { Talosctl } from "../../../operations/talos/talosctl.ts";
import { Kubectl } from "../../../operations/upgrade/kubectl.ts";
import { runUpgrade } from "../../../operations/upgrade/upgrade-run.ts";
import { labCluster } from "../upgrade/operator.ts";
import { resourceText } from "./talosctl-formats.ts";

const { inventory } = labCluster();
const [bea, , , dora] = inventory.nodes;
if (!bea || !dora) throw new Error("no nodes");

const saying = (stdout: string, seen: string[] = []): RunCommand => {
  return async (command, args) => {
    seen.push([command, ...args].join(" "));
    return { code: 0, stdout, stderr: "", timedOut: false };
  };
};
const talosctl = (stdout: string) => new Talosctl(saying(stdout), inventory);
const resource = (spec: unknown, node = bea.address) => resourceText(node, "X.runtime.talos.dev", "x", spec);

describe("talosctl", () => {
  test("goes through control planes that are not asked, with the configuration that is given", async () => {
    const seen: string[] = [];
    const tool = new Talosctl(saying(resource({ version: "v1.12.4" }), seen), inventory, {
      talosconfig: "/t",
    });
    expect(await tool.version(bea)).toBe("v1.12.4");
    expect(seen).toEqual([
      "talosctl --talosconfig /t --endpoints 10.1.10.13,10.1.10.11 --nodes 10.1.10.12 get version -o json",
    ]);
    expect(tool.upgradeCommand(dora).args.join(" ")).toContain(
      "--endpoints 10.1.10.12,10.1.10.13,10.1.10.11",
    );
  });

  test("never forces an upgrade", () => {
    const { args } = talosctl("").upgradeCommand(bea);
    expect(args.slice(4)).toEqual(["upgrade", "--image", bea.image, "--wait", "--timeout", "30m"]);
  });

  test.each([
    [
      "another node",
      () => talosctl(resource({ version: "v1.12.4" }, "10.9.9.9")).version(bea),
      /the answer is of another node, 10.9.9.9/,
    ],
    ["nothing", () => talosctl("").version(bea), /must give 1: got 0/],
    ["two", () => talosctl(resource({}) + resource({})).machineStatus(bea), /must give 1: got 2/],
    ["no version", () => talosctl(resource({ version: "main" })).version(bea), /no Talos version/],
    [
      "no stage",
      () => talosctl(resource({ status: { ready: true } })).machineStatus(bea),
      /no machine status/,
    ],
    ["no readiness", () => talosctl(resource({ stage: "running" })).machineStatus(bea), /no machine status/],
    ["no boot id", () => talosctl("no").bootId(bea), /no boot id/],
    ["no JSON", () => talosctl("}{").version(bea), /talosctl get version: /],
    ["no own version", () => talosctl("Talos").clientVersion(), /does not say its version/],
  ])("an answer with %s is a doubt", async (_, ask, message) => {
    await expect(ask()).rejects.toThrow(message);
    await expect(ask()).rejects.toThrow(Doubt);
  });

  test("an image that does not say its schematic has none", async () => {
    expect(await talosctl("").schematic(bea)).toBeUndefined();
    expect(
      await talosctl(resource({ metadata: { name: "iscsi-tools", version: "1" } })).schematic(bea),
    ).toBeUndefined();
  });

  test("a snapshot that is saved elsewhere is no snapshot", async () => {
    const cluster = labCluster();
    const { dependencies } = cluster;
    const snapshot = async () => ({ path: "/elsewhere", bytes: 1, hash: "0", revision: 1, keys: 1 });
    const tool = Object.assign(Object.create(dependencies.talosctl), { snapshot });
    await expect(
      runUpgrade(inventory, { ...dependencies, talosctl: tool, fileSize: () => 1 }),
    ).rejects.toThrow(/must be a snapshot/);
    expect(cluster.nodes.some(({ upgrades }) => upgrades > 0)).toBe(false);
  });
});

describe("kubectl", () => {
  const kubectl = (value: unknown, seen: string[] = []) =>
    new Kubectl(saying(JSON.stringify(value), seen), inventory, { kubeconfig: "/k" });

  test("takes the configuration that is given", async () => {
    const seen: string[] = [];
    expect(await kubectl({ items: [] }, seen).nodes()).toEqual([]);
    expect(seen).toEqual(["kubectl --kubeconfig /k get nodes -o json"]);
  });

  test.each([
    ["no list", () => kubectl({}).nodes(), /another shape: items: .*expected array, received undefined/],
    ["another shape", () => kubectl({ items: [{}] }).nodes(), /another shape/],
    [
      "no versions",
      () => kubectl({ items: [{ metadata: { name: "ada" }, spec: {}, status: {} }] }).nodes(),
      /no kubelet version of ada/,
    ],
    ["no object", () => kubectl("text").nodes(), /another shape: answer: .*expected object, received string/],
    ["no JSON", () => new Kubectl(saying("}{"), inventory).nodes(), /JSON/],
    [
      "no status",
      () => kubectl({ metadata: {}, status: {} }).cilium(),
      /status\.desiredNumberScheduled: .*expected number/,
    ],
    ["no agent", () => kubectl({ items: [] }).ciliumAgent("ada"), /must run one Cilium agent: got 0/],
  ])("an answer with %s is a doubt", async (_, ask, message) => {
    await expect(ask()).rejects.toThrow(message);
    await expect(ask()).rejects.toThrow(Doubt);
  });

  test("a control plane's component has the version of its image", async () => {
    const pod = (component: string, image: string) => ({
      metadata: { name: component, labels: { "k8s-app": component } },
      spec: { nodeName: "ada", containers: [{ name: component, image }] },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });
    const items = [
      pod("kube-apiserver", "registry.k8s.io/kube-apiserver:v1.33.2@sha256:0"),
      pod("other", "x"),
    ];
    expect(await kubectl({ items }).staticPods()).toEqual([
      { node: "ada", component: "kube-apiserver", version: "v1.33.2", ready: true },
    ]);
    await expect(kubectl({ items: [pod("kube-scheduler", "x:latest")] }).staticPods()).rejects.toThrow(
      /no version of kube-scheduler/,
    );
  });
});
