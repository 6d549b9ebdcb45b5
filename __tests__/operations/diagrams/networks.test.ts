import { expect, test } from "vitest";
import type { Environment, Vlan } from "../../../environments/schema.ts";
import { InterfaceAddress } from "../../../lib/core/values/interface-address.ts";
import { Ipv4Address } from "../../../lib/core/values/ipv4-address.ts";
import { Ipv4Range } from "../../../lib/core/values/ipv4-range.ts";
import { networkDiagram } from "../../../operations/diagrams/network-diagram.ts";
import { networksOf } from "../../../operations/diagrams/networks.ts";
import { areas, classes, readDrawing, visibleText } from "./drawing.ts";
import { devEnvironment } from "./environments.ts";

const withVlans = (vlans: Vlan[], change: Partial<Environment> = {}): Environment => {
  const environment = devEnvironment();
  return {
    ...environment,
    nodes: environment.nodes.map((node) => (node.name === "daisy" ? { ...node, vlans } : node)),
    ...change,
  };
};

const vlan = (id: number, address: string): Vlan => ({ id, address: InterfaceAddress.parse(address) });
const cluster = vlan(111, "192.168.111.165/24");
const services = { ...vlan(208, "192.168.208.165/24"), gateway: Ipv4Address.parse("192.168.208.1") };

test("the cluster's VLAN comes first, then the services', then the others by id", () => {
  const networks = networksOf(
    withVlans([vlan(300, "10.3.0.2/16"), services, vlan(5, "10.5.0.2/24"), cluster]),
  );
  expect(JSON.parse(JSON.stringify(networks))).toEqual([
    { id: 111, roles: ["cluster"], subnets: ["192.168.111.0/24"], gateways: [] },
    { id: 208, roles: ["services"], subnets: ["192.168.208.0/24"], gateways: ["192.168.208.1"] },
    { id: 5, roles: [], subnets: ["10.5.0.0/24"], gateways: [] },
    { id: 300, roles: [], subnets: ["10.3.0.0/16"], gateways: [] },
  ]);
});

test("one VLAN may serve both; one without machines stays in the picture", () => {
  const { loadBalancer } = devEnvironment();
  const both = networksOf(withVlans([cluster], { loadBalancer: { ...loadBalancer, vlan: 111 } }));
  expect(both.map(({ id, roles }) => [id, roles])).toEqual([
    [111, ["cluster", "services"]],
    [208, []],
  ]);
  const empty = networksOf(withVlans([cluster], { loadBalancer: { ...loadBalancer, vlan: 400 } }));
  expect(empty[1]).toEqual({ id: 400, roles: ["services"], subnets: [], gateways: [] });
});

test("every gateway of a VLAN is shown", () => {
  const shown = visibleText(
    readDrawing(
      networkDiagram(withVlans([cluster, { ...services, gateway: Ipv4Address.parse("192.168.208.2") }])),
    ),
  );
  expect(shown).toContain("Gateway192.168.208.1");
  expect(shown).toContain("Gateway192.168.208.2");
});

const heldSegments = (range: string, address: string) => {
  const environment = devEnvironment();
  const elements = readDrawing(
    networkDiagram({
      ...environment,
      loadBalancer: { ...environment.loadBalancer, static: Ipv4Range.parse(range) },
      argocd: { ...environment.argocd, address: Ipv4Address.parse(address) },
      nodes: environment.nodes.map((node) => ({
        ...node,
        nameservers: [Ipv4Address.parse("192.168.208.1")],
      })),
    }),
  );
  const [bar] = areas(
    elements.filter((element) => classes(element).join() === "frame,orange" && !element.attributes.rx),
  );
  const held = areas(
    elements.filter((element) => element.name === "rect" && classes(element).includes("solid")),
  );
  if (!bar) throw new Error("no bar was drawn");
  return held.map(({ left, right }) => ((left + right) / 2 - bar.left) / (bar.right - bar.left));
};

test.each([
  ["192.168.208.70", 0.05],
  ["192.168.208.74", 0.45],
  ["192.168.208.79", 0.95],
])("ArgoCD's address %s stands at its place in the range", (address, share) => {
  const range = "192.168.208.70-192.168.208.79";
  const [at, ...others] = heldSegments(range, address);
  expect(at).toBeCloseTo(share, 2);
  expect(others).toEqual([]);
});

test("the last address of a large range stays on the bar", () => {
  const range = "192.168.0.0-192.168.255.255";
  const [at = 0] = heldSegments(range, "192.168.255.255");
  expect(at).toBeGreaterThan(0.98);
  expect(at).toBeLessThan(1);
});

test("an address with two holders has one label", () => {
  const environment = devEnvironment();
  const argocd = { ...environment.argocd, address: Ipv4Address.parse("192.168.208.70") };
  const shown = visibleText(readDrawing(networkDiagram({ ...environment, argocd })));
  expect(shown).toContain("192.168.208.70ArgoCD,argocd.dev.truxonline.com;nameserverofthemachines");
  expect(shown.split("nameserverofthemachines")).toHaveLength(2);
});
