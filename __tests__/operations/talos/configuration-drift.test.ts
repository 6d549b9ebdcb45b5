import { expect, test } from "vitest";
import { configurationDrift } from "../../../operations/talos/configuration-drift.ts";

const patches = [
  "machine:\n  install: {disk: /dev/sda}\n  nodeLabels: {node.kubernetes.io/excluded: {$patch: delete}}\n",
  "machine:\n  network:\n    interfaces:\n      - interface: eth0\n        dhcp: false\n        vlans:\n          - {vlanId: 111, addresses: [192.0.2.5/24]}\n",
  "apiVersion: v1alpha1\nkind: HostnameConfig\nauto: off\nhostname: ada\n",
];
const running = `machine:
  type: controlplane
  token: hidden
  install: {disk: /dev/sda, wipe: false, image: x}
  network: {interfaces: [{interface: eth0, dhcp: false, vlans: [{vlanId: 111, addresses: [192.0.2.5/24], mtu: 0}]}]}
cluster: {secret: hidden}
---
apiVersion: v1alpha1
kind: HostnameConfig
auto: off
hostname: ada
`;

test("a machine that runs what is written has no drift, whatever Talos generates beside it", () => {
  expect(configurationDrift(running, patches)).toEqual([]);
});

test("a later patch puts back what an earlier one deletes, changes its values; a duration is told in Go's words", () => {
  const laid = [
    "cluster: {apiServer: {admissionControl: [{name: PodSecurity, $patch: delete}]}}\nmachine: {sysctls: {a: '1'}}\n",
    "cluster: {apiServer: {admissionControl: [{name: PodSecurity}]}}\nmachine: {sysctls: {a: '2'}, time: {bootTimeout: 2m}}\n",
  ];
  const own = (timeout: string, control: string) =>
    `cluster: {apiServer: {admissionControl: [${control}]}}\nmachine: {sysctls: {a: '2'}, time: {bootTimeout: ${timeout}}}\n`;
  expect(configurationDrift(own("2m0s", "{name: PodSecurity}"), laid)).toEqual([]);
  expect(configurationDrift(own("2m1s", "{name: Other}"), laid)).toEqual([
    "cluster.apiServer.admissionControl[name=PodSecurity]: is missing",
    'machine.time.bootTimeout: must be "2m": got "2m1s"',
  ]);
  expect(configurationDrift(own("2m0s", "{name: PodSecurity}"), laid.slice(0, 1))).toEqual([
    "cluster.apiServer.admissionControl[name=PodSecurity]: must not be there",
    'machine.sysctls.a: must be "1": got "2"',
  ]);
});

test.each([
  [
    "a changed value",
    running.replace("/dev/sda", "/dev/sdb"),
    'machine.install.disk: must be "/dev/sda": got "/dev/sdb"',
  ],
  [
    "a changed element of a list",
    running.replace("192.0.2.5", "192.0.2.6"),
    'machine.network.interfaces[interface=eth0].vlans[vlanId=111].addresses: must hold "192.0.2.5/24"',
  ],
  [
    "a missing element",
    running.replace("vlanId: 111", "vlanId: 112"),
    "machine.network.interfaces[interface=eth0].vlans[vlanId=111]: is missing",
  ],
  [
    "what must not be there",
    running.replace("  type:", '  nodeLabels: {node.kubernetes.io/excluded: ""}\n  type:'),
    'machine.nodeLabels.node.kubernetes.io/excluded: must not be there: got ""',
  ],
  ["a missing document", running.slice(0, running.indexOf("---")), "document HostnameConfig: is missing"],
  [
    "another name in a document",
    running.replace("hostname: ada", "hostname: bea"),
    'HostnameConfig.hostname: must be "ada": got "bea"',
  ],
  [
    "a part that somebody patched in",
    running.replace("  type:", "  files: [{content: hidden, path: /x}]\n  type:"),
    "machine.files: is written by nobody here",
  ],
  [
    "a document that somebody patched in",
    `${running}---\napiVersion: v1alpha1\nkind: TrustedRootsConfig\nname: a\n`,
    "document TrustedRootsConfig: is written by nobody here",
  ],
])("%s is told, and no secret with it", (_, drifted, line) => {
  const lines = configurationDrift(drifted, patches);
  expect(lines).toEqual([line]);
  expect(lines.join()).not.toContain("hidden");
});
