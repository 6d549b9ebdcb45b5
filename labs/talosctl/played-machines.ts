/** The machines of an environment as the played Talos API tells of them: all well, and ways in which they are not. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import type { Fields } from "../../lib/core/fields.ts";
import { mustRun } from "../../lib/core/process/command.ts";
import { Schematic } from "../../lib/talos/schematic.ts";
import type { Etcd } from "../drill/etcd.ts";

/** A machine, by its address: see `labs/contract/machinery/serve.go`. */
export interface PlayedMachine {
  readonly maintenance?: boolean;
  readonly silent?: boolean;
  readonly resources: readonly { readonly type: string; readonly id: string; readonly spec: string }[];
  /** Messages in the JSON of Talos' own protocol definitions, by the name of the method. */
  readonly answers: Readonly<Record<string, readonly Fields[]>>;
}

export type PlayedMachines = Readonly<Record<string, PlayedMachine>>;

/** A change to one machine. */
export type MachineChange = (machine: PlayedMachine) => PlayedMachine;

export const answering =
  (method: string, ...messages: readonly Fields[]): MachineChange =>
  (machine) => ({ ...machine, answers: { ...machine.answers, [method]: messages } });

export const holding =
  (type: string, id: string, spec: unknown): MachineChange =>
  (machine) => ({
    ...machine,
    resources: [
      ...machine.resources.filter((each) => each.type !== type || each.id !== id),
      resource(type, id, spec),
    ],
  });

const resource = (type: string, id: string, spec: unknown) => ({
  type,
  id,
  spec: typeof spec === "string" ? spec : JSON.stringify(spec),
});

export const EXTENSION = "ExtensionStatuses.runtime.talos.dev";
export const SECURITY = "SecurityStates.talos.dev";
export const CONFIGURATION = "MachineConfigs.config.talos.dev";
const HARDWARE = ["Disks.block.talos.dev", "LinkStatuses.net.talos.dev", "Processors.hardware.talos.dev"];

/** The id of a control plane's member, as the protocol has it and as talosctl prints it. */
export const memberOf = (place: number): { readonly id: string; readonly shown: string } => {
  const id = 0xa49c021e76e707d0n + BigInt(place);
  return { id: String(id), shown: id.toString(16) };
};

const bytes = (content: Buffer | string): Fields => ({ bytes: Buffer.from(content).toString("base64") });

/** The files that machines give away. */
export interface Goods {
  readonly snapshot: Buffer;
  /** Archives in which talosctl gets files. */
  readonly database: Buffer;
  readonly kubeconfig: Buffer;
}

/** Makes them: of a real etcd its snapshot, and archives by tar. */
export const makeGoods = async (etcd: Etcd, directory: string): Promise<Goods> => {
  const snapshot = await etcd.snapshot();
  const archive = async (name: string, content: Buffer | string) => {
    writeFileSync(join(directory, name), content);
    await mustRun("tar", ["-C", directory, "-czf", join(directory, `${name}.tgz`), name]);
    return readFileSync(join(directory, `${name}.tgz`));
  };
  const kubeconfig = "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n";
  return {
    snapshot,
    database: await archive("db", snapshot),
    kubeconfig: await archive("kubeconfig", kubeconfig),
  };
};

/**
 * @param configurations what each machine runs, by its name
 */
export const playedMachines = (
  { nodes, versions, schematics }: Environment,
  configurations: ReadonlyMap<string, string>,
  { snapshot, database, kubeconfig }: Goods,
): PlayedMachines => {
  const controlPlanes = nodes.filter(({ role }) => role === "controlplane");
  const members = controlPlanes.map(({ name, address }, place) => ({
    id: memberOf(place).id,
    hostname: name,
    peerUrls: [`https://${address}:2380`],
    clientUrls: [`https://${address}:2379`],
  }));
  const version = { version: { tag: versions.talos }, platform: { name: "metal", mode: "metal" } };
  const service = (id: string) => ({ id, state: "Running", health: { healthy: true }, events: {} });
  const hardware = HARDWARE.map((type) => resource(type, "1", {}));
  const machines = nodes.map((node): [string, PlayedMachine][] => {
    const extensions = schematics[node.schematic]?.extensions ?? [];
    const marks = [
      ...extensions.map((name) => ({ name: name.replace("siderolabs/", ""), version: "v1.0.0" })),
      { name: "schematic", version: Schematic.withExtensions(extensions).id },
    ];
    const place = controlPlanes.indexOf(node);
    const status = {
      memberId: memberOf(place).id,
      ...{ dbSize: "21000000", dbSizeInUse: "6000000", leader: memberOf(0).id },
      ...{ raftIndex: "53391", raftTerm: "4", raftAppliedIndex: "53391" },
      ...{ protocolVersion: "3.6.4", storageVersion: "3.6.0" },
    };
    const parts = Array.from({ length: Math.ceil(snapshot.length / 32_768) }, (_, part) =>
      bytes(snapshot.subarray(part * 32_768, (part + 1) * 32_768)),
    );
    const ofMembers = {
      EtcdStatus: [{ memberStatus: status }],
      EtcdMemberList: [{ members }],
      EtcdSnapshot: parts,
      Copy: [bytes(database)],
      Kubeconfig: [bytes(kubeconfig)],
    };
    const machine: PlayedMachine = {
      resources: [
        ...hardware,
        resource("Versions.runtime.talos.dev", "version", { version: versions.talos }),
        resource("MachineStatuses.runtime.talos.dev", "machine", {
          ...{ stage: "running", status: { ready: true, unmetConditions: [] } },
        }),
        resource(SECURITY, "securitystate", { secureBoot: node.secureBoot ?? false }),
        ...marks.map((metadata, at) => resource(EXTENSION, String(at), { image: `${at}.sqsh`, metadata })),
        resource(CONFIGURATION, "v1alpha1", configurations.get(node.name) ?? ""),
      ],
      answers: {
        Version: [version],
        Time: [
          {
            server: "time.cloudflare.com",
            localtime: "2026-03-20T10:00:00.123456789Z",
            remotetime: "2026-03-20T10:00:00Z",
          },
        ],
        ServiceList: [{ services: ["etcd", "kubelet", "ext-iscsid"].map(service) }],
        Dmesg: [bytes("kernel: a line\n")],
        Logs: [bytes("a line\n")],
        Memory: [{ meminfo: { memtotal: "16000000" } }],
        DiskUsage: [{ name: "/var", size: "1" }],
        HealthCheck: [{ message: "all is well" }],
        ...(place >= 0 && ofMembers),
      },
    };
    const maintenance = { maintenance: true, resources: hardware, answers: { Version: [version] } };
    const [own, other] = [`${node.address}`, `${node.maintenanceAddress ?? node.address}`];
    return own === other
      ? [[own, { ...machine, maintenance: true }]]
      : [
          [own, machine],
          [other, maintenance],
        ];
  });
  return Object.fromEntries(machines.flat());
};
