/**
 * Builds a directory of manifests as `kustomize build` would, as far as ownership and the network depend
 * on it: which objects there are, what they are called, where, their hosts, addresses, labels and pods. What is not
 * modelled is noted.
 */
import { posix } from "node:path";
import type { Operation } from "rfc6902";
import { type Fields, fieldsOf, listOf } from "../../lib/core/fields.ts";
import { CLUSTER_KINDS, groupKindOf } from "../../lib/core/kubernetes/object-id.ts";
import { type Checkout, documentsOf, UnreadableError, valuesOf } from "./checkout.ts";
import { withImages } from "./images.ts";
import { labelled } from "./labels.ts";
import {
  isNamedBy,
  isTargeted,
  mergedPatch,
  nameOf,
  operated,
  PatchError,
  type Resource,
  type Target,
} from "./patches.ts";

/** Something that could not be read, so nobody knows whether it has two owners. */
export interface Unknown {
  /** File or directory of the checkout, or an address of Terraform. */
  readonly where: string;
  readonly why: string;
}

/** Fields that change neither which objects there are nor what ownership looks at. */
const HARMLESS = [
  "apiVersion",
  "kind",
  "metadata",
  "commonAnnotations",
  "replicas",
  "buildMetadata",
  "sortOptions",
  "generatorOptions",
  "configurations",
  "crds",
  "openapi",
  "validators",
];
const MODELLED = [
  "images",
  "resources",
  "bases",
  "components",
  "namespace",
  "namePrefix",
  "nameSuffix",
  "patches",
  "patchesStrategicMerge",
  "patchesJson6902",
  "configMapGenerator",
  "secretGenerator",
  "labels",
  "commonLabels",
];

/** Kinds whose names kustomize never prefixes. */
const KEEPS_NAME = [
  "/Namespace",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "apiregistration.k8s.io/APIService",
];
const MANIFEST = /\.(ya?ml|json)$/;

export class Kustomize {
  constructor(
    private readonly checkout: Checkout,
    private readonly unknown: (unknown: Unknown) => void,
  ) {}

  /** The objects of a directory with a kustomization. `more` is laid over it, as an Application can. */
  build(directory: string, more: Fields = {}): Resource[] {
    const built = this.directory(directory, [], []);
    const result =
      Object.keys(more).length === 0 ? built : this.transformed(built, more, directory, directory);
    return result.filter(({ object }) => !isLocal(object));
  }

  /** The objects of plain manifests in a directory. */
  manifests(directory: string, recurse: boolean): Resource[] {
    return this.checkout.list(directory).flatMap((name) => {
      const path = posix.join(directory, name);
      if (this.checkout.isDirectory(path)) return recurse ? this.manifests(path, recurse) : [];
      return MANIFEST.test(name) ? this.file(path, undefined) : [];
    });
  }

  private directory(directory: string, around: readonly Resource[], above: readonly string[]): Resource[] {
    const file = this.checkout.kustomization(directory);
    if (file === undefined) return this.note(directory, "must hold a kustomization", around);
    if (above.includes(directory))
      return this.note(file, `leads back to itself: ${above.join(" → ")}`, around);
    return this.attempt(file, around, () => {
      const [kustomization = {}] = this.checkout.documents(file);
      for (const field of Object.keys(kustomization).filter(
        (key) => ![...HARMLESS, ...MODELLED].includes(key),
      ))
        this.unknown({ where: file, why: `${field}: what it makes or changes is not read` });
      const below = [...above, directory];
      const { resources, bases, components } = kustomization;
      const own = [...listOf(resources), ...listOf(bases)].flatMap((entry) =>
        this.entry(directory, entry, file, below),
      );
      const generated = [
        ...this.generated(kustomization, "configMapGenerator", "ConfigMap", file),
        ...this.generated(kustomization, "secretGenerator", "Secret", file),
      ];
      const all = listOf(components).reduce<Resource[]>(
        (resources, entry) => this.component(directory, entry, file, below, resources),
        [...around, ...own, ...generated],
      );
      return this.transformed(all, kustomization, directory, file);
    });
  }

  /** A file, or a directory with a kustomization of its own. */
  private entry(directory: string, entry: unknown, file: string, above: readonly string[]): Resource[] {
    const path = this.local(directory, entry, file);
    if (path === undefined) return [];
    if (this.checkout.isFile(path)) return this.file(path, file);
    if (this.checkout.isDirectory(path)) return this.directory(path, [], above);
    return this.note(file, `${entry}: is not there`);
  }

  private component(
    directory: string,
    entry: unknown,
    file: string,
    above: readonly string[],
    resources: Resource[],
  ): Resource[] {
    const path = this.local(directory, entry, file);
    if (path === undefined) return resources;
    if (!this.checkout.isDirectory(path)) return this.note(file, `${entry}: is not there`, resources);
    return this.directory(path, resources, above);
  }

  private local(directory: string, entry: unknown, file: string): string | undefined {
    if (typeof entry !== "string") {
      this.unknown({ where: file, why: `must list paths: got ${JSON.stringify(entry)}` });
      return undefined;
    }
    const path = isRemote(entry) ? undefined : this.checkout.resolve(directory, entry);
    if (path === undefined) this.unknown({ where: file, why: `${entry}: is not in this checkout` });
    return path;
  }

  private file(path: string, listedIn: string | undefined): Resource[] {
    return this.attempt(path, [], () =>
      this.checkout.documents(path).map((object) => ({ object, file: path, listedIn, called: [] })),
    );
  }

