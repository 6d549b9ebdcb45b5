import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { vlanInterfaceName } from "../../../environments/interfaces.ts";
import { InterfaceAddress } from "../../../lib/core/values/interface-address.ts";
import { Ipv4Address } from "../../../lib/core/values/ipv4-address.ts";
import { inDocuments, inOneForm } from "../../../lib/talos/documents.ts";
import { machineConfigurationPatches, talosContract } from "../../../lib/talos/patches.ts";
import { configurationDrift } from "../../../operations/talos/configuration-drift.ts";
import { cluster, IMAGE, node } from "./clusters.ts";

const flatVlan = {
  id: null,
  address: InterfaceAddress.parse("192.168.111.162/24"),
  gateway: Ipv4Address.parse("192.168.111.1"),
};

const daphne = node("daphne", 162);
const daisy = node("daisy", 165, { role: "worker" });
const flat = node("daphne", 162, { vlans: [flatVlan] });
const longName = node("daphne", 162, { interface: "enx00155d00cb10" });

const patches = (talosVersion: string, machine = daphne): string[] =>
  machineConfigurationPatches(cluster({ talosVersion }))(machine, IMAGE);
const documents = (talosVersion: string, machine = daphne) =>
  patches(talosVersion, machine)
    .map((text) => parse(text))
    .filter(({ kind }) => kind !== undefined)
    .map(({ apiVersion: _, ...each }) => each);
const kinds = (talosVersion: string, machine = daphne) =>
  documents(talosVersion, machine).map(({ kind, name }) => (name === undefined ? kind : `${kind} ${name}`));

/** Without the cluster's part, which one text must hold to be a machine's. */
const ofMachine = (talosVersion: string, machine: typeof daphne): string[] =>
  patches(talosVersion, machine).filter((text) => !text.startsWith("cluster:"));

const LATER = ["v1.13.0", "v1.13.9", "v1.14.1"];

describe.each(LATER)("Talos %s", (version) => {
  test("network and time are documents, and the main document has neither", () => {
    expect(documents(version)).toEqual([
      { kind: "HostnameConfig", auto: "off", hostname: "daphne" },
      { kind: "LinkConfig", name: "enp1s0", up: true },
      {
        kind: "VLANConfig",
        name: "enp1s0.111",
        vlanID: 111,
        parent: "enp1s0",
        up: true,
        addresses: [{ address: "192.168.111.162/24" }],
      },
      { kind: "Layer2VIPConfig", name: "192.168.111.160", link: "enp1s0.111" },
      {
        kind: "VLANConfig",
        name: "enp1s0.208",
        vlanID: 208,
        parent: "enp1s0",
        up: true,
        addresses: [{ address: "192.168.208.162/24" }],
        routes: [{ gateway: "192.168.208.1" }],
      },
      {
        kind: "ResolverConfig",
        nameservers: [{ address: "192.168.208.70" }, { address: "192.168.208.1" }],
      },
      { kind: "TimeSyncConfig", bootTimeout: "2m", ntp: { servers: ["192.168.208.1"] } },
    ]);
    const main = patches(version)
      .map((text) => parse(text))
      .find(({ machine }) => machine).machine;
    expect(Object.keys(main).toSorted()).toEqual(["features", "install", "kubelet", "nodeLabels"]);
  });

  test("a worker has no virtual IP", () => {
    expect(kinds(version, daisy).filter((kind) => kind.startsWith("Layer2VIP"))).toEqual([]);
  });

  test("a network without tags: addresses, route and virtual IP are on the uplink", () => {
    expect(documents(version, flat)).toEqual(
      expect.arrayContaining([
        {
          kind: "LinkConfig",
          name: "enp1s0",
          up: true,
          addresses: [{ address: "192.168.111.162/24" }],
          routes: [{ gateway: "192.168.111.1" }],
        },
        { kind: "Layer2VIPConfig", name: "192.168.111.160", link: "enp1s0" },
      ]),
    );
    expect(kinds(version, flat).filter((kind) => kind.startsWith("VLAN"))).toEqual([]);
  });

  test("a VLAN of an uplink with a long name has the name that Talos gives it", () => {
    expect(kinds(version, longName)).toContain(`VLANConfig ${vlanInterfaceName("enx00155d00cb10", 111)}`);
  });

  test.each([daisy, { ...flat, role: "worker" as const }])(
    "the older form of a machine is no drift",
    (machine) => {
      const [older, newer] = [ofMachine("v1.12.4", machine), ofMachine(version, machine)];
      expect(configurationDrift(older.join("---\n"), newer)).toEqual([]);
      expect(configurationDrift(newer.join("---\n"), older)).toEqual([]);
    },
  );

  test("another address in the older form is drift", () => {
    const older = ofMachine("v1.12.4", daisy)
      .join("---\n")
      .replace("192.168.208.165/24", "192.168.208.99/24");
    expect(configurationDrift(older, ofMachine(version, daisy))).toEqual([
      "VLANConfig[enp1s0.208].addresses[address=192.168.208.165/24]: is missing",
    ]);
  });
});

test("Talos 1.12 keeps the older form", () => {
  expect(kinds("v1.12.4")).toEqual(["HostnameConfig"]);
});

test("a configuration for Talos 1.14 is generated for the contract that the provider knows", () => {
  expect(
    ["v1.12.4", "v1.13.9", "v1.14.1"].map((talosVersion) => talosContract(cluster({ talosVersion }))),
  ).toEqual(["v1.12.4", "v1.13.9", "v1.13.0"]);
});

describe("reading", () => {
  test("a client for DHCP, a name and encryption have documents too", () => {
    const encryption = { provider: "luks2", keys: [{ slot: 0, tpm: {} }] };
    expect(
      inDocuments([
        {
          machine: {
            network: { hostname: "ada", interfaces: [{ interface: "eth0", dhcp: true, mtu: 9000 }] },
            systemDiskEncryption: { ephemeral: encryption },
          },
        },
      ]),
    ).toEqual([
      { machine: {} },
      { apiVersion: "v1alpha1", kind: "HostnameConfig", auto: "off", hostname: "ada" },
      { apiVersion: "v1alpha1", kind: "LinkConfig", name: "eth0", up: true, mtu: 9000 },
      { apiVersion: "v1alpha1", kind: "DHCPv4Config", name: "eth0" },
      { apiVersion: "v1alpha1", kind: "VolumeConfig", name: "EPHEMERAL", encryption },
    ]);
  });

  test("what has no document here stays: a bond, a device by selector, other settings", () => {
    const network = {
      extraHostEntries: [{ ip: "192.0.2.1", aliases: ["nas"] }],
      interfaces: [
        { interface: "bond0", bond: { interfaces: ["eth0", "eth1"] }, addresses: ["192.0.2.5/24"] },
        { deviceSelector: { physical: true }, dhcp: true },
      ],
    };
    expect(inDocuments([{ machine: { network } }])).toEqual([{ machine: { network } }]);
  });

  test("two configurations of one form are left as they are", () => {
    const main = { machine: { time: { servers: ["192.0.2.1"] } } };
    expect(inOneForm([main], [main])).toEqual([[main], [main]]);
  });

  test("a duration as Go writes it is the same duration", () => {
    const running = stringify({ machine: { time: { bootTimeout: "2m0s" } } });
    expect(configurationDrift(running, [stringify({ machine: { time: { bootTimeout: "2m" } } })])).toEqual(
      [],
    );
    expect(
      configurationDrift(running, [stringify({ machine: { time: { bootTimeout: "90s" } } })]),
    ).toHaveLength(1);
  });
});
