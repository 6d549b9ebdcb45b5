/** Parses the contents of a resource: objects of Kubernetes, Helm's values, documents of a machine. */
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import { overlay } from "../../lib/core/helm/values.ts";
import { manifestDocuments } from "../../lib/core/kubernetes/manifest-text.ts";
import { inOneForm } from "../../lib/talos/documents.ts";

/** One thing that a resource holds. */
export interface Content {
  /** Kind of a Kubernetes object or of a machine's document; else the type of the resource. */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Undefined when it is not known, or cannot be read. */
  readonly value: unknown;
  readonly unknown: unknown;
  readonly sensitive: unknown;
  /** A single thing of its resource, which is compared whatever its name is. */
  readonly isOnly: boolean;
}

/** One side of a change, as Terraform writes it. */
export interface ChangeSide {
  readonly values: Fields;
  readonly unknown: Fields;
  readonly sensitive: unknown;
}

/** Kinds of the typed resources, without `_v1` and the like, where camel case does not give it. */
const TYPED: Readonly<Record<string, string>> = { config_map: "ConfigMap" };

const VERSION = /_v\d+((alpha|beta)\d+)?$/;

/** `ResourceQuota` of `kubernetes_resource_quota_v1`. */
const typedKind = (type: string): string => {
  const bare = type.replace(/^kubernetes_/, "").replace(VERSION, "");
  return TYPED[bare] ?? bare.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
};

/** Every document of a text of JSON or YAML; undefined when one cannot be read. */
const documents = (text: string): unknown[] | undefined => {
  const read = manifestDocuments(text);
  const values = read.flatMap((each) => ("value" in each ? [each.value] : []));
  return values.length === read.length ? values.filter((value) => value !== null) : undefined;
};

/** Fields that hold a text which is data. */
const DATA_FIELDS = ["values", "policy", "schematic", "config_patches", "valuesObject"];

/** Opens texts that are data, so that they are compared path by path. */
const opened = (value: unknown, key = ""): unknown => {
  if (typeof value === "string") {
    if (!(DATA_FIELDS.includes(key) || /^\s*[{[]/.test(value))) return value;
    const read = documents(value);
    return read?.length === 1 && typeof read[0] === "object" ? read[0] : value;
  }
  if (Array.isArray(value)) return value.map((each) => opened(each, key));
  return isFields(value)
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, opened(each, name)]))
    : value;
};

/** Maps whose keys people choose: they stay as they are. */
const MAPS = ["labels", "annotations", "data", "hard", "match_labels"];

/** Turns keys into Kubernetes' form: `scope_selector` is `scopeSelector`. */
const camel = (value: unknown, key = ""): unknown => {
  if (Array.isArray(value)) return value.map((each) => camel(each, key));
  if (!isFields(value) || MAPS.includes(key)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camel(each, name),
    ]),
  );
};

const first = (value: unknown): Fields => fieldsOf(Array.isArray(value) ? value[0] : value);

/** An object of Kubernetes, by its own words. */
const ofObject = (object: unknown, side: ChangeSide, isOnly: boolean): Content => {
  const { kind, metadata } = fieldsOf(object);
  const { name, namespace } = fieldsOf(metadata);
  return {
    kind: textOf(kind) || textOf(side.values.kind),
    name: textOf(name) || textOf(side.values.name),
    namespace: textOf(namespace) || textOf(side.values.namespace),
    value: opened(object),
    unknown: object === undefined,
    sensitive: false,
    isOnly,
  };
};

/** The attributes of the resource beside its objects. */
const ofAttributes = (
  kind: string,
  side: ChangeSide,
  without: readonly string[],
  more: Fields = {},
): Content => {
  const rest = (tree: unknown) =>
    Object.fromEntries(Object.entries(fieldsOf(tree)).filter(([key]) => !without.includes(key)));
  return {
    kind,
    name: textOf(side.values.name),
    namespace: textOf(side.values.namespace),
    value: { ...fieldsOf(opened(rest(side.values))), ...more },
    unknown: rest(side.unknown),
    sensitive: side.sensitive === true ? true : rest(side.sensitive),
    isOnly: true,
  };
};

const manifests = (read: unknown[] | undefined, side: ChangeSide): Content[] => {
  if (read === undefined || read.length === 0) return [ofObject(undefined, side, true)];
  return read.map((object) => ofObject(object, side, read.length === 1));
};

/** Values of a release, later texts over earlier ones as Helm lays them. */
const release = (side: ChangeSide): Content => {
  const layers = listOf(side.values.values).map((text) => documents(textOf(text)));
  const merged = layers
    .map((layer) => fieldsOf(layer?.[0]))
    .reduce((base, layer) => overlay<Fields>(base, layer), {});
  const isRead = layers.every((layer) => layer !== undefined && layer.length <= 1);
  return ofAttributes("helm_release", side, ["values"], { values: isRead ? merged : side.values.values });
};

const documentsIn = (field: string, side: ChangeSide | undefined): Fields[] | undefined => {
  const text = side?.values[field];
  return typeof text === "string" ? documents(text)?.map(fieldsOf) : undefined;
};

/**
 * `MachineConfig` is the document with `machine` and `cluster`; others have a kind of their own. A change of form alone,
 * from fields of the main document to documents, is no change.
 */
const machineDocuments = (field: string, side: ChangeSide, other: ChangeSide | undefined): Content[] => {
  const text = side.values[field];
  if (side.unknown[field] !== true && (text === null || text === undefined)) return [];
  const read = documentsIn(field, side);
  const all = read ? inOneForm(read, documentsIn(field, other) ?? read)[0] : [undefined];
  return all.map((document) => ({
    kind: textOf(fieldsOf(document).kind) || "MachineConfig",
    name: textOf(fieldsOf(document).name),
    namespace: field,
    value: document,
    unknown: document === undefined,
    sensitive: first(side.sensitive)[field] === true,
    isOnly: false,
  }));
};

const MACHINE_TEXTS = ["machine_configuration", "machine_configuration_input"];

/**
 * Everything that one side of a resource holds.
 *
 * @param other the side that it is compared with
 */
export const contentsOf = (type: string, side: ChangeSide, other?: ChangeSide): Content[] => {
  const { values, unknown } = side;
  if (type === "kubectl_manifest") {
    const isKnown = typeof values.yaml_body === "string" && unknown.yaml_body !== true;
    return [
      ...manifests(isKnown ? documents(textOf(values.yaml_body)) : undefined, side),
      ofAttributes(type, side, ["yaml_body"]),
    ];
  }
  if (type === "kubernetes_manifest") {
    const isKnown = isFields(values.manifest) && unknown.manifest !== true;
    return [
      ...manifests(isKnown ? [values.manifest] : undefined, side),
      ofAttributes(type, side, ["manifest"]),
    ];
  }
  if (type === "helm_release") return [release(side)];
  if (type === "talos_machine_configuration_apply")
    return [
      ...MACHINE_TEXTS.flatMap((field) => machineDocuments(field, side, other)),
      ofAttributes(type, side, MACHINE_TEXTS),
    ];
  if (!type.startsWith("kubernetes_")) return [ofAttributes(type, side, [])];
  const { name, namespace } = first(values.metadata);
  const typed = ofAttributes(typedKind(type), side, []);
  return [
    {
      ...typed,
      name: textOf(name),
      namespace: textOf(namespace),
      value: camel(typed.value),
      unknown: camel(typed.unknown),
      sensitive: camel(typed.sensitive),
    },
  ];
};
