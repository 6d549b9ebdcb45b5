import { describe, expect, test } from "vitest";
import { type EnvironmentInput, parseEnvironment } from "../../../environments/schema.ts";
import { nodeLife } from "../../../operations/node-life/node-life.ts";
import type { NodeLifeRequest } from "../../../operations/node-life/request.ts";
import { showNodeLife } from "../../../operations/node-life/step.ts";
import { lab, TODAY } from "../../environments/lab.ts";

const controlPlane = (name: string, host: number): EnvironmentInput["nodes"][number] => {
  const [first] = lab().nodes;
  if (!first) throw new Error("no node");
  return {
    ...first,
    name,
    mac: `02:00:00:00:00:${host}`,
    maintenanceAddress: `192.168.0.${host}`,
    vlans: [
      { id: 10, address: `10.1.10.${host}/24` },
      { id: 20, address: `10.1.20.${host}/24`, gateway: "10.1.20.1" },
    ],
  };
};

/** lab with two more control planes. */
const five = (): EnvironmentInput => ({
  ...lab(),
  nodes: [...lab().nodes, controlPlane("eve", 15), controlPlane("fay", 16)],
});

const plan = (request: NodeLifeRequest, data = lab()) =>
  nodeLife(parseEnvironment(data, { today: TODAY }), { today: TODAY, ...request });
const commands = (request: NodeLifeRequest, data = lab()): string[] =>
  plan(request, data).steps.flatMap((step) => step.commands ?? []);
const refusals = (request: NodeLifeRequest, data = lab()): string => plan(request, data).refusals.join("\n");

describe("remove", () => {
  test("a worker: drained, wiped, forgotten; etcd is left alone", () => {
    const given = commands({ verb: "remove", names: ["dora"] });
    expect(given.filter((command) => /etcd (leave|remove-member)/.test(command))).toEqual([]);
    const order = [
      "kubectl drain dora",
      "reset --graceful=false",
      "kubectl delete node dora",
      "npm run homelab -- deploy",
    ];
    const positions = order.map((text) => given.findIndex((command) => command.includes(text)));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(positions).not.toContain(-1);
  });

  test("two control planes: each leaves etcd before its machine goes, and is not asked afterwards", () => {
    const given = commands({ verb: "remove", names: ["bea", "cleo"] });
    const at = (text: string): number => given.findIndex((command) => command.includes(text));
    expect(given[0]).toBe("npm run homelab -- doctor lab");
    expect(at("etcd snapshot")).toBeLessThan(at("kubectl drain bea"));
    expect(at("--nodes 10.1.10.12 etcd leave")).toBeLessThan(at("--nodes 10.1.10.12 reset"));
    expect(at("--nodes 10.1.10.12 reset")).toBeLessThan(at("kubectl drain cleo"));
    expect(at("--nodes 10.1.10.13 etcd leave")).toBeLessThan(at("--nodes 10.1.10.13 reset"));
    expect(at("npm run homelab -- deploy")).toBe(given.length - 1);
    const afterBea = given.slice(at("kubectl delete node bea"));
    expect(afterBea.filter((command) => command.includes("10.1.10.12"))).toEqual([]);
    expect(given).toContain(
      "talosctl --endpoints 10.1.10.13,10.1.10.11 --nodes 10.1.10.13,10.1.10.11 etcd members",
    );
    expect(given).toContain("talosctl --endpoints 10.1.10.11 --nodes 10.1.10.13 etcd leave");
  });

  test("the snapshot is of a control plane that stays", () => {
    expect(commands({ verb: "remove", names: ["bea", "cleo"] })).toContain(
      "talosctl --endpoints 10.1.10.11 --nodes 10.1.10.11 etcd snapshot lab-before-removing-bea-cleo.snapshot",
    );
  });

  test("a dead one is taken out by its member id, and is neither drained nor wiped nor asked", () => {
    const given = commands({ verb: "remove", names: ["eve", "fay"], isDead: true }, five());
    expect(given.some((command) => /drain|reset|leave/.test(command))).toBe(false);
    expect(given.some((command) => command.includes("etcd remove-member ID-OF-EVE"))).toBe(true);
    expect(given.filter((command) => /10\.1\.10\.1[56]/.test(command))).toEqual([]);
    expect(given).toContain(
      "talosctl --endpoints 10.1.10.13,10.1.10.11 --nodes 10.1.10.12 etcd remove-member ID-OF-FAY",
    );
  });

  test.each([
    [["bea"], /2 control planes would be left, an even number.*npm run homelab -- node remove lab bea cleo/],
    [["ada"], /ada is the bootstrap node.*set cluster.bootstrapNode to bea or cleo/],
    [["ada", "bea", "cleo"], /is all the control plane there is/],
    [["zoe"], /must be a node of lab, ada, bea, cleo, dora: got zoe/],
    [["dora", "dora"], /must name each node once: got dora/],
    [[], /must name a node: got none/],
  ])("refuses %j", (names, message) => {
    const { steps } = plan({ verb: "remove", names });
    expect(steps).toEqual([]);
    expect(refusals({ verb: "remove", names })).toMatch(message);
  });

  test("refuses dead ones that etcd cannot lose", () => {
    expect(refusals({ verb: "remove", names: ["bea", "cleo"], isDead: true })).toMatch(
      /etcd has no majority without bea, cleo: 1 of 3 are left; restore from a snapshot/,
    );
  });

  test("refuses what the environment's own rules refuse", () => {
    const dedicated = { ...lab(), cluster: { ...lab().cluster, controlPlane: "dedicated" as const } };
    expect(refusals({ verb: "remove", names: ["dora"] }, dedicated)).toMatch(
      /cluster.controlPlane: must be "converged" while no node is a worker/,
    );
  });

  test("says what has to be edited with it", () => {
    const assumed = {
      ...lab(),
      assumptions: [
        { path: "nodes.dora.cpu", why: "Nobody has read it yet.", verify: "talosctl -n 10.1.10.14 get cpu" },
      ],
    };
    const notes = plan({ verb: "remove", names: ["dora"] }, assumed).steps.flatMap(
      (step) => step.notes ?? [],
    );
    expect(notes).toContain("take the assumption nodes.dora.cpu out");
  });
});

