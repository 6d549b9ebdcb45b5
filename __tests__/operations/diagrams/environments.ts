/** Environments for properties: any size, any names; parsed ones for the real pictures. */

import fc from "fast-check";
import { dev } from "../../../environments/dev.ts";
import { prod } from "../../../environments/prod.ts";
import { type Environment, type Node, parseEnvironments } from "../../../environments/schema.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";
import { InterfaceAddress } from "../../../lib/core/values/interface-address.ts";
import { Ipv4Address } from "../../../lib/core/values/ipv4-address.ts";
import { Ipv4Range } from "../../../lib/core/values/ipv4-range.ts";
import { Quantity } from "../../../lib/core/values/quantity.ts";
import { Subnet } from "../../../lib/core/values/subnet.ts";

export const realEnvironments: readonly Environment[] = parseEnvironments([dev, prod], {
  today: "2026-11-01",
});

export const devEnvironment = (): Environment => {
  const [environment] = realEnvironments;
  if (!environment) throw new Error("dev must parse");
  return environment;
};

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, { size: "max" });
const anyText = fc.string({ unit: "binary", maxLength: 120, size: "max" });
const vlanIds = fc.uniqueArray(fc.integer({ min: 1, max: 4094 }), { minLength: 1, maxLength: 5 });

/** Addresses come from the positions of VLAN and node, so that they differ. */
const nodeArbitrary = (name: string, index: number, ids: readonly number[]): fc.Arbitrary<Node> =>
  fc.record({
    name: fc.constant(name),
    role: fc.constantFrom("controlplane" as const, "worker" as const),
    mac: fc.constantFrom(null, "00:15:5d:00:cb:10"),
    maintenanceAddress: fc.constantFrom(null, Ipv4Address.parse(`192.168.0.${100 + index}`)),
    installDisk: fc.constantFrom("/dev/sda", `/dev/disk/by-id/${"nvme-eui.0025385b21404321".repeat(3)}`),
    interface: fc.constantFrom("eth0", "enx00155d00cb10"),
    vlans: fc.subarray([...ids.keys()], { minLength: 1 }).map((positions) =>
      positions.map((position) => ({
        id: ids[position] ?? 1,
        address: InterfaceAddress.parse(`10.${position}.0.${100 + index}/24`),
        ...(position === 1 && { gateway: Ipv4Address.parse("10.1.0.1") }),
      })),
    ),
    nameservers: fc
      .constantFrom(["10.0.0.20"], ["10.0.0.20", "10.0.0.21", "1.1.1.1"])
      .map((texts) => texts.map(Ipv4Address.parse)),
    schematic: label,
    address: fc.constant(Ipv4Address.parse(`10.0.0.${100 + index}`)),
    cpu: fc.constantFrom("4", "500m").map(Quantity.parse),
    memory: fc.constantFrom("8Gi", "17179869184").map(Quantity.parse),
    witnesses: fc.constant([]),
  });

/** Not all of these would parse: pictures must hold for more than the rules allow. */
export const anyEnvironment: fc.Arbitrary<Environment> = fc
  .record({ names: fc.uniqueArray(label, { minLength: 1, maxLength: 12 }), ids: vlanIds, name: label })
  .chain(({ names, ids, name }) =>
    fc.record({
      name: fc.constant(name),
      nodes: fc.tuple(...names.map((node, index) => nodeArbitrary(node, index, ids))),
      services: fc.constantFrom(...ids),
      rangeSize: fc.integer({ min: 1, max: 200 }),
      argocdAt: fc.integer({ min: 0, max: 199 }),
      hostname: fc.tuple(label, label, label).map((labels) => labels.join(".")),
      interfaces: fc.array(
        anyText.filter((text) => text.trim() !== ""),
        { minLength: 1, maxLength: 3 },
      ),
      why: anyText,
      assumed: fc.subarray(["nodes.*.cpu", `nodes.${names[0]}.mac`, "cluster.vip", "backup.bucket"]),
    }),
  )
  .map(({ nodes, services, rangeSize, argocdAt, hostname, interfaces, why, assumed, name }) => ({
    ...devEnvironment(),
    name,
    nodes,
    cluster: {
      ...devEnvironment().cluster,
      name: `${name}-cluster`,
      vip: Ipv4Address.parse("10.0.0.9"),
      endpoint: HttpUrl.parse("https://10.0.0.9:6443"),
      subnet: Subnet.parse("10.0.0.0/24"),
      bootstrapNode: nodes[0]?.name ?? "",
    },
    loadBalancer: {
      vlan: services,
      static: Ipv4Range.parse(`10.0.0.20-10.0.0.${19 + rangeSize}`),
      automatic: Ipv4Range.parse(`10.0.1.0-10.0.1.${rangeSize}`),
      interfaces,
    },
    argocd: {
      ...devEnvironment().argocd,
      address: Ipv4Address.parse(`10.0.0.${20 + (argocdAt % rangeSize)}`),
      hostname,
    },
    assumptions: assumed.map((path) => ({ path, why, verify: "talosctl get links" })),
  }));
