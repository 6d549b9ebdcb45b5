/** A workstation and a cluster on which all is well, and the ways tests change it. */
import { X509Certificate } from "node:crypto";
import { stringify } from "yaml";
import type { CommandResult } from "../../../lib/core/process/command.ts";
import { Schematic } from "../../../lib/talos/schematic.ts";
import type { Probes } from "../../../operations/doctor/probes.ts";
import { etcdMembersText, etcdStatusText, type MemberRow, resourceText } from "../talos/talosctl-formats.ts";

export const NOW = Date.parse("2026-06-01T08:00:00Z");
export const DAY = 86_400_000;

/** Stands for whatever must never be shown. */
export const SECRET = "correct-horse-battery-staple";

/** A self-signed certificate without its key. */
const pem = `-----BEGIN CERTIFICATE-----
MIIBMjCB5aADAgECAhR77J7jFgAbonO+JXEyTB/y+QjO0zAFBgMrZXAwDzENMAsG
A1UEAwwEdGVzdDAeFw0yNjExMjMwNzE3NDBaFw0zNjExMjAwNzE3NDBaMA8xDTAL
BgNVBAMMBHRlc3QwKjAFBgMrZXADIQAcI1ICzPwsMpdsKpZg4OQZaiv8ZQlVEYot
QcbRHM/gs6NTMFEwHQYDVR0OBBYEFHDi9WU/TQNJfZpJnspnwU/X8UbYMB8GA1Ud
IwQYMBaAFHDi9WU/TQNJfZpJnspnwU/X8UbYMA8GA1UdEwEB/wQFMAMBAf8wBQYD
K2VwA0EASQO0oe11FVsLoZLeVqPCOIuXtRJo5XLT/t2eNCswMuMUEivSCuxaMauY
auz5CXma7vq2IJE0r2KamaAWX2mrBA==
-----END CERTIFICATE-----
`;

/** When that certificate ends. */
export const CERTIFICATE_END = Date.parse(new X509Certificate(pem).validTo);

const base64 = (text: string): string => Buffer.from(text).toString("base64");

export const talosconfig = (crt = pem, endpoints = ["10.1.10.11"]): string =>
  stringify({
    context: "lab-cluster",
    contexts: { "lab-cluster": { endpoints, ca: "", crt: base64(crt), key: SECRET } },
  });

export const kubeconfig = (crt = pem, server = "https://10.1.10.5:6443"): string =>
  stringify({
    "current-context": "admin",
    contexts: [{ name: "admin", context: { cluster: "lab", user: "admin" } }],
    clusters: [{ name: "lab", cluster: { server } }],
    users: [{ name: "admin", user: { "client-certificate-data": base64(crt), "client-key-data": SECRET } }],
  });

const answer = (stdout: unknown): CommandResult => ({
  code: 0,
  stdout: typeof stdout === "string" ? stdout : JSON.stringify(stdout),
  stderr: "",
  timedOut: false,
});

export const failure = (stderr: string): CommandResult => ({
  code: 1,
  stdout: SECRET,
  stderr,
  timedOut: false,
});

export const node = (
  name: string,
  change: { ready?: boolean; cordoned?: boolean; talos?: string; kubelet?: string } = {},
) => ({
  metadata: { name },
  spec: change.cordoned ? { unschedulable: true } : {},
  status: {
    allocatable: { memory: "8Gi" },
    conditions: [{ type: "Ready", status: change.ready === false ? "Unknown" : "True" }],
    nodeInfo: {
      kubeletVersion: change.kubelet ?? "v1.33.2",
      osImage: `Talos (${change.talos ?? "v1.12.4"})`,
    },
  },
});

export const pods = (...memory: string[]) => ({
  items: memory.map((value) => ({
    spec: { containers: [{ resources: { requests: { memory: value } } }, { resources: {} }] },
    status: { phase: "Running" },
  })),
});

/** Addresses of the lab's machines on the cluster VLAN, by name. */
const ADDRESSES: Readonly<Record<string, string>> = {
  ada: "10.1.10.11",
  bea: "10.1.10.12",
  cleo: "10.1.10.13",
  dora: "10.1.10.14",
};
export const MEMBERS = ["ada", "bea", "cleo"].map((hostname, index) => ({
  id: `a49c021e76e707d${index}`,
  hostname,
  address: ADDRESSES[hostname] ?? "",
}));