describe("add", () => {
  test("a worker that the environment describes, at its addresses", () => {
    const given = commands({ verb: "add", names: ["dora"] });
    expect(given).toContain("talosctl --nodes 192.168.0.14 get disks --insecure");
    expect(given).toContain(
      `CDKTF_CONTEXT_JSON='{"maintenanceNodes":"dora"}' npm run homelab -- deploy lab-cluster`,
    );
    expect(given.some((command) => command.includes("etcd members"))).toBe(false);
    expect(given.some((command) => command.endsWith("/v1.12.4/metal-amd64.iso"))).toBe(true);
  });

  test("two control planes at once", () => {
    const { steps, refusals } = plan({ verb: "add", names: ["eve", "fay"] }, five());
    expect(refusals).toEqual([]);
    expect(steps.flatMap((step) => step.notes ?? [])).toContainEqual(
      expect.stringMatching(/one learner at a time/),
    );
    expect(steps.map((step) => step.until).join()).toContain("5 members of etcd, all of them voting");
  });

  test("the second of two control planes that the environment describes", () => {
    expect(refusals({ verb: "add", names: ["eve"] }, five())).toBe("");
  });

  test("a node that nobody has described gets the way to describe it", () => {
    const { steps } = plan({ verb: "add", names: ["zoe"] });
    expect(steps.map(({ title }) => title)).toEqual([
      "Describe zoe in environments/lab.ts, under nodes",
      "Then ask again, for the steps with its addresses",
    ]);
  });

  test.each([
    [["zoe"], lab(), /3 and 1 make an even number of control planes: add two at once/],
    [["ada", "bea"], lab(), /ada is the bootstrap node, and must be a member already/],
    [["ada", "bea", "cleo"], lab(), /every control plane would be new/],
    [["eve", "fay", "dora"], five(), /one kind after the other/],
  ])("refuses %j", (names, data, message) => {
    expect(refusals({ verb: "add", names, role: "controlplane" }, data)).toMatch(message);
  });
});

describe("replace", () => {
  test("leaves and joins under the same name and address", () => {
    const given = commands({ verb: "replace", names: ["bea"] });
    const at = (text: string): number => given.findIndex((command) => command.includes(text));
    expect(at("etcd leave")).toBeGreaterThan(-1);
    expect(at("etcd leave")).toBeLessThan(at(`{"maintenanceNodes":"bea"}`));
    expect(refusals({ verb: "replace", names: ["bea"] })).toBe("");
  });

  test.each([
    [["ada"], /ada is the bootstrap node/],
    [["bea", "cleo"], /must name one node: got bea cleo/],
  ])("refuses %j", (names, message) => {
    expect(refusals({ verb: "replace", names })).toMatch(message);
  });

  test("refuses the only control plane", () => {
    const nodes = lab().nodes.filter(({ name }) => !["bea", "cleo"].includes(name));
    expect(refusals({ verb: "replace", names: ["ada"] }, { ...lab(), nodes })).toMatch(
      /ada is all the control plane there is/,
    );
  });
});

