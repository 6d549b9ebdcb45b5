import { expect, test } from "vitest";
import { parseEnvironments } from "../../../environments/schema.ts";
import { type Changes, changed, lab, linesOf, type Refusal, TODAY } from "../lab.ts";

/** The lab's neighbour: the same network, nothing in common. */
const annex = () => {
  const nodes = lab().nodes.map((node, index) => {
    const host = 31 + index;
    return {
      ...node,
      name: `annex-${node.name}`,
      mac: `02:00:00:00:00:${host}`,
      maintenanceAddress: `192.168.0.${host}`,
      vlans: [
        { id: 10, address: `10.1.10.${host}/24` },
        { id: 30, address: `10.1.30.${host}/24`, gateway: "10.1.30.1" },
      ],
      nameservers: ["10.1.30.2"],
    };
  });
  return changed(lab(), {
    name: "annex",
    nodes,
    "cluster.name": "annex-cluster",
    "cluster.vip": "10.1.10.6",
    "cluster.bootstrapNode": "annex-ada",
    loadBalancer: {
      vlan: 30,
      static: { start: "10.1.30.70", stop: "10.1.30.79" },
      automatic: { start: "10.1.30.80", stop: "10.1.30.89" },
      interfaces: ["\\.30$"],
    },
    "argocd.address": "10.1.30.71",
    "argocd.hostname": "argocd.annex.example.org",
    "backup.bucket": "annex-backup",
    "backup.copy.bucket": "annex-copy",
    "backup.volumes.bucket": "annex-volumes",
    "state.bucket": "annex-state",
  });
};

/** The annex on the lab's services VLAN. */
const onOneVlan: Changes = {
  ...Object.fromEntries(
    [0, 1, 2, 3].flatMap((index) => [
      [`nodes.${index}.vlans.1`, { id: 20, address: `10.1.20.${31 + index}/24`, gateway: "10.1.20.1" }],
      [`nodes.${index}.nameservers`, ["10.1.20.2"]],
    ]),
  ),
  loadBalancer: {
    vlan: 20,
    static: { start: "10.1.20.170", stop: "10.1.20.179" },
    automatic: { start: "10.1.20.180", stop: "10.1.20.189" },
    interfaces: ["\\.20$"],
  },
  "argocd.address": "10.1.20.171",
};

const lines = (changes: Changes): string[] =>
  linesOf(() => parseEnvironments([lab(), changed(annex(), changes)], { today: TODAY }));

test("neighbours that share nothing are accepted", () => {
  expect(lines({})).toEqual([]);
  expect(lines(onOneVlan)).toEqual([]);
});

