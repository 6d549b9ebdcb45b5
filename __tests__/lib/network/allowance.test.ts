import { expect, test } from "vitest";
import { Allowance, type Route } from "../../../lib/network/allowance.ts";
import { Peer } from "../../../lib/network/peer.ts";
import { Port } from "../../../lib/network/port.ts";

const web = Peer.workload("web", { app: "web" });
const db = Peer.workload("db", { app: "db" });
const webSelector = { matchLabels: { "k8s:io.kubernetes.pod.namespace": "web", "k8s:app": "web" } };
const dbSelector = { matchLabels: { "k8s:io.kubernetes.pod.namespace": "db", "k8s:app": "db" } };

const specsOf = (...routes: Route[]) =>
  new Allowance({ name: "flow", why: "Because.", routes }).policy().specs;

test("opens both sides between pods and turns default deny on for neither", () => {
  const open = { description: "Because.", enableDefaultDeny: { ingress: false, egress: false } };
  const toPorts = [{ ports: [{ port: "5432", protocol: "TCP" }] }];
  expect(specsOf({ from: web, to: db, ports: [Port.tcp(5432)] })).toEqual([
    { ...open, endpointSelector: webSelector, egress: [{ toEndpoints: [dbSelector], toPorts }] },
    { ...open, endpointSelector: dbSelector, ingress: [{ fromEndpoints: [webSelector], toPorts }] },
  ]);
});

test("entities have one side only", () => {
  const ingress = specsOf({ from: Peer.entities("world"), to: web, ports: [Port.tcp(80)] });
  expect(ingress).toHaveLength(1);
  expect(ingress?.[0]).toMatchObject({
    endpointSelector: webSelector,
    ingress: [{ fromEntities: ["world"] }],
  });
  const egress = specsOf({ from: web, to: Peer.entities("kube-apiserver"), ports: [Port.tcp(6443)] });
  expect(egress).toHaveLength(1);
  expect(egress?.[0]).toMatchObject({
    endpointSelector: webSelector,
    egress: [{ toEntities: ["kube-apiserver"] }],
  });
});

test("a CIDR keeps its exceptions", () => {
  const specs = specsOf({ from: web, to: Peer.cidr("10.0.0.0/8", ["10.1.0.0/16"]), ports: [Port.tcp(80)] });
  expect(specs?.[0]?.egress?.[0]?.toCIDRSet).toEqual([{ cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] }]);
});

test("a name comes with a view of the DNS answers, without which it never resolves", () => {
  const specs = specsOf({ from: web, to: Peer.fqdn("example.org"), ports: [Port.tcp(443)] });
  expect(specs?.[0]?.egress).toMatchObject([
    { toFQDNs: [{ matchName: "example.org" }] },
    {
      toPorts: [
        {
          ports: [
            { port: "53", protocol: "UDP" },
            { port: "53", protocol: "TCP" },
          ],
          rules: { dns: [{ matchPattern: "*" }] },
        },
      ],
    },
  ]);
});

test("ICMP goes into a rule of its own", () => {
  const specs = specsOf({ from: web, to: db, ports: [Port.tcp(80), Port.ping()] });
  expect(specs?.[1]?.ingress).toEqual([
    { fromEndpoints: [webSelector], toPorts: [{ ports: [{ port: "80", protocol: "TCP" }] }] },
    { fromEndpoints: [webSelector], icmps: [{ fields: [{ family: "IPv4", type: 8 }] }] },
  ]);
});

test("the object passes Cilium's schema", () => {
  const routes = [
    { from: web, to: db, ports: [Port.tcp(1, 65535), Port.ping()] },
    { from: web, to: Peer.fqdn("example.org"), ports: [Port.udp(53)] },
    { from: Peer.cidr("192.0.2.0/24"), to: Peer.health(), ports: [Port.tcp(4240)] },
    { from: Peer.everyPod(), to: Peer.namespace("db"), ports: [Port.tcp(1)] },
  ];
  expect(() =>
    new Allowance({ name: "all-forms", why: "Because.", routes }).policy().validate(),
  ).not.toThrow();
});

test("refuses all that is wrong at once", () => {
  const make = () =>
    specsOf(
      { from: web, to: db, ports: [] },
      { from: Peer.entities("world"), to: Peer.entities("host"), ports: [Port.tcp(80)] },
      { from: Peer.fqdn("example.org"), to: web, ports: [Port.tcp(80)] },
    );
  expect(make).toThrow("allowance flow: web/web → db/db: ports: must not be empty");
  expect(make).toThrow("allowance flow: world → host: one end must be pods");
  expect(make).toThrow("allowance flow: example.org → web/web: a name can only be a destination");
  expect(() => specsOf()).toThrow("allowance flow: routes: must not be empty");
});
