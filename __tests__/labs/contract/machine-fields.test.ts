import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { machineFieldProblems } from "../../../labs/contract/machine-fields.ts";
import { environments } from "../../stacks/homelab.ts";

const [environment] = environments();
if (!environment) throw new Error("no environment");
const { cluster, versions, nodes } = environment;
const [controlPlane] = nodes;
const worker = nodes.find(({ role }) => role === "worker");
if (controlPlane?.role !== "controlplane" || !worker) throw new Error("a control plane first, and a worker");

/** As Talos writes it, as far as fields are compared. */
const documents = (node: typeof worker) => {
  const isControlPlane = node.role === "controlplane";
  const image = (name: string) => ({ image: `registry.k8s.io/${name}:${versions.kubernetes}` });
  return {
    main: {
      machine: {
        type: node.role as string,
        token: "secret",
        install: { disk: node.installDisk, image: `factory.talos.dev/metal-installer/1:${versions.talos}` },
        kubelet: {
          image: `ghcr.io/siderolabs/kubelet:${versions.kubernetes}`,
          nodeIP: { validSubnets: [cluster.subnet] },
        },
        network: {
          nameservers: node.nameservers,
          interfaces: [
            {
              interface: node.interface,
              dhcp: false,
              vlans: node.vlans.map(({ id, address, gateway }) => ({
                vlanId: id,
                addresses: [address],
                routes: gateway === undefined ? [] : [{ network: "0.0.0.0/0", gateway }],
                ...(isControlPlane && gateway === undefined && { vip: { ip: cluster.vip } }),
              })),
            },
          ],
        },
      },
      cluster: {
        clusterName: cluster.name,
        controlPlane: { endpoint: `https://${cluster.vip}:6443` },
        network: {
          podSubnets: [cluster.podSubnet],
          serviceSubnets: [cluster.serviceSubnet],
          cni: { name: "none" },
        },
        proxy: { disabled: true },
        ...(isControlPlane && {
          apiServer: image("kube-apiserver"),
          controllerManager: image("kube-controller-manager"),
          scheduler: image("kube-scheduler"),
        }),
      },
    },
    hostname: { apiVersion: "v1alpha1", kind: "HostnameConfig", hostname: node.name },
  };
};

type Documents = ReturnType<typeof documents>;

const judge = (node: typeof worker, change: (made: Documents) => void = () => {}): string[] => {
  const made = documents(node);
  change(made);
  return machineFieldProblems(
    environment,
    node,
    [made.main, made.hostname].map((each) => stringify(each)).join("---\n"),
  );
};

test.each([controlPlane, worker])("$role $name as the environment says", (node) => {
  expect(judge(node)).toEqual([]);
});

describe("a field that is otherwise is named with both values", () => {
  const [device] = documents(worker).main.machine.network.interfaces;
  const vlans = device?.vlans ?? [];

  test.each<[string, (made: Documents) => void]>([
    ["hostname", (made) => Object.assign(made.hostname, { hostname: "other" })],
    ["installer", (made) => Object.assign(made.main.machine.install, { image: "a:v0.0.1" })],
    ["machine.type", (made) => Object.assign(made.main.machine, { type: "init" })],
    ["machine.install.disk", (made) => Object.assign(made.main.machine.install, { disk: "/dev/sdz" })],
    ["machine.kubelet.image", (made) => Object.assign(made.main.machine.kubelet, { image: "a:v1" })],
    [
      "machine.kubelet.nodeIP.validSubnets",
      (made) => Object.assign(made.main.machine.kubelet, { nodeIP: {} }),
    ],
    ["machine.network.nameservers", (made) => Object.assign(made.main.machine.network, { nameservers: [] })],
    [
      "interface",
      (made) => Object.assign(made.main.machine.network, { interfaces: [{ ...device, dhcp: true }] }),
    ],
    [
      "interface",
      (made) =>
        Object.assign(made.main.machine.network, { interfaces: [{ ...device, vlans: vlans.slice(1) }] }),
    ],
    ["interface", (made) => Object.assign(made.main.machine.network, { interfaces: [device, device] })],
    ["cluster.controlPlane.endpoint", (made) => Object.assign(made.main.cluster, { controlPlane: {} })],
    [
      "cluster.network.cni.name",
      (made) => Object.assign(made.main.cluster.network, { cni: { name: "flannel" } }),
    ],
    ["cluster.proxy.disabled", (made) => Object.assign(made.main.cluster, { proxy: {} })],
  ])("%s", (field, change) => {
    expect(judge(worker, change)).toEqual([
      expect.stringMatching(
        new RegExp(`^${worker.name}: ${field.replaceAll(".", "\\.")}: the environment says .*: got`),
      ),
    ]);
  });

  test("a virtual IP on a worker", () => {
    const [first, ...rest] = vlans;
    const interfaces = [{ ...device, vlans: [{ ...first, vip: { ip: cluster.vip } }, ...rest] }];
    expect(judge(worker, (made) => Object.assign(made.main.machine.network, { interfaces }))).toHaveLength(1);
  });

  test("an API server of another version", () => {
    const apiServer = { image: "registry.k8s.io/kube-apiserver:v1.0.0" };
    expect(judge(controlPlane, (made) => Object.assign(made.main.cluster, { apiServer }))).toEqual([
      `${controlPlane.name}: cluster.apiServer.image: the environment says "registry.k8s.io/kube-apiserver:${versions.kubernetes}": got "registry.k8s.io/kube-apiserver:v1.0.0"`,
    ]);
  });
});

test("nothing but compared fields is ever shown", () => {
  const problems = machineFieldProblems(environment, worker, stringify({ machine: { token: "secret" } }));
  expect(problems.length).toBeGreaterThan(10);
  expect(problems.join("\n")).not.toContain("secret");
});