test.each<Refusal>([
  [
    "one cluster name",
    { "cluster.name": "lab-cluster" },
    [
      'annex.cluster.name: must not be shared between environments: lab.cluster.name is the same cluster name: got "lab-cluster"',
    ],
  ],
  [
    "one VLAN address",
    { "nodes.0.vlans.0.address": "10.1.10.11/24" },
    [
      'annex.nodes.annex-ada.vlans.10.address: must not be shared between environments: lab.nodes.ada.vlans.10.address is the same address: got "10.1.10.11"',
    ],
  ],
  [
    "one maintenance address",
    { "nodes.0.maintenanceAddress": "192.168.0.11" },
    [
      'annex.nodes.annex-ada.maintenanceAddress: must not be shared between environments: lab.nodes.ada.maintenanceAddress is the same address: got "192.168.0.11"',
    ],
  ],
  [
    "one MAC address, whatever its case",
    { "nodes.0.mac": "02:00:00:00:00:11" },
    [
      'annex.nodes.annex-ada.mac: must not be shared between environments: lab.nodes.ada.mac is the same MAC address: got "02:00:00:00:00:11"',
    ],
  ],
  [
    "one virtual IP",
    { "cluster.vip": "10.1.10.5" },
    [
      'annex.cluster.vip: must not be shared between environments: lab.cluster.vip is the same address: got "10.1.10.5"',
    ],
  ],
  [
    "a virtual IP that is a node there",
    { "cluster.vip": "10.1.10.11" },
    [
      'annex.cluster.vip: must not be shared between environments: lab.nodes.ada.vlans.10.address is the same address: got "10.1.10.11"',
    ],
  ],
  [
    "one state bucket",
    { "state.bucket": "lab-state", "state.endpoint": "http://minio.example.org:9000/" },
    [
      'annex.state.bucket: must not be shared between environments: lab.state.bucket is the same bucket: got "lab-state"',
    ],
  ],
  [
    "one backup bucket",
    { "backup.bucket": "lab-backup" },
    [
      'annex.backup.bucket: must not be shared between environments: lab.backup.bucket is the same bucket: got "lab-backup"',
    ],
  ],
  [
    "backups into the state there",
    { "backup.bucket": "lab-state" },
    [
      'annex.backup.bucket: must not be shared between environments: lab.state.bucket is the same bucket: got "lab-state"',
    ],
  ],
  [
    "one host name",
    { "argocd.hostname": "argocd.lab.example.org" },
    [
      'annex.argocd.hostname: must not be shared between environments: lab.argocd.hostname is the same host name: got "argocd.lab.example.org"',
    ],
  ],
  [
    "one load-balancer range and ArgoCD address",
    { ...onOneVlan, loadBalancer: lab().loadBalancer, "argocd.address": "10.1.20.71" },
    [
      'annex.argocd.address: must not be shared between environments: lab.argocd.address is the same address: got "10.1.20.71"',
      'annex.loadBalancer.static: must not overlap lab.loadBalancer.static, 10.1.20.70-10.1.20.79: got "10.1.20.70-10.1.20.79"',
      'annex.loadBalancer.automatic: must not overlap lab.loadBalancer.automatic, 10.1.20.80-10.1.20.89: got "10.1.20.80-10.1.20.89"',
    ],
  ],
  [
    "a node in a range there",
    { ...onOneVlan, "nodes.0.vlans.1.address": "10.1.20.75/24" },
    [
      'annex.nodes.annex-ada.vlans.20.address: must lie outside of lab.loadBalancer.static, 10.1.20.70-10.1.20.79: got "10.1.20.75"',
    ],
  ],
  [
    "a range that holds a node there",
    { ...onOneVlan, "loadBalancer.automatic": { start: "10.1.20.14", stop: "10.1.20.20" } },
    [
      'lab.nodes.dora.vlans.20.address: must lie outside of annex.loadBalancer.automatic, 10.1.20.14-10.1.20.20: got "10.1.20.14"',
    ],
  ],
  [
    "a node that is the gateway there",
    { "nodes.0.maintenanceAddress": "10.1.20.1" },
    [
      'annex.nodes.annex-ada.maintenanceAddress: must not be a gateway, lab.nodes.ada.vlans.20.gateway: got "10.1.20.1"',
    ],
  ],
])("refuses %s", (_, changes, expected) => {
  expect(lines(changes)).toEqual(expected);
});

test("the same bucket name on another server is another bucket", () => {
  expect(lines({ "state.bucket": "lab-state", "state.endpoint": "http://other.example.org:9000" })).toEqual(
    [],
  );
});

test("two environments of one name are told apart by their positions", () => {
  expect(lines({ name: "lab" })).toEqual([
    'lab[1].name: must not be shared between environments: lab[0].name is the same name: got "lab"',
  ]);
});

test("problems of each and problems between come together", () => {
  expect(lines({ "nodes.0.cpu": "many", "cluster.vip": "10.1.10.5", "backup.region": "" })).toEqual([
    'annex.nodes.annex-ada.cpu: must be a Kubernetes quantity, e.g. 500m or 16Gi: got "many"',
    'annex.backup.region: must be a region, e.g. us-east-1: got ""',
    'annex.cluster.vip: must not be shared between environments: lab.cluster.vip is the same address: got "10.1.10.5"',
  ]);
});

test("the third is held against the first", () => {
  const third = changed(annex(), { name: "third", "cluster.name": "third-cluster" });
  const found = linesOf(() => parseEnvironments([lab(), changed(annex(), {}), third], { today: TODAY }));
  expect(found.length).toBeGreaterThan(0);
  expect(found.every((line) => line.startsWith("third."))).toBe(true);
});
