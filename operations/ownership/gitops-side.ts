/** The objects that the Applications of a GitOps repository would apply, as a checkout of it says. */
import { posix } from "node:path";
import { parse } from "yaml";
import { type Fields, fieldsOf } from "../../lib/core/fields.ts";
import {
  type ApplicationSource,
  cascades,
  destinationOf,
  helmValues,
  isApplication,
  isInCluster,
  type Release,
  releasesOf,
  sameRepository,
  sourcesOf,
} from "./application.ts";
import type { Checkout } from "./checkout.ts";
import { Kustomize, type Unknown } from "./kustomize.ts";
import type { Resource } from "./patches.ts";

/** An Application, with where it stands. */
export interface ApplicationFile {
  readonly name: string;
  readonly file: string;
  /** Kustomization that lists the file, and as what. */
  readonly listedIn: string | undefined;
  readonly entry: string | undefined;
  /** True when its deletion deletes what it applied. */
  readonly cascades: boolean;
}

/** The owner of something on that side. An Application counts as its own; what has none is the root application's. */
export interface GitopsOwner {
  readonly file: string;
  readonly listedIn: string | undefined;
  readonly application: ApplicationFile | undefined;
}

export interface GitopsObject {
  readonly owner: GitopsOwner;
  readonly object: Fields;
  /** The namespace when it names none. */
  readonly namespace: string;
  /** Values that its charts get, for an Application. */
  readonly values: readonly Fields[];
}

export interface GitopsRelease extends Release {
  readonly owner: GitopsOwner;
}

export interface GitopsSide {
  readonly objects: readonly GitopsObject[];
  readonly releases: readonly GitopsRelease[];
  readonly unknown: readonly Unknown[];
}

export interface GitopsRoot {
  /** Directory that the root application syncs. */
  readonly path: string;
  /** URL and revision that it syncs from. */
  readonly repository: string;
  readonly revision: string;
  /** Namespace of ArgoCD. */
  readonly namespace: string;
}

/** Builds a directory with a kustomization; undefined leaves that to the reader of this project. */
export type Build = (directory: string) => readonly Fields[] | undefined;

export const gitopsSide = (
  checkout: Checkout,
  root: GitopsRoot,
  build: Build = () => undefined,
): GitopsSide => new Reader(checkout, root, build).side();

class Reader {
  private readonly objects: GitopsObject[] = [];
  private readonly releases: GitopsRelease[] = [];
  private readonly unknown: Unknown[] = [];
  private readonly kustomize: Kustomize;
  private readonly seen = new Set<string>();

  constructor(
    private readonly checkout: Checkout,
    private readonly root: GitopsRoot,
    private readonly build: Build,
  ) {
    this.kustomize = new Kustomize(checkout, (unknown) => this.unknown.push(unknown));
  }

  side(): GitopsSide {
    this.take(this.kustomize.build(this.root.path), undefined, this.root.namespace);
    const { objects, releases } = this;
    // A directory that several Applications build says the same several times.
    const unknown = new Map(this.unknown.map((each) => [`${each.where}: ${each.why}`, each]));
    return { objects, releases, unknown: [...unknown.values()] };
  }

  private take(resources: readonly Resource[], by: ApplicationFile | undefined, namespace: string): void {
    for (const { object, file, listedIn } of resources) {
      if (isApplication(object)) {
        this.application(object, applicationFile(object, file, listedIn), namespace);
        continue;
      }
      if (object.kind === "ApplicationSet") this.note(file, "ApplicationSet: what it generates is not read");
      this.objects.push({ owner: { file, listedIn, application: by }, object, namespace, values: [] });
    }
  }

  private application(object: Fields, application: ApplicationFile, namespace: string): void {
    const { name, file, listedIn } = application;
    if (this.seen.has(name)) {
      this.note(file, `Application ${name}: is there twice`);
      return;
    }
    this.seen.add(name);
    const owner = { file, listedIn, application };
    this.objects.push({ owner, object, namespace, values: this.valuesOf(object, file) });
    if (!isInCluster(object)) {
      this.note(file, `Application ${name}: goes to another cluster than ArgoCD's own`);
      return;
    }
    this.releases.push(...releasesOf(object).map((release) => ({ ...release, owner })));
    for (const source of sourcesOf(object))
      this.take(this.sourceObjects(source, file, name), application, destinationOf(object));
  }

  private sourceObjects(source: ApplicationSource, file: string, name: string): Resource[] {
    const { path, chart, repository, revision } = source;
    // Its release says the rest.
    if (chart !== undefined) return [];
    if (path === undefined) return [];
    if (!sameRepository(repository, this.root.repository)) {
      this.note(file, `Application ${name}: ${repository} ${path}: is not in this checkout`);
      return [];
    }
    if (revision !== this.root.revision)
      this.note(
        file,
        `Application ${name}: syncs ${revision}, and the root application ${this.root.revision}: read as the checkout has it`,
      );
    return this.directory(source, this.checkout.resolve("", path), file, name);
  }

  private directory(
    source: ApplicationSource,
    path: string | undefined,
    file: string,
    name: string,
  ): Resource[] {
    if (path === undefined || !this.checkout.isDirectory(path)) {
      this.note(file, `Application ${name}: ${source.path}: is no directory of the checkout`);
      return [];
    }
    if (this.checkout.isFile(posix.join(path, "Chart.yaml"))) {
      this.note(file, `Application ${name}: chart in ${path}: what it makes is not known unrendered`);
      return [];
    }
    const kustomization = this.checkout.kustomization(path);
    if (kustomization !== undefined) {
      const built = Object.keys(source.kustomize).length === 0 ? this.build(path) : undefined;
      return (
        built?.map((object) => ({ object, file: kustomization, listedIn: undefined, called: [] })) ??
        this.kustomize.build(path, source.kustomize)
      );
    }
    for (const field of ["include", "exclude", "jsonnet"].filter((field) => field in source.directory))
      this.note(file, `Application ${name}: directory.${field}: is not read; every manifest counts`);
    return this.kustomize.manifests(path, source.directory.recurse === true);
  }

  private valuesOf(application: Fields, file: string): Fields[] {
    const sources = sourcesOf(application);
    return sources
      .filter(({ chart }) => chart !== undefined)
      .map((source) => helmValues(source, (path) => this.valueFile(path, sources, file)));
  }

  /** A value file of another source, `$ref/path`. */
  private valueFile(file: string, sources: readonly ApplicationSource[], application: string): unknown {
    const [, ref, inside = ""] = /^\$([^/]+)\/(.*)$/.exec(file) ?? [];
    const lender = sources.find((source) => ref !== undefined && source.ref === ref);
    const isHere = lender && sameRepository(lender.repository, this.root.repository);
    const path = isHere ? this.checkout.resolve("", inside) : undefined;
    if (path !== undefined && this.checkout.isFile(path))
      return parse(this.checkout.text(path), { merge: true });
    this.note(application, `value file ${file}: is not in this checkout, so its hosts are not known`);
    return undefined;
  }

  private note(where: string, why: string): void {
    this.unknown.push({ where, why });
  }
}

const applicationFile = (object: Fields, file: string, listedIn: string | undefined): ApplicationFile => ({
  name: String(fieldsOf(object.metadata).name),
  file,
  listedIn,
  entry: listedIn && posix.relative(posix.dirname(listedIn), file),
  cascades: cascades(object),
});