  /** Objects that the kustomization makes; those whose names end in a hash of their content are noted. */
  private generated(kustomization: Fields, field: string, kind: string, file: string): Resource[] {
    return listOf(kustomization[field]).flatMap((entry) => {
      const { name, namespace, options } = fieldsOf(entry);
      const { disableNameSuffixHash } = { ...fieldsOf(kustomization.generatorOptions), ...fieldsOf(options) };
      if (disableNameSuffixHash !== true)
        return this.note(file, `${field}: ${name}: its name ends in a hash of its content`);
      const metadata = { name, ...(namespace !== undefined && { namespace }) };
      return [{ object: { apiVersion: "v1", kind, metadata }, file, listedIn: undefined, called: [] }];
    });
  }

  private transformed(resources: Resource[], fields: Fields, directory: string, file: string): Resource[] {
    const patched = [
      ...listOf(fields.patchesStrategicMerge).map((entry) => ({ patch: entry })),
      ...listOf(fields.patches),
      ...listOf(fields.patchesJson6902),
    ].reduce<Resource[]>((all, patch) => this.patched(all, fieldsOf(patch), directory, file), resources);
    const { namespace, namePrefix: prefix = "", nameSuffix: suffix = "" } = fields;
    return patched
      .map((resource) => renamed(resource, namespace, (name) => `${prefix}${name}${suffix}`))
      .map((resource) => ({ ...resource, object: withImages(labelled(resource.object, fields), fields) }));
  }

  private patched(resources: Resource[], entry: Fields, directory: string, file: string): Resource[] {
    return this.attempt(file, resources, () => {
      const text = this.patchText(entry, directory, file);
      if (text === undefined) return resources;
      const target = entry.target === undefined ? undefined : (fieldsOf(entry.target) as Target);
      const operations = operationsIn(text, file);
      if (operations && target)
        return this.apply(resources, file, target, (resource) => operated(resource.object, operations));
      const keeps = fieldsOf(entry.options).allowNameChange !== true;
      return documentsOf(text, file).reduce<Resource[]>(
        (all, patch) =>
          this.apply(all, file, target ?? patch, (resource) => mergedPatch(resource.object, patch, keeps)),
        resources,
      );
    });
  }

  /** Of a path, inline, or as `patchesStrategicMerge` has either. */
  private patchText({ path, patch }: Fields, directory: string, file: string): string | undefined {
    const isPath = typeof patch === "string" && !patch.includes("\n") && /\.(ya?ml|json)$/.test(patch.trim());
    if (typeof patch === "string" && !isPath) return patch;
    const found = this.local(directory, path ?? patch, file);
    return found === undefined ? undefined : this.checkout.text(found);
  }

  private apply(
    resources: Resource[],
    file: string,
    target: Target | Fields,
    change: (resource: Resource) => Fields | undefined,
  ): Resource[] {
    // A patch without a target is for the one object that it names.
    const isMeant = (resource: Resource) =>
      "metadata" in target ? isNamedBy(resource, target) : isTargeted(resource, target as Target);
    if ("metadata" in target && !resources.some(isMeant))
      return this.note(
        file,
        `a patch of ${target.kind} ${nameOf({ object: target }).name} finds nothing`,
        resources,
      );
    return resources.flatMap((resource) => {
      if (!isMeant(resource)) return [resource];
      const object = change(resource);
      return object ? [{ ...resource, object }] : [];
    });
  }

  private attempt(where: string, otherwise: readonly Resource[], work: () => Resource[]): Resource[] {
    try {
      return work();
    } catch (error) {
      if (error instanceof UnreadableError)
        return this.note(where, withoutPath(error.message, where), otherwise);
      if (error instanceof PatchError || error instanceof SyntaxError)
        return this.note(where, error.message, otherwise);
      throw error;
    }
  }

  private note(where: string, why: string, otherwise: readonly Resource[] = []): Resource[] {
    this.unknown({ where, why });
    return [...otherwise];
  }
}

const withoutPath = (message: string, path: string): string =>
  message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;

const isRemote = (entry: string): boolean =>
  /^[a-z+]+:\/\//.test(entry) || /^(git@|github\.com[/:])/.test(entry) || entry.includes("?ref=");

/** The operations of a JSON patch; undefined when the text is another patch. */
const operationsIn = (text: string, file: string): readonly Operation[] | undefined => {
  const [value] = valuesOf(text, file);
  return Array.isArray(value) ? value : undefined;
};

/** Meant for kustomize alone. */
const isLocal = ({ metadata }: Fields): boolean => {
  const local = fieldsOf(fieldsOf(metadata).annotations)["config.kubernetes.io/local-config"];
  return local !== undefined && local !== "false";
};

/** As the namespace, prefix and suffix transformers do it; a Namespace is called after the namespace. */
const renamed = (resource: Resource, namespace: unknown, rename: (name: string) => string): Resource => {
  const { object } = resource;
  const kind = groupKindOf(object);
  const before = nameOf(resource);
  const moves = typeof namespace === "string" && namespace !== "";
  const name = KEEPS_NAME.includes(kind)
    ? moves && kind === "/Namespace"
      ? namespace
      : before.name
    : rename(before.name);
  const isMoved = moves && !CLUSTER_KINDS.has(kind);
  if (name === before.name && !isMoved) return resource;
  const metadata = { ...fieldsOf(object.metadata), name, ...(isMoved && { namespace }) };
  return { ...resource, object: { ...object, metadata }, called: [...resource.called, before] };
};