/** Patches that the lab writes for a machine; the configuration that it runs holds them among the rest. */
const PATCHES = ["machine:\n  install:\n    disk: /dev/sda\n  network:\n    nameservers: [10.1.20.1]\n"];
export const CONFIGURATION = `machine:
  type: controlplane
  token: ${SECRET}
  install: {disk: /dev/sda, wipe: false}
  network: {nameservers: [10.1.20.1]}
cluster: {secret: ${SECRET}}
`;

/** An answer of talosctl for the node that was asked. */
const asked = (make: (address: string) => string) => (args: readonly string[]) =>
  make(args[args.indexOf("--nodes") + 1] ?? "");

export const machine = {
  schematic: (id: string) =>
    asked((address) =>
      resourceText(address, "ExtensionStatuses.runtime.talos.dev", "0", {
        metadata: { name: "schematic", version: id },
      }),
    ),
  secureBoot: (on: boolean) =>
    asked((address) =>
      resourceText(address, "SecurityStates.talos.dev", "securitystate", { secureBoot: on }),
    ),
  configuration: (yaml: string) => asked((address) => JSON.stringify({ node: address, spec: yaml })),
};

/** etcd's status as its three members tell it; a change is of the first. */
export const etcdStatus = (change: Partial<MemberRow> = {}): string =>
  etcdStatusText(
    MEMBERS.map(({ id, address }, index) => ({
      node: address,
      member: id,
      leader: MEMBERS[0]?.id ?? "",
      ...(index === 0 && change),
    })),
  );

/** The members of etcd as every control plane sees them. */
export const etcdMembers = (members: readonly (typeof MEMBERS)[number][] = MEMBERS): string =>
  etcdMembersText(new Map(MEMBERS.map(({ address }) => [address, members])));

/** The answer of each command, by a part of its line. */
const COMMANDS: Readonly<Record<string, unknown>> = {
  "terraform version": { terraform_version: "1.11.4" },
  "tofu version": failure("ENOENT"),
  "talosctl version": "Client:\nTalos v1.12.4\n",
  "kubectl version": { clientVersion: { gitVersion: "v1.33.5" } },
  "age --version": "v1.2.0\n",
  "get nodes": { items: ["ada", "bea", "cleo", "dora"].map((name) => node(name)) },
  "get configmap": { data: { "policy-audit-mode": "false" } },
  ciliumclusterwide: { items: [{ metadata: { name: "platform-default-deny" } }] },
  "cronjob talos-backup-daily": { spec: {}, status: { lastSuccessfulTime: "2026-06-01T06:17:30Z" } },
  "cronjob talos-backup-weekly": { spec: {}, status: { lastSuccessfulTime: "2026-05-31T00:47:30Z" } },
  "get pods": pods("4Gi", "4Gi"),
  "get extensions": machine.schematic(Schematic.withExtensions(["siderolabs/iscsi-tools"]).id),
  "get securitystate": machine.secureBoot(false),
  "get machineconfig": machine.configuration(CONFIGURATION),
  "etcd alarm list": "",
  "etcd members": etcdMembers(),
  "etcd status": etcdStatus(),
};

export const world = (change: Partial<Probes> & { commands?: Record<string, unknown> } = {}): Probes => {
  const { commands = {}, ...probes } = change;
  const answers = { ...COMMANDS, ...commands };
  return {
    run: async (command, args) => {
      const line = [command, ...args].join(" ");
      const [, result] = Object.entries(answers).find(([part]) => line.includes(part)) ?? [];
      if (result === undefined) return failure("spawn ENOENT");
      if (typeof result === "function") return answer(result(args));
      return typeof result === "object" && result !== null && "timedOut" in result
        ? (result as CommandResult)
        : answer(result);
    },
    head: async () => ({ status: 403, serverTime: NOW, localTime: NOW }),
    certificate: async () => ({ name: "kube-apiserver", end: NOW + 200 * DAY }),
    connect: async () => {},
    readFile: (path) => ({ "/home/.talos/config": talosconfig(), "/home/.kube/config": kubeconfig() })[path],
    tryLock: async () => ({ write: 200, secondWrite: 412, deletion: 204 }),
    bucketSettings: async () => ({ versioning: true, objectLock: true }),
    machinePatches: async () => new Map(Object.keys(ADDRESSES).map((name) => [name, PATCHES])),
    variable: (name) => (name.startsWith("AWS_") ? SECRET : undefined),
    home: "/home",
    nodeVersion: "v20.20.2",
    now: () => NOW,
    ...probes,
  };
};
