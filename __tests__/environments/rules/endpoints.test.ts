import { expect, test } from "vitest";
import { lab, problems, type Refusal } from "../lab.ts";

const { cluster, loadBalancer, namespaces, argocd, edge } = lab();
const firstOf = (subnet: string): string => subnet.replace(/\.\d+\/\d+$/, ".9");

test.each<[host: string, what: string]>([
  [firstOf(cluster.podSubnet), `an address of pods, cluster.podSubnet ${cluster.podSubnet}`],
  [firstOf(cluster.serviceSubnet), `an address of Services, cluster.serviceSubnet ${cluster.serviceSubnet}`],
  [cluster.vip, "the address of a node, the virtual IP or a load balancer"],
  [loadBalancer.automatic.stop, "the address of a node, the virtual IP or a load balancer"],
  ["minio.velero.svc", "a name of the cluster's DNS"],
  ["minio.velero.svc.cluster.local", "a name of the cluster's DNS"],
  [`minio.${namespaces[0]?.name}`, `the name of a Service in ${namespaces[0]?.name}`],
  [argocd.hostname, "ArgoCD's own name"],
])("state, backup, secrets and time are not asked of the cluster itself: %s", (host, what) => {
  const refusal = (path: string) =>
    `${path}: must be answered while the cluster is down, and is ${what}: got "${host}"`;
  const url = `http://${host}:9000`;
  for (const path of ["state.endpoint", "backup.endpoint"])
    expect(problems({ [path]: url })).toContain(refusal(path));
  const store = { kind: "infisical", server: url, project: "lab", environment: "lab", resyncSeconds: 60 };
  expect(problems({ secretStore: store })).toContain(refusal("secretStore.server"));
  expect(problems({ timeServers: [host] })).toContain(refusal("timeServers[0]"));
});

test("a name as apps have it needs an accepted risk; one deeper or elsewhere does not", () => {
  const host = `s3.${edge.domain}`;
  expect(problems({ "state.endpoint": `http://${host}:9000` })).toEqual([
    `state.endpoint: must not be a name as apps have it, directly below edge.domain ${edge.domain}: the cluster's own routes answer those: got "${host}" (the accepted risk endpoint-${host} would silence this)`,
  ]);
  expect(problems({ "state.endpoint": `http://nas.internal.${edge.domain}:9000` })).toEqual([]);
});

test.each<Refusal>([
  [
    "an address for a name that nothing has",
    { nas: { host: "nas.example.org", address: "192.0.2.9" } },
    ['nas.host: must be the host of an endpoint of state, backup or secrets: got "nas.example.org"'],
  ],
  [
    "a storage class of an extension that the factory does not know",
    { "storageClasses.0.extension": "siderolabs/nfs-util" },
    [
      `storageClasses.${lab().storageClasses[0]?.name}.extension: must be an extension that the Image Factory has for this Talos; did you mean siderolabs/nfs-utils?: got "siderolabs/nfs-util"`,
    ],
  ],
])("%s", (_, changes, expected) => {
  expect(problems(changes)).toEqual(expected);
});
