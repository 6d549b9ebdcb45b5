/**
 * Reads the facts of a state that an adoption needs: addresses, and how the machines were configured. Never a secret.
 */
import { type Fields, fieldsOf, isFields } from "../../lib/core/fields.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { mainDocument } from "../talos/talosctl-output.ts";

/** Facts about the running configuration, as far as a state file tells them; `state list` tells none. */
export interface RunningFacts {
  /** Contract of the library that generated the configuration, e.g. `v1.11.0`. */
  readonly talosContract?: string;
  readonly installImages: readonly string[];
  readonly kubernetesVersions: readonly string[];
}

export interface ReadState {
  /** Addresses of managed resources, with instance keys. */
  readonly addresses: readonly string[];
  readonly running: RunningFacts;
  /** Instances that Terraform would change or destroy whatever their address: a line each, with what to do first. */
  readonly problems: readonly string[];
}

interface StateResource {
  readonly module?: string;
  readonly mode?: string;
  readonly type?: string;
  readonly name?: string;
  readonly instances: readonly StateInstance[];
}

interface StateInstance {
  readonly index_key?: string | number;
  readonly attributes?: unknown;
  readonly status?: unknown;
  readonly deposed?: unknown;
  readonly schema_version?: unknown;
}

const distinct = (values: readonly unknown[]): string[] =>
  [...new Set(values.filter((value) => typeof value === "string"))].sort();

/** Below modules of any name, `data` among them. */
const DATA_SOURCE = /^(module\.[\w-]+(\[("[^"]*"|\d+)\])?\.)*data\./;

/** The lines of `terraform state list`; data sources are left out. */
export const readStateList = (text: string): ReadState => ({
  addresses: text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !DATA_SOURCE.test(line)),
  running: { installImages: [], kubernetesVersions: [] },
  problems: [],
});

/** A state cannot be read as one: the message names the file, the cause and the next step. */
class StateError extends UsageError {
  constructor(file: string, cause: string, step: string) {
    super(`${file}: ${cause}; ${step}`);
  }
}

const PULL = "save it again: terraform state pull > FILE, where the old Terraform runs";

/**
 * A state file, version 4, as `terraform state pull` writes it.
 *
 * Refused: anything else, in a line that says what it is instead.
 *
 * @param file how messages call it
 */
export const readStateFile = (bytes: Uint8Array | string, file = "state"): ReadState => {
  const state = stateIn(textIn(bytes, file), file);
  const { resources } = state;
  if (!Array.isArray(resources))
    throw new StateError(file, `must hold a list of resources: got ${JSON.stringify(resources)}`, PULL);
  const managed = resources
    .map((resource, index) => resourceIn(resource, `resources[${index}]`, file))
    .filter(({ mode }) => mode === "managed");
  return {
    addresses: managed.flatMap((resource) =>
      whole(resource).map((instance) => addressOf(resource, instance)),
    ),
    running: runningFacts(managed),
    problems: managed.flatMap(instanceProblems),
  };
};

/** UTF-8, without a mark of its byte order. */
const textIn = (bytes: Uint8Array | string, file: string): string => {
  if (typeof bytes === "string") return bytes;
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || second === 0)
    throw new StateError(file, "must be UTF-8: it is UTF-16, as PowerShell redirects", PULL);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new StateError(file, "must be text: it is not UTF-8, so it may be compressed or encrypted", PULL);
  }
};

const stateIn = (text: string, file: string): Fields => {
  if (text.trim() === "") throw new StateError(file, "it is empty", PULL);
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (error) {
    const isCut = /^\s*\{/.test(text) && !/\}\s*$/.test(text);
    throw new StateError(
      file,
      isCut ? "must be JSON: it is cut off" : `must be JSON: ${(error as Error).message.split("\n")[0]}`,
      PULL,
    );
  }
  if (!isFields(state))
    throw new StateError(
      file,
      `must be one state: got ${Array.isArray(state) ? "a list" : JSON.stringify(state)}`,
      PULL,
    );
  if ("encrypted_data" in state)
    throw new StateError(
      file,
      "it is encrypted by OpenTofu",
      "decrypt it: tofu state pull > FILE, where its key is",
    );
  if ("format_version" in state)
    throw new StateError(file, "it is what terraform show -json prints, not a state", PULL);
  if (state.version !== 4)
    throw new StateError(
      file,
      `must be of version 4: got version ${JSON.stringify(state.version)}`,
      "let Terraform 0.12 or newer write it once",
    );
  return state;
};

