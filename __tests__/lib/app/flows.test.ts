import { expect, test } from "vitest";
import { appAllowance, outsidePeer } from "../../../lib/app/allowances.ts";
import { catalogueOf } from "../../../lib/app/catalogue.ts";
import type { AppDeclaration } from "../../../lib/app/declaration.ts";
import { metrics } from "../../../lib/app/link-ends.ts";
import {
  egressTo,
  egressToInternet,
  exposedBy,
  loadBalancer,
  reachesNodes,
  scrapedBy,
  talksToItself,
  uses,
  usesKubernetesApi,
} from "../../../lib/app/links.ts";
import { Port } from "../../../lib/network/port.ts";
import { environment, imageApp } from "./lab.ts";

/** The routes of an app as text: from → to on ports. */
const flows = (declaration: AppDeclaration, others: readonly AppDeclaration[] = []): string[] => {
  const { apps } = catalogueOf([declaration, ...others], environment());
  const app = apps.get(declaration);
  if (!app) throw new Error("does not live here");
  return (appAllowance(app, apps)?.routes ?? []).map(
    ({ from, to, ports }) => `${from.label} → ${to.label} ${ports.join(" ")}`,
  );
};

const silent = { host: undefined, environments: ["prod"] };
const db = imageApp({ ...silent, port: 5432 }, "db");
const onNode = { privileges: { why: "It speaks multicast.", hostNetwork: true } };

test("a host lets the gateway in, and nobody else", () => {
  expect(flows(imageApp())).toEqual(["traefik/traefik → web/web 8080/TCP"]);
});

test.each([
  ["uses", [uses(db)], "web/web → db/db 5432/TCP"],
  ["uses on a port", [uses(db, Port.udp(53))], "web/web → db/db 53/UDP"],
  ["egress", [egressTo("api.example.org")], "web/web → api.example.org 443/TCP"],
  ["egress to an address", [egressTo("192.0.2.1", Port.tcp(25))], "web/web → 192.0.2.1/32 25/TCP"],
  ["the internet", [egressToInternet()], "web/web → 0.0.0.0/0 80/TCP 443/TCP"],
  ["metrics", [scrapedBy(metrics, 9090)], "monitoring/vmagent → web/web 9090/TCP"],
  ["the API", [usesKubernetesApi()], "web/web → kube-apiserver 6443/TCP"],
  ["nodes", [reachesNodes(Port.tcp(10250))], "web/web → host+remote-node 10250/TCP"],
  ["itself", [talksToItself(Port.tcp(6379))], "web/web → web/web 6379/TCP"],
  [
    "a load balancer",
    [exposedBy(loadBalancer({ prod: "192.0.2.72" }), Port.udp(53))],
    "world+remote-node+host → web/web 53/UDP",
  ],
])("%s", (_, network, flow) => {
  expect(flows(imageApp({ ...silent, network }), [db])).toEqual([flow]);
});

test("an app on the node's network is the node to those that talk to it, and decides nothing itself", () => {
  const network = [egressTo("api.example.org"), uses(db), usesKubernetesApi()];
  expect(flows(imageApp({ ...onNode, network }), [db])).toEqual([
    "traefik/traefik → host+remote-node 8080/TCP",
    "host+remote-node → db/db 5432/TCP",
  ]);
});

test("an app may be every pod of its namespace", () => {
  const network = [usesKubernetesApi()];
  expect(flows(imageApp({ ...silent, pods: "namespace", network }))).toEqual([
    "web/* → kube-apiserver 6443/TCP",
  ]);
});

test("without flows there is no policy", () => {
  expect(flows(imageApp(silent))).toEqual([]);
});

test.each(["*.example.org", "Example.org", "localhost", "300.0.0.1", "10.0.0.0/40", ""])(
  "%j is nobody outside",
  (text) => {
    expect(() => outsidePeer(text)).toThrow();
  },
);
