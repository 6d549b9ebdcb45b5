/** Machines, as the applies of their configuration show them in a plan. */
import type { Environment } from "../../environments/schema.ts";
import { type Fields, fieldsOf, textOf } from "../../lib/core/fields.ts";
import { mainDocument } from "../talos/talosctl-output.ts";
import { changesOf, displayPath } from "./changes.ts";
import type { Evidence } from "./rule.ts";
import type { PlannedResource, ResourceChange } from "./terraform-plan.ts";

export const APPLY = "talos_machine_configuration_apply";

/** Arguments whose values are sent to a machine. */
const SENT = [
  "machine_configuration_input",
  "machine_configuration",
  "config_patches",
  "on_destroy",
] as const;

/** The node that an apply belongs to: `node_<name>`, or a key of `for_each`. */
export const nodeOf = ({ name, key }: Pick<ResourceChange, "name" | "key">): string =>
  typeof key === "string" ? key : name.replace(/^node_/, "");

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Every address at which a node of the environment answers. */
export const ownAddresses = (name: string, { nodes }: Pick<Environment, "nodes">): string[] => {
  const node = nodes.find((each) => each.name === name);
  if (!node) return [];
  return [
    ...node.vlans.map((vlan) => `${vlan.address.address}`),
    ...(node.maintenanceAddress === null ? [] : [`${node.maintenanceAddress}`]),
  ];
};

/** True when an update sends a machine another configuration than it has, or sends it somewhere else. */
export const changesMachine = (change: ResourceChange, { nodes }: Pick<Environment, "nodes">): boolean => {
  const { before, after, afterUnknown } = change;
  const text = after.machine_configuration ?? after.machine_configuration_input;
  if (typeof text !== "string") return true;
  if (SENT.some((field) => afterUnknown[field] === true || !equal(before[field], after[field]))) return true;
  const own = ownAddresses(nodeOf(change), { nodes });
  return (["node", "endpoint"] as const).some(
    (field) =>
      afterUnknown[field] === true ||
      (!equal(before[field], after[field]) && !own.includes(String(after[field]))),
  );
};

const configurationOf = (values: Fields): Fields | undefined =>
  mainDocument(values.machine_configuration ?? values.machine_configuration_input);

/** A machine counts as a control plane unless it is certainly a worker. */
export const isControlPlane = (
  { values, ...resource }: Pick<PlannedResource, "name" | "key" | "address" | "values">,
  { nodes }: Pick<Environment, "nodes">,
): boolean => {
  const type = fieldsOf(configurationOf(values)?.machine).type;
  if (typeof type === "string") return type !== "worker";
  const node = nodes.find(({ name }) => name === nodeOf(resource));
  return node ? node.role === "controlplane" : !/\.worker\[/.test(resource.address);
};

/** Versions that a machine's configuration names; undefined where it names none that can be read. */
export interface MachineVersions {
  readonly talos: string | undefined;
  readonly kubelet: string | undefined;
  readonly apiServer: string | undefined;
}

export const versionsOf = (values: Fields): MachineVersions | undefined => {
  const configuration = configurationOf(values);
  if (!configuration) return undefined;
  const { install, kubelet } = fieldsOf(configuration.machine);
  const { apiServer } = fieldsOf(configuration.cluster);
  return { talos: tagOf(install), kubelet: tagOf(kubelet), apiServer: tagOf(apiServer) };
};

const tagOf = (block: unknown): string | undefined => {
  const { image } = fieldsOf(block);
  return typeof image === "string" ? /:(v\d+\.\d+\.\d+[^@]*)/.exec(image)?.[1] : undefined;
};

const IMAGES = /^(machine\.(install|kubelet)|cluster\.(apiServer|controllerManager|scheduler|proxy))\.image$/;

const sentChanges = (change: ResourceChange) =>
  changesOf(change).filter(
    ({ kind, path, resource: { type } }) => kind !== type || path[0] === "config_patches",
  );

/** True when links move between fields of the main document and documents: then one machine shows it first. */
const changesForm = ({ before, after }: ResourceChange): boolean => {
  const [was, will] = [before, after].map((side) =>
    /^kind: (Link|VLAN)Config$/m.test(
      textOf(side.machine_configuration) || textOf(side.machine_configuration_input),
    ),
  );
  return was !== will;
};

/** True when an update of a machine changes versions and nothing else. */
export const onlyVersions = (change: ResourceChange): boolean => {
  const sent = sentChanges(change);
  return sent.length > 0 && !changesForm(change) && sent.every((each) => IMAGES.test(displayPath(each)));
};

/** True when an update only writes down versions that the machine runs already, by the evidence. */
export const writesWhatRuns = (change: ResourceChange, running: Evidence["running"]): boolean => {
  const now = running?.get(nodeOf(change));
  return (
    now !== undefined &&
    onlyVersions(change) &&
    sentChanges(change).every((each) => {
      const runs = each.path.includes("install") ? now.talos : now.kubelet;
      return runs !== undefined && tagOf({ image: each.after }) === runs;
    })
  );
};