const resourceIn = (value: unknown, path: string, file: string): StateResource => {
  const { type, name, instances, mode, module } = fieldsOf(value);
  if (typeof type !== "string" || typeof name !== "string" || (mode !== "managed" && mode !== "data"))
    throw new StateError(file, `${path}: must have a mode, a type and a name`, PULL);
  if (!Array.isArray(instances) || !instances.every(isFields))
    throw new StateError(file, `${path}: ${type}.${name}: must have a list of instances`, PULL);
  return { mode, type, name, instances, ...(typeof module === "string" && { module }) };
};

/** Instances that are at their address; a deposed object is what a replacement left behind. */
const whole = ({ instances }: StateResource): StateInstance[] =>
  instances.filter(({ deposed }) => deposed === undefined);

const addressOf = ({ module, type, name }: StateResource, { index_key: key }: StateInstance): string => {
  const index = key === undefined ? "" : typeof key === "number" ? `[${key}]` : `["${key}"]`;
  return `${module === undefined ? "" : `${module}.`}${type}.${name}${index}`;
};

const instanceProblems = (resource: StateResource): string[] => {
  if (resource.instances.length === 0)
    return [
      `${addressOf(resource, {})}: has no instance: take it out first: terraform state rm '${addressOf(resource, {})}'`,
    ];
  return resource.instances.flatMap((instance) => {
    const address = addressOf(resource, instance);
    const isAlone = !whole(resource).some(({ index_key: key }) => key === instance.index_key);
    if (instance.deposed !== undefined)
      return [
        isAlone
          ? `${address}: holds only a deposed object, ${instance.deposed}: Terraform would make another; finish the old apply first, or put back the state from before it`
          : `${address}: has a deposed object, ${instance.deposed}, beside it: Terraform would destroy that; finish the old apply first`,
      ];
    if (instance.status === "tainted")
      return [
        `${address}: is tainted: Terraform would replace it; when it is well, first: terraform untaint '${address}', where the old Terraform runs`,
      ];
    if (!isFields(instance.attributes))
      return [`${address}: has no attributes: the state is damaged; ${PULL}`];
    return newerSchema(resource.type ?? "", address, instance.schema_version);
  });
};

/** Version of the schemas of the pinned provider, siderolabs/talos 0.11: the same for all that continue. */
const TALOS_SCHEMA = 1;

const newerSchema = (type: string, address: string, version: unknown): string[] => {
  return type.startsWith("talos_") && typeof version === "number" && version > TALOS_SCHEMA
    ? [
        `${address}: was written with a newer schema (${version}) than the pinned provider's (${TALOS_SCHEMA}): raise the provider first`,
      ]
    : [];
};

const runningFacts = (managed: readonly StateResource[]): RunningFacts => {
  const of = (wanted: string) =>
    managed
      .filter(({ type }) => type === wanted)
      .flatMap(({ instances }) => instances.map(({ attributes }) => fieldsOf(attributes)));
  const machines = of("talos_machine_configuration_apply").map(({ machine_configuration: text }) =>
    fieldsOf(mainDocument(text)),
  );
  const minor = of("talos_machine_secrets").map(({ talos_version }) => talos_version)[0];
  const kubelets = machines.map((machine) => fieldsOf(fieldsOf(machine.machine).kubelet).image);
  return {
    ...(typeof minor === "string" && /^v\d+\.\d+/.test(minor) && { talosContract: contractOf(minor) }),
    installImages: distinct(machines.map((machine) => fieldsOf(fieldsOf(machine.machine).install).image)),
    kubernetesVersions: distinct(
      kubelets.map((image) => (typeof image === "string" ? /:(v[\d.]+)$/.exec(image)?.[1] : undefined)),
    ),
  };
};

/** `v1.11` and `v1.11.5` are one contract. */
const contractOf = (version: string): string => `${/^v\d+\.\d+/.exec(version)?.[0]}.0`;
