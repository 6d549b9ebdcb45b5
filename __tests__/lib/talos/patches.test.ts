import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Subnet } from "../../../lib/core/values/subnet.ts";
import { POD_SECURITY } from "../../../lib/talos/api-server.ts";
import { clusterAddresses } from "../../../lib/talos/patches.ts";
import { cluster, clusters, IMAGE, node, patchesOf } from "./clusters.ts";

const daphne = node("daphne", 162);
const daisy = node("daisy", 165, { role: "worker" });

describe("every machine", () => {
  test.each([daphne, daisy])("$name: install disk and image", (machine) => {
    expect(patchesOf(cluster(), machine).machine.install).toEqual({ disk: "/dev/sda", image: IMAGE });
  });

  test.each([daphne, daisy])("$name: KubePrism and host DNS", (machine) => {
    expect(patchesOf(cluster(), machine).machine.features).toMatchObject({
      kubePrism: { enabled: true, port: 7445 },
      hostDNS: { enabled: true, forwardKubeDNSToHost: true },
    });
  });

  test.each([daphne, daisy])("$name: neither a CNI nor kube-proxy, and the cluster's subnets", (machine) => {
    expect(patchesOf(cluster(), machine).cluster).toMatchObject({
      network: { cni: { name: "none" }, podSubnets: ["10.244.0.0/16"], serviceSubnets: ["10.96.0.0/12"] },
      proxy: { disabled: true },
    });
  });

  test.each([daphne, daisy])("$name: its Kubernetes address lies in the cluster subnet", (machine) => {
    expect(patchesOf(cluster(), machine).machine.kubelet.nodeIP).toEqual({
      validSubnets: ["192.168.111.0/24"],
    });
  });
});

describe("time", () => {
  test("from the node's own gateway, and no machine waits for it for ever", () => {
    expect(patchesOf(cluster(), daisy).machine.time).toEqual({
      servers: ["192.168.208.1"],
      bootTimeout: "2m",
    });
  });

  test("from the servers that the environment names", () => {
    const told = cluster({ timeServers: ["192.0.2.1", "ntp.example.org"], bootTimeout: "90s" });
    expect(patchesOf(told, daphne).machine.time).toEqual({
      servers: ["192.0.2.1", "ntp.example.org"],
      bootTimeout: "90s",
    });
  });
});

