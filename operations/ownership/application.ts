/** Reads an ArgoCD Application: the sources of its objects, and the Helm releases that it makes. */
import { parse } from "yaml";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import { overlay } from "../../lib/core/helm/values.ts";
import { groupKindOf } from "../../lib/core/kubernetes/object-id.ts";

const IN_CLUSTER = ["https://kubernetes.default.svc", "in-cluster"];
const CASCADE = /^resources-finalizer\.argocd\.argoproj\.io(\/|$)/;

export interface ApplicationSource {
  readonly repository: string;
  readonly revision: string;
  /** Directory of the repository; undefined for a chart of a Helm repository, and for a source that lends its files. */
  readonly path?: string;
  readonly chart?: string;
  /** By which value files of other sources call it. */
  readonly ref?: string;
  readonly helm: Fields;
  readonly kustomize: Fields;
  readonly directory: Fields;
}

/** A Helm release, as ArgoCD or Terraform names it. */
export interface Release {
  readonly namespace: string;
  readonly name: string;
  readonly chart: string;
  readonly version: string;
}

export const isApplication = (object: Fields): boolean => groupKindOf(object) === "argoproj.io/Application";

/** The namespace that objects go to which name none. */
export const destinationOf = ({ spec }: Fields): string =>
  textOf(fieldsOf(fieldsOf(spec).destination).namespace) || "default";

/** True when its objects go to the cluster that ArgoCD runs in. */
export const isInCluster = ({ spec }: Fields): boolean => {
  const { server, name } = fieldsOf(fieldsOf(spec).destination);
  return IN_CLUSTER.includes(textOf(server) || textOf(name));
};

/** True when its deletion deletes what it applied. */
export const cascades = ({ metadata }: Fields): boolean =>
  listOf(fieldsOf(metadata).finalizers).some((finalizer) => CASCADE.test(textOf(finalizer)));

export const sourcesOf = ({ spec }: Fields): ApplicationSource[] => {
  const { source, sources } = fieldsOf(spec);
  return (Array.isArray(sources) ? sources : [source]).filter(isFields).map((each) => ({
    repository: textOf(each.repoURL),
    revision: textOf(each.targetRevision) || "HEAD",
    ...(typeof each.path === "string" && { path: each.path }),
    ...(typeof each.chart === "string" && { chart: each.chart }),
    ...(typeof each.ref === "string" && { ref: each.ref }),
    helm: fieldsOf(each.helm),
    kustomize: fieldsOf(each.kustomize),
    directory: fieldsOf(each.directory),
  }));
};

export const releasesOf = (application: Fields): Release[] =>
  sourcesOf(application).flatMap(({ chart, revision, helm }) =>
    chart === undefined
      ? []
      : [
          {
            namespace: destinationOf(application),
            name: textOf(helm.releaseName) || textOf(fieldsOf(application.metadata).name),
            chart,
            version: revision,
          },
        ],
  );

/**
 * The values that a Helm source gives, the later laid over the earlier: files, `values`, `valuesObject`, parameters.
 * @param readFile a value file's content; undefined when it cannot be read
 */
export const helmValues = ({ helm }: ApplicationSource, readFile: (path: string) => unknown): Fields => {
  const inline = typeof helm.values === "string" ? parse(helm.values) : undefined;
  const parameters = listOf(helm.parameters)
    .map(fieldsOf)
    .map(({ name, value }) => nested(textOf(name).split("."), value));
  const layers = [
    ...listOf(helm.valueFiles).map(textOf).map(readFile),
    inline,
    helm.valuesObject,
    ...parameters,
  ];
  return layers.filter(isFields).reduce<Fields>((values, layer) => overlay(values, layer), {});
};

const nested = (path: readonly string[], value: unknown): Fields =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Fields;

/** The same repository whichever way it is written. */
export const sameRepository = (a: string, b: string): boolean => canonical(a) === canonical(b);

const canonical = (url: string): string =>
  url
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, "")
    .replace(/^[^@/]*@/, "")
    .replace(":", "/")
    .replace(/(\.git)?\/*$/, "");
