import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backupOf } from "../../environments/absent.ts";
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import {
  dataOf,
  EnvironmentError,
  type EnvironmentInput,
  parseEnvironment,
  parseEnvironments,
} from "../../environments/schema.ts";
import { Quantity } from "../../lib/core/values/quantity.ts";
import { besideAge, type Changes, changed, lab, linesOf, problems, TODAY } from "./lab.ts";

describe("accepts", () => {
  test.each([
    ["lab", lab()],
    ["dev", dev],
    ["prod", prod],
  ])("%s as it is", (_, input) => {
    expect(linesOf(() => parseEnvironment(input, { today: TODAY }))).toEqual([]);
    expect(dataOf(parseEnvironment(input, { today: TODAY }))).toMatchObject(input);
  });

  test("dev and prod side by side", () => {
    const names = parseEnvironments([dev, prod], { today: TODAY }).map(({ name }) => name);
    expect(names).toEqual(["dev", "prod"]);
  });

  const [ada, bea, , dora] = lab().nodes;
  test.each<[string, Changes]>([
    ["a single control plane", { nodes: [ada, dora] }],
    ["a single machine", { nodes: [ada] }],
    ["dedicated control planes", { "cluster.controlPlane": "dedicated" }],
    ["five control planes", { nodes: [...lab().nodes, ...twoMore()] }],
    ["no root application", { "gitops.revision": "none" }],
    ["a commit to sync", { "gitops.revision": "4f2d1c0b9a8e7f6d5c4b3a291807f6e5d4c3b2a1" }],
    ["backups on AWS", { "backup.endpoint": null, "backup.region": "eu-central-1" }],
    ["state on AWS", { "state.endpoint": "https://s3.eu-central-1.amazonaws.com" }],
    ["the same bucket name in two places", { "backup.bucket": "lab-state", "backup.endpoint": null }],
    ["plain HTTP outside of prod", { "argocd.plainHttp": true }],
    ["an image without extensions", { "schematics.plain.extensions": [] }],
    ["no namespaces", { namespaces: [] }],
    ["a MAC address in upper case", { "nodes.0.mac": "02:00:00:00:00:AB" }],
    ["a wider node subnet", wider()],
    ["services on the cluster VLAN", onOneVlan()],
    [
      "a load-balancer range of one address",
      { "loadBalancer.automatic": { start: "10.1.20.80", stop: "10.1.20.80" } },
    ],
  ])("%s", (_, changes) => {
    expect(problems(changes)).toEqual([]);
  });

  test("a MAC address is read in lower case", () => {
    const input = changed(lab(), { "nodes.0.mac": "02:00:00:00:00:AB" });
    expect(parseEnvironment(input, { today: TODAY }).nodes[0]?.mac).toBe("02:00:00:00:00:ab");
  });

  function twoMore() {
    return [21, 22].map((host, index) => ({
      ...bea,
      name: `extra-${index}`,
      mac: `02:00:00:00:00:${host}`,
      maintenanceAddress: `192.168.0.${host}`,
      vlans: [
        { id: 10, address: `10.1.10.${host}/24` },
        { id: 20, address: `10.1.20.${host}/24`, gateway: "10.1.20.1" },
      ],
    }));
  }

  function wider(): Changes {
    const addresses = lab().nodes.map((_, index) => [
      `nodes.${index}.vlans.0.address`,
      `10.1.8.${index + 11}/21`,
    ]);
    return { ...Object.fromEntries(addresses), "cluster.subnet": "10.1.8.0/21" };
  }

  function onOneVlan(): Changes {
    const vlans = lab().nodes.map(({ vlans }, index) => [`nodes.${index}.vlans`, vlans.slice(1)]);
    return {
      ...Object.fromEntries(vlans),
      "cluster.subnet": "10.1.20.0/24",
      "cluster.vip": "10.1.20.5",
    };
  }
});

describe("reads what follows from the data once", () => {
  const environment = parseEnvironment(lab(), { today: TODAY });

  test("the URL of the API, at the virtual IP", () => {
    expect(`${environment.cluster.endpoint}`).toBe("https://10.1.10.5:6443");
  });

  test("a node's address in the cluster's subnet, whichever VLAN comes first", () => {
    const [ada, ...others] = lab().nodes;
    const reversed = { ...ada, vlans: ada?.vlans.toReversed() };
    const { nodes } = parseEnvironment(changed(lab(), { nodes: [reversed, ...others] }), { today: TODAY });
    expect(nodes.map(({ address }) => `${address}`)).toEqual(
      [11, 12, 13, 14].map((host) => `10.1.10.${host}`),
    );
  });

  test("schedules", () => {
    expect(backupOf(environment).tiers.map(({ schedule }) => schedule.longestGapMinutes)).toEqual([
      1440, 10080,
    ]);
  });

  test("what a machine has: amounts, addresses, the subnets that they lie in", () => {
    const [ada] = environment.nodes;
    expect([ada?.cpu, ada?.memory].map((amount) => amount instanceof Quantity)).toEqual([true, true]);
    expect(ada?.vlans.map(({ address }) => `${address.address} in ${address.subnet}`)).toContain(
      "10.1.10.11 in 10.1.10.0/24",
    );
    expect(environment.cluster.subnet.contains(environment.cluster.vip)).toBe(true);
  });

  test("and gives the data back, to change it and to parse it anew", () => {
    expect(parseEnvironment(dataOf(environment), { today: TODAY })).toEqual(environment);
  });
});