describe("network", () => {
  test("one uplink without an address, a VLAN for each address, a default route where the gateway is", () => {
    expect(patchesOf(cluster(), daisy).machine.network).toEqual({
      nameservers: ["192.168.208.70", "192.168.208.1"],
      interfaces: [
        {
          interface: "enp1s0",
          dhcp: false,
          addresses: [],
          vlans: [
            { vlanId: 111, dhcp: false, addresses: ["192.168.111.165/24"], routes: [] },
            {
              vlanId: 208,
              dhcp: false,
              addresses: ["192.168.208.165/24"],
              routes: [{ network: "0.0.0.0/0", gateway: "192.168.208.1" }],
            },
          ],
        },
      ],
    });
  });

  test("the virtual IP is on the cluster VLAN of every control plane, and nowhere else", () => {
    fc.assert(
      fc.property(clusters, (props) => {
        for (const machine of props.nodes) {
          const [uplink] = patchesOf(props, machine).machine.network.interfaces;
          const holders = uplink?.vlans.filter(({ vip }) => vip !== undefined) ?? [];
          expect(holders.map(({ vlanId, vip }) => [vlanId, vip])).toEqual(
            machine.role === "controlplane" ? [[111, { ip: `${props.vip}` }]] : [],
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  test("a cluster address is found whatever the order of the VLANs", () => {
    const reversed = { ...daphne, vlans: daphne.vlans.toReversed() };
    expect(clusterAddresses(cluster(), reversed)).toEqual(["192.168.111.162"]);
    expect(clusterAddresses(cluster({ subnet: Subnet.parse("10.0.0.0/8") }), daphne)).toEqual([]);
  });
});

describe("name", () => {
  test.each(["v1.12.0", "v1.12.4", "v1.13.2"])("Talos %s has a document for it", (talosVersion) => {
    const { hostname, machine } = patchesOf(cluster({ talosVersion }), daphne);
    expect(hostname).toEqual({
      apiVersion: "v1alpha1",
      kind: "HostnameConfig",
      auto: "off",
      hostname: "daphne",
    });
    expect(machine.network ?? {}).not.toHaveProperty("hostname");
  });

  test.each(["v1.9.5", "v1.11.6"])("Talos %s has it in the main document", (talosVersion) => {
    const { hostname, machine } = patchesOf(cluster({ talosVersion }), daphne);
    expect(hostname).toBeUndefined();
    expect(machine.network.hostname).toBe("daphne");
  });
});

describe("control plane", () => {
  test("may give etcd snapshots to the backup's namespace, and nothing else to nobody else", () => {
    expect(patchesOf(cluster(), daphne).machine.features.kubernetesTalosAPIAccess).toEqual({
      enabled: true,
      allowedRoles: ["os:etcd:backup"],
      allowedKubernetesNamespaces: ["etcd-backup"],
    });
  });

  test("etcd talks on the cluster VLAN; the certificate names the virtual IP and no other machine", () => {
    const { etcd, apiServer } = patchesOf(cluster(), daphne).cluster;
    expect(etcd?.advertisedSubnets).toEqual(["192.168.111.0/24"]);
    expect(apiServer?.certSANs).toEqual(["192.168.111.160"]);
  });

  test("etcd answers for its metrics, on control planes alone", () => {
    const extraArgs = { "listen-metrics-urls": "http://0.0.0.0:2381" };
    expect(patchesOf(cluster(), daphne).cluster.etcd).toMatchObject({ extraArgs });
    expect(patchesOf(cluster(), daisy).cluster.etcd).toBeUndefined();
  });

  test("the generated Pod Security settings go before ours come, so that no exemption is there twice", () => {
    const { documents } = patchesOf(cluster(), daphne);
    expect(documents[0]).toEqual({
      cluster: { apiServer: { admissionControl: [{ name: "PodSecurity", $patch: "delete" }] } },
    });
    expect(documents[1].cluster.apiServer.admissionControl).toEqual([
      { name: "PodSecurity", configuration: POD_SECURITY },
    ]);
  });

  test("has an audit policy", () => {
    expect(patchesOf(cluster(), daphne).cluster.apiServer?.auditPolicy?.kind).toBe("Policy");
  });
});

test("a worker has nothing of a control plane", () => {
  const { documents, machine, cluster: settings } = patchesOf(cluster(), daisy);
  expect(documents).toHaveLength(3);
  expect(machine.features).not.toHaveProperty("kubernetesTalosAPIAccess");
  expect(machine).not.toHaveProperty("nodeLabels");
  expect(Object.keys(settings).toSorted()).toEqual(["network", "proxy"]);
});

describe("converged", () => {
  const { machine, cluster: settings } = patchesOf(cluster({ controlPlane: "converged" }), daphne);

  test("workloads are let in, and load balancers with them", () => {
    expect(settings.allowSchedulingOnControlPlanes).toBe(true);
    expect(machine.nodeLabels).toEqual({
      "node.kubernetes.io/exclude-from-external-load-balancers": { $patch: "delete" },
    });
  });

  test("the kubelet holds back for Talos, etcd and itself, and restates every default that it would lose", () => {
    expect(machine.kubelet.extraConfig).toEqual({
      enforceNodeAllocatable: ["pods"],
      systemReserved: { cpu: "500m", memory: "1Gi", "ephemeral-storage": "256Mi", pid: "100" },
      kubeReserved: { cpu: "200m", memory: "512Mi" },
      evictionHard: {
        "memory.available": "512Mi",
        "nodefs.available": "10%",
        "nodefs.inodesFree": "5%",
        "imagefs.available": "15%",
        "imagefs.inodesFree": "5%",
      },
    });
  });

  test("the API server asks for more", () => {
    expect(settings.apiServer?.resources?.requests).toEqual({ cpu: "500m", memory: "1Gi" });
    expect(settings.controllerManager?.resources.requests).toEqual({ cpu: "50m", memory: "256Mi" });
    expect(settings.scheduler?.resources.requests).toEqual({ cpu: "10m", memory: "64Mi" });
  });
});

describe("dedicated", () => {
  const { machine, cluster: settings } = patchesOf(cluster({ controlPlane: "dedicated" }), daphne);

  test("Talos keeps its taint and its label", () => {
    expect(settings.allowSchedulingOnControlPlanes).toBe(false);
    expect(machine).not.toHaveProperty("nodeLabels");
  });

  test("less is held back", () => {
    expect(machine.kubelet.extraConfig).toMatchObject({
      systemReserved: { cpu: "250m", memory: "768Mi" },
      evictionHard: { "memory.available": "256Mi" },
    });
    expect(settings.apiServer?.resources?.requests).toEqual({ cpu: "200m", memory: "512Mi" });
  });
});
