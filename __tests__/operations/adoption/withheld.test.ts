import { describe, expect, test } from "vitest";
import { DIFFERENCE_NAMES, type DifferenceName } from "../../../environments/differences.ts";
import { cluster, node, patchesOf, synthCluster } from "../../lib/talos/clusters.ts";

const MACHINE: DifferenceName[] = DIFFERENCE_NAMES.filter(
  (name) => !["machine-configuration", "node-address", "image-schematic"].includes(name),
);
const adopted = (shape: "H" | "1109f65", withhold: readonly DifferenceName[]) =>
  cluster({
    adopted: {
      shape,
      talosContract: "v1.11.0",
      installImage: "factory.talos.dev/installer/abc:v1.11.5",
      kubernetesVersion: "v1.33.4",
      withhold,
    },
  });
const daphne = node("daphne", 162);
const daisy = node("daisy", 165, { role: "worker" });

const NETWORK = (name: string, octet: number, vip: object) => ({
  hostname: name,
  nameservers: ["192.168.208.70", "192.168.208.1"],
  interfaces: [
    {
      interface: "enp1s0",
      dhcp: false,
      addresses: [],
      vlans: [
        { vlanId: 111, addresses: [`192.168.111.${octet}/24`], routes: [], ...vip },
        {
          vlanId: 208,
          addresses: [`192.168.208.${octet}/24`],
          routes: [{ network: "0.0.0.0/0", gateway: "192.168.208.1" }],
        },
      ],
    },
  ],
});

describe("with every difference withheld, a machine has the patch that the brownfield gave it", () => {
  test.each([
    ["H", { extraArgs: { "node-ip": "192.168.111.162" } }],
    ["1109f65", {}],
  ] as const)("a control plane of %s", (shape, kubelet) => {
    const { machine, cluster: settings, hostname, documents } = patchesOf(adopted(shape, MACHINE), daphne);
    expect(documents).toHaveLength(2);
    expect(hostname).toBeUndefined();
    expect(machine.install).toEqual({ disk: "/dev/sda", image: "factory.talos.dev/installer/abc:v1.11.5" });
    expect(machine.network).toEqual(NETWORK("daphne", 162, { vip: { ip: "192.168.111.160" } }));
    expect(machine.kubelet).toEqual(kubelet);
    expect(machine).not.toHaveProperty("nodeLabels");
    expect(settings).toEqual({
      network: { podSubnets: ["10.244.0.0/16"], serviceSubnets: ["10.96.0.0/12"], cni: { name: "none" } },
      proxy: { disabled: true },
      apiServer: { certSANs: ["192.168.111.160"] },
    });
  });

  test("a worker", () => {
    const { machine, cluster: settings } = patchesOf(adopted("H", MACHINE), daisy);
    expect(machine.network).toEqual(NETWORK("daisy", 165, {}));
    expect(machine.kubelet).toEqual({ extraArgs: { "node-ip": "192.168.111.165" } });
    expect(settings).toEqual({
      network: { podSubnets: ["10.244.0.0/16"], serviceSubnets: ["10.96.0.0/12"] },
    });
  });
});

test("each difference touches what it names, and is there as soon as it is not withheld", () => {
  const all = JSON.stringify(synthCluster(adopted("H", [])));
  for (const name of DIFFERENCE_NAMES.slice(0, DIFFERENCE_NAMES.indexOf("cilium-release")))
    expect([name, JSON.stringify(synthCluster(adopted("H", [name]))) === all]).toEqual([name, false]);
  expect(all).toBe(JSON.stringify(synthCluster(cluster())));
});

test("contract and images of Kubernetes are those that run", () => {
  const stack = synthCluster(adopted("H", ["talos-contract", "kubernetes-version"]));
  expect(stack.data?.talos_machine_configuration?.node_daphne).toMatchObject({
    talos_version: "v1.11.0",
    kubernetes_version: "v1.33.4",
  });
});

test("an apply never goes out in a mode that restarts, whatever is withheld", () => {
  const { resource } = synthCluster(adopted("H", DIFFERENCE_NAMES));
  for (const apply of Object.values(resource?.talos_machine_configuration_apply ?? {})) {
    expect(apply.apply_mode).toBe("no_reboot");
    expect((apply.lifecycle as { ignore_changes: string[] }).ignore_changes).not.toContain("apply_mode");
  }
});