describe("says everything at once", () => {
  test("what is malformed does not hide what does not hold between the rest", () => {
    const nodes: unknown[] = lab().nodes.slice(0, 2);
    const lines = problems({
      nodes,
      "nodes.0.mac": "zz",
      "argocd.anonymous": true,
      "versions.kubernetes": "v1.40.0",
    });
    expect(besideAge(lines)).toEqual([
      'nodes.ada.mac: must be a MAC address, e.g. 00:15:5d:00:cb:10: got "zz"',
      "nodes: must hold an odd number of control planes, so that etcd keeps a majority: got 2",
      'versions.kubernetes: must be 1.30 to 1.35, what Talos 1.12 supports: got "v1.40.0"',
      'versions.cilium: must be tested with Kubernetes 1.40; 1.18 is tested with 1.30 to 1.33: got "1.18.3" (the accepted risk cilium-1.18-kubernetes-1.40 would silence this)',
      "argocd.anonymous: must be false, so that only users read: got true (the accepted risk argocd-anonymous would silence this)",
    ]);
  });

  test("the error holds each problem in parts", () => {
    try {
      parseEnvironment(changed(lab(), { "argocd.anonymous": true, name: 3 }), { today: TODAY });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(EnvironmentError);
      expect((error as EnvironmentError).problems).toEqual([
        { path: "name", rule: "must be text", value: "3" },
        {
          path: "argocd.anonymous",
          rule: "must be false, so that only users read",
          value: "true",
          riskId: "argocd-anonymous",
        },
      ]);
    }
  });

  test.each<[string, Changes]>([
    ["a role", { "nodes.3.role": "boss" }],
    ["a node", { "nodes.3": null }],
  ])("what depends on a malformed part is not guessed: %s", (_, changes) => {
    expect(
      problems({ ...changes, "nodes.2.role": "worker" }).filter((line) => line.startsWith("nodes:")),
    ).toEqual([]);
  });

  test("a malformed gateway is neither a missing nor a second default route", () => {
    expect(problems({ "nodes.0.vlans.1.gateway": "x" })).toEqual([
      'nodes.ada.vlans.20.gateway: must be an IPv4 address in dotted form: got "x"',
    ]);
  });

  test("a malformed VLAN address says nothing about the cluster's subnet", () => {
    expect(problems({ "nodes.0.vlans.0.address": "10.1.10.11" })).toEqual([
      'nodes.ada.vlans.10.address: must be an IPv4 address with a prefix length, e.g. 192.168.111.162/24: got "10.1.10.11"',
    ]);
  });
});

describe("refuses what is no environment, with nothing but an EnvironmentError", () => {
  test.each<[unknown, string]>([
    [null, "null"],
    [undefined, "nothing"],
    ["text", '"text"'],
    [42, "42"],
    [true, "true"],
    [[], "a list of 0"],
    [() => 1, "a function"],
  ])("%s", (input, shown) => {
    expect(linesOf(() => parseEnvironment(input, { today: TODAY }))).toEqual([
      `environment: must be an object: got ${shown}`,
    ]);
  });

  test("code that throws when it is read", () => {
    const trap = Object.defineProperty({}, "name", {
      enumerable: true,
      get() {
        throw new Error("boom");
      },
    });
    expect(() => parseEnvironment(trap)).toThrow(EnvironmentError);
    expect(() => parseEnvironments([trap, lab()])).toThrow(EnvironmentError);
  });

  test("any nonsense anywhere", () => {
    const places = Object.keys(flattened(lab()));
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.anything({ withBigInt: true, withDate: true, withMap: true }),
        (path, value) => {
          const input = changed(lab(), { [path]: value });
          expect(() => linesOf(() => parseEnvironments([input, dev], { today: TODAY }))).not.toThrow();
        },
      ),
      { numRuns: 200 },
    );
  });

  test("nonsense from top to bottom", () => {
    fc.assert(
      fc.property(fc.anything({ maxDepth: 4 }), (input) => {
        expect(linesOf(() => parseEnvironment(input, { today: TODAY }))).not.toEqual([]);
      }),
    );
  });
});

/** Every place of the data by its path with positions, containers included. */
function flattened(value: unknown, path = ""): Record<string, unknown> {
  const own = path === "" ? {} : { [path]: value };
  if (typeof value !== "object" || value === null) return own;
  return Object.entries(value).reduce<Record<string, unknown>>(
    (all, [key, child]) => Object.assign(all, flattened(child, path === "" ? key : `${path}.${key}`)),
    own,
  );
}

test("a field that is taken away is a problem, whichever it is", () => {
  const optional = /\.(gateway|extension|onNode)$/;
  for (const path of Object.keys(flattened(lab()))) {
    const isElement = /\.\d+$/.test(path);
    const isRecordKey = path === "schematics.plain";
    if (isElement || isRecordKey || optional.test(path)) continue;
    const lines = linesOf(() =>
      parseEnvironment(changed<EnvironmentInput>(lab(), { [path]: undefined }), { today: TODAY }),
    );
    expect(lines.join("\n"), path).toContain("got nothing");
  }
});
