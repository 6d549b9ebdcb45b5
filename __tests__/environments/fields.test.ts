import { describe, expect, test } from "vitest";
import { problems } from "./lab.ts";

/** The values that the field refuses, each with its rule. */
const REFUSED: readonly [path: string, rule: string, values: readonly unknown[]][] = [
  [
    "cluster.vip",
    "must be an IPv4 address in dotted form",
    ["10.1.10", "10.1.10.256", "010.1.10.5", "10.1.10.5/24", "ten", ""],
  ],
  [
    "cluster.vip",
    "must be an IPv4 address that a machine can have: not loopback, link-local, multicast or broadcast",
    ["0.0.0.0", "127.0.0.1", "169.254.1.1", "224.0.0.5", "255.255.255.255"],
  ],
  [
    "nodes.0.vlans.0.address",
    "must be an IPv4 address with a prefix length, e.g. 192.168.111.162/24",
    ["10.1.10.11", "10.1.10.11/33", "10.1.10.11/", "10.1.10.11/24/1", "10.1.10.11 /24"],
  ],
  [
    "cluster.subnet",
    "must be a subnet: its host bits must be zero, e.g. 192.168.111.0/24",
    ["10.1.10.1/24", "10.1.10.128/24"],
  ],
  [
    "nodes.0.mac",
    "must be a MAC address, e.g. 00:15:5d:00:cb:10",
    ["02:00:00:00:00", "02-00-00-00-00-11", "02:00:00:00:00:0g", "020000000011", ""],
  ],
  [
    "nodes.0.mac",
    "must be the MAC address of one machine: neither multicast nor all zero",
    ["ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "00:00:00:00:00:00"],
  ],
  [
    "nodes.0.interface",
    "must be a network interface name: lower case and digits, at most 15 characters",
    ["ETH0", "eth0.20", "e", "averyverylonginterface", "eth 0"],
  ],
  ["nodes.0.interface", "must be enx and the 12 digits of the MAC address", ["enx0015", "enx00155d00cb1g"]],
  [
    "nodes.0.installDisk",
    "must be a block device, e.g. /dev/nvme0n1",
    ["sda", "/dev", "/dev/", "/dev/../etc/passwd", "/dev//sda", "/etc/sda", "/dev/sda "],
  ],
  ["nodes.0.cpu", "must be a Kubernetes quantity, e.g. 500m or 16Gi", ["four", "4 cores", "", "4GB"]],
  ["nodes.0.cpu", "must be cores of CPU: more than 0, at most 1024", ["0", "-1", "1025", "4Gi"]],
  ["nodes.0.memory", "must be at least 1Gi, what Talos needs", ["16", "-16Gi", "512Mi", "0"]],
  ["nodes.0.memory", "must be a Kubernetes quantity, e.g. 500m or 16Gi", ["16GB", "16 Gi", "16gi"]],
  ["nodes.0.role", 'must be "controlplane" or "worker"', ["master", "Worker", ""]],
  ["nodes.0.vlans.0.id", "must be at least 1", [0, -1]],
  ["nodes.0.vlans.0.id", "must be at most 4094", [4095]],
  ["nodes.0.vlans.0.id", "must be a whole number", [1.5]],
  ["nodes.0.vlans.0.id", "must be a number", ["10"]],
  ["nodes.0.nameservers", "must have at least 1 element", [[]]],
  [
    "name",
    "must be a DNS label: lower case, digits and dashes, at most 63 characters",
    ["Lab", "la_b", "-lab", "lab-", "la.b", "l".repeat(64), ""],
  ],
  [
    "argocd.hostname",
    "must be a fully qualified host name, e.g. argocd.example.org",
    [
      "argocd",
      "argocd.",
      ".org",
      "Argocd.example.org",
      "argo_cd.example.org",
      "10.1.20.71",
      "a..b.org",
      "*.example.org",
    ],
  ],
  [
    "gitops.repository",
    "must be an http or https URL, without credentials, query or fragment",
    [
      "git@git.example.org:lab.git",
      "ftp://git.example.org",
      "https://",
      "git.example.org",
      "https://git.example.org/?a=b",
      "http://1",
      "https://git.example.org:99999/x",
    ],
  ],
  [
    "gitops.revision",
    "must be a Git branch, tag or commit",
    ["", "a..b", "a b", "-a", "/a", "a/", "a//b", "a.lock", "a/.b", "a~1", "a^", "a:b"],
  ],
  [
    "backup.tiers.0.schedule",
    "must be a cron schedule of five fields that comes at least once",
    ["daily", "@daily", "0 3 * *", "0 3 * * 7", "0 24 * * *", "0 0 30 2 *", "0 0 3 * * *"],
  ],
  ["backup.tiers.0.keepDays", "must be at least 1", [0]],
  ["backup.noncurrentDays", "must be at least 1", [0]],
  ["backup.lock.days", "must be at least 1", [0]],
  ["backup.copy.bucket", "must have at least 3 characters", ["ab"]],
  ["backup.volumes.bucket", "must have at least 3 characters", ["ab"]],
  ["backup.tiers.0.name", "must have at most 20 characters", ["a".repeat(21)]],
  ["backup.bucket", "must have at least 3 characters", ["ab"]],
  [
    "backup.image",
    "must be an image pinned by its sha256 digest",
    [
      "talos-backup:latest",
      "ghcr.io/siderolabs/talos-backup:v0.1.0",
      "ghcr.io/x/y@sha256:123",
      "ghcr.io/x/y@sha512:123",
    ],
  ],
  [
    "schematics.plain.extensions.0",
    "must be an official extension, siderolabs/<name>",
    ["iscsi-tools", "siderolabs/", "other/iscsi-tools", "siderolabs/iscsi-tools:v1"],
  ],
  ["backup.ageRecipients.0", "must be an age X25519 recipient, age1…", ["age1abc", "ssh-ed25519 AAAA", ""]],
  ["networkPolicy.mode", 'must be "off" or "audit" or "enforce"', ["on", true]],
  ["gitops.selfHeal", "must be true or false", ["true", 1, null]],
  ["nodes", "must be a list", [{}, "ada"]],
  ["cluster", "must be an object", [[], "lab", null]],
  ["state.credentials", 'must be "environment", or an accessKey and a secretKey', ["env", {}, null]],
];

describe.each(REFUSED)("%s: %s", (path, rule, values) => {
  test.each(values.map((value) => [value]))("%j", (value) => {
    const named = path.replace("nodes.0", "nodes.ada").replace("vlans.0.", "vlans.10.");
    const place = (line: string) => line.slice(0, line.indexOf(": must"));
    const [first = "", ...rest] = problems({ [path]: value }).filter((line) => line.includes(rule));
    expect(first).toContain(`: ${rule}: got `);
    expect(place(first).split(".").at(-1)).toBe(
      named
        .replace(/\.(\d+)$/, "[$1]")
        .split(".")
        .at(-1),
    );
    expect(rest).toEqual([]);
  });
});

test("a schematic with a malformed name", () => {
  expect(problems({ "schematics.Plain": { extensions: [] } })[0]).toBe(
    'schematics.Plain: must be a DNS label: lower case, digits and dashes, at most 63 characters: got "Plain"',
  );
});

test.each([
  ["nodes.0.installDisk", "/dev/disk/by-id/nvme-Samsung_SSD_980_S64:1"],
  ["nodes.0.cpu", "500m"],
  ["nodes.0.memory", "1.5Gi"],
  ["gitops.revision", "release/v1.2"],
  ["gitops.repository", "http://git.lab:3000/a/b"],
  ["backup.tiers.1.schedule", "0 0 * * mon-fri"],
  ["backup.image", `localhost:5000/talos-backup@sha256:${"a".repeat(64)}`],
  ["argocd.hostname", "a1.b-2.example.org"],
])("accepts %s = %s", (path, value) => {
  expect(problems({ [path]: value })).toEqual([]);
});