describe("rename", () => {
  test("is a removal into maintenance mode, and an addition", () => {
    const given = commands({ verb: "rename", names: ["bea", "gwen"] });
    expect(given.some((command) => command.includes("reset --graceful=false --reboot=true"))).toBe(true);
    expect(given).toContain(
      `CDKTF_CONTEXT_JSON='{"maintenanceNodes":"gwen"}' npm run homelab -- deploy lab-cluster`,
    );
    expect(given.some((command) => command.endsWith(".iso"))).toBe(false);
  });

  test.each([
    [["bea", "cleo"], false, /the new name must be free: got cleo/],
    [["bea"], false, /must name an old and a new name: got bea/],
    [["bea", "Gwen"], false, /nodes.*name: must be a DNS label/],
    [["bea", "gwen"], true, /cannot be renamed: replace or remove it/],
    [["ada", "gwen"], false, /ada is the bootstrap node/],
  ])("refuses %j", (names, isDead, message) => {
    expect(refusals({ verb: "rename", names, isDead })).toMatch(message);
  });
});

describe("disk", () => {
  const disk = (more: Partial<NodeLifeRequest> = {}): NodeLifeRequest => ({
    verb: "disk",
    names: ["bea"],
    ...more,
  });

  test("of the system: leaves, is wiped with its loader, and is installed on the new one", () => {
    const { steps } = plan(disk({ to: "/dev/nvme0n1" }));
    const given = steps.flatMap((step) => step.commands ?? []);
    const at = (text: string): number => given.findIndex((command) => command.includes(text));
    expect(at("etcd leave")).toBeGreaterThan(-1);
    expect(at("etcd leave")).toBeLessThan(at("--wipe-mode system-disk"));
    expect(at("--wipe-mode system-disk")).toBeLessThan(at(`{"maintenanceNodes":"bea"}`));
    expect(given.some((command) => command.includes("--system-labels-to-wipe"))).toBe(false);
    const texts = steps.flatMap(({ notes = [], until = "" }) => [...notes, until]).join("\n");
    expect(texts).toMatch(/Talos moves no installed system/);
    expect(texts).toMatch(/\/dev\/nvme0n1 is the disk to install to/);
    expect(texts).toContain(`nodes.bea.installedOn: "/dev/nvme0n1"`);
  });

  test("a dead one is neither drained nor wiped, and its member is taken out", () => {
    const given = commands(disk({ isDead: true }));
    expect(given.some((command) => /drain|reset|etcd leave/.test(command))).toBe(false);
    expect(given.some((command) => command.includes("etcd remove-member ID-OF-BEA"))).toBe(true);
  });

  test("of a node that runs from it: the data without installedOn is what is proved", () => {
    const [first, bea, ...rest] = lab().nodes;
    if (!first || !bea) throw new Error("no node");
    const installed = { ...lab(), nodes: [first, { ...bea, installedOn: bea.installDisk }, ...rest] };
    expect(refusals(disk({ to: "/dev/sdb" }), installed)).toBe("");
    const seen: (string | undefined)[] = [];
    nodeLife(
      parseEnvironment(installed, { today: TODAY }),
      { today: TODAY, ...disk({ to: "/dev/sdb" }) },
      ({ nodes }) => {
        seen.push(nodes[1]?.installDisk, nodes[1]?.installedOn);
        return [];
      },
    );
    expect(seen).toEqual(["/dev/sdb", undefined]);
  });

  test("another one than the system's: off and on again, still a member", () => {
    const given = commands(disk({ data: "/dev/sdb" }));
    expect(given.some((command) => /etcd leave|reset|deploy/.test(command))).toBe(false);
    const order = [
      "kubectl drain bea",
      "--nodes 10.1.10.12 shutdown",
      "get systemdisk",
      "kubectl uncordon bea",
    ];
    const positions = order.map((text) => given.findIndex((command) => command.includes(text)));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(positions).not.toContain(-1);
    expect(refusals(disk({ names: ["ada"], data: "/dev/sdb" }))).toBe("");
  });

  test.each<[Partial<NodeLifeRequest>, RegExp]>([
    [{ names: ["ada"] }, /ada is the bootstrap node/],
    [{ names: ["bea", "cleo"] }, /must name one node: got bea cleo/],
    [{ to: "sda" }, /nodes.bea.installDisk: must be a block device/],
    [{ data: "/dev/sda" }, /\/dev\/sda is the disk that bea is installed to: leave --data out/],
    [{ to: "/dev/sdb", data: "/dev/sdc" }, /got both/],
    [{ verb: "replace", to: "/dev/sdb" }, /belong to the verb disk: got replace/],
  ])("refuses %j", (more, message) => {
    expect(refusals(disk(more))).toMatch(message);
  });
});

test("a plan is numbered, with the condition to go on", () => {
  const lines = showNodeLife(plan({ verb: "remove", names: ["dora"] }));
  expect(lines[0]).toBe("remove dora in lab");
  expect(lines).toContain("3. Drain dora");
  expect(lines).toContain("   Go on only when: it ends without an error");
  expect(showNodeLife(plan({ verb: "remove", names: ["zoe"] }))[0]).toBe("remove zoe in lab: refused");
});
