/** What an adoption reads of a state: addresses, and how the machines were configured. Never a secret. */
import { parseAllDocuments } from "yaml";
import { type Fields, fieldsOf } from "../../lib/core/fields.ts";

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
}

interface StateResource {
  readonly module?: string;
  readonly mode?: string;
  readonly type?: string;
  readonly name?: string;
  readonly instances?: readonly { readonly index_key?: string | number; readonly attributes?: unknown }[];
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
});

/**
 * A state file, version 4, as `terraform state pull` writes it.
 *
 * Refused: anything else.
 */
export const readStateFile = (text: string): ReadState => {
  const { version, resources } = fieldsOf(json(text)) as {
    version?: unknown;
    resources?: readonly StateResource[];
  };
  if (version !== 4 || !Array.isArray(resources))
    throw new Error("state: must be a Terraform state of version 4, as terraform state pull writes it");
  const managed = (resources as readonly StateResource[]).filter(({ mode }) => mode === "managed");
  return { addresses: managed.flatMap(addressesOf), running: runningFacts(managed) };
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("state: must be JSON");
  }
};

const addressesOf = ({ module, type, name, instances = [] }: StateResource): string[] =>
  instances.map(({ index_key: key }) => {
    const index = key === undefined ? "" : typeof key === "number" ? `[${key}]` : `["${key}"]`;
    return `${module === undefined ? "" : `${module}.`}${type}.${name}${index}`;
  });

const runningFacts = (managed: readonly StateResource[]): RunningFacts => {
  const of = (wanted: string) =>
    managed
      .filter(({ type }) => type === wanted)
      .flatMap(({ instances = [] }) => instances.map(({ attributes }) => fieldsOf(attributes)));
  const machines = of("talos_machine_configuration_apply").map(({ machine_configuration: text }) =>
    mainDocument(text),
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

/** The document with `machine` and `cluster` of a machine configuration. */
const mainDocument = (text: unknown): Fields => {
  if (typeof text !== "string") return {};
  const documents = parseAllDocuments(text);
  const found = Array.isArray(documents)
    ? documents.map((document) => fieldsOf(document.toJS())).find((document) => "machine" in document)
    : undefined;
  return found ?? {};
};
