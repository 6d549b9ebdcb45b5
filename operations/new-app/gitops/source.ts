/** One app of a GitOps checkout, as its Applications apply it in each environment. */
import { posix, resolve } from "node:path";
import { parse } from "yaml";
import { type Fields, fieldsOf, listOf, textOf } from "../../../lib/core/fields.ts";
import { UsageError } from "../../../lib/core/usage-error.ts";
import {
  type ApplicationSource,
  destinationOf,
  helmValues,
  isApplication,
  sourcesOf,
} from "../../ownership/application.ts";
import { Checkout } from "../../ownership/checkout.ts";
import { Kustomize } from "../../ownership/kustomize.ts";
import { nameOf } from "../../ownership/patches.ts";
import type { ManagedDatabase } from "./databases.ts";
import { fieldsIn, ofKind, present } from "./objects.ts";

/** A chart that an Application installs. */
export interface InstalledChart {
  readonly repository: string;
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly values: Fields;
}

/** The objects that are applied for the app in one environment. */
export interface AppliedApp {
  readonly environment: string;
  /** The namespace of objects that name none. */
  readonly namespace: string;
  readonly objects: readonly Fields[];
  readonly chart: InstalledChart | undefined;
  /** Repository and directories of manifests. */
  readonly repository: string;
  readonly revision: string;
  readonly paths: readonly string[];
  /** Differences that ArgoCD leaves alone, by JSON pointers. */
  readonly ignoreDifferences: readonly Fields[];
  readonly notes: readonly string[];
}

/** An app of the checkout. */
export interface GitopsApp {
  readonly name: string;
  readonly applied: readonly AppliedApp[];
  /** Paths in the secret store by the Secret that is made of them, in the whole checkout. */
  readonly secretPaths: ReadonlyMap<string, string>;
  readonly databases: readonly ManagedDatabase[];
}

/** @param directory `CHECKOUT/apps/<category>/<app>` @param environments those of the homelab */
export const readGitopsApp = (directory: string, environments: readonly string[]): GitopsApp => {
  const full = resolve(directory);
  const at = full.lastIndexOf("/apps/");
  const refuse = (rule: string) => {
    throw new UsageError(`--from-gitops: ${rule}: got ${JSON.stringify(directory)}`);
  };
  if (at === -1) return refuse("must be CHECKOUT/apps/…, the directory of one app");
  const [root, path] = [full.slice(0, at), full.slice(at + 1)];
  const checkout = openCheckout(root) ?? refuse("must lie in a checkout of the GitOps repository");
  if (!checkout.isDirectory(path)) return refuse("must be a directory of the checkout");
  const applied = environments.flatMap((environment) => appliedIn(checkout, path, environment) ?? []);
  if (applied.length === 0)
    return refuse(
      `must be applied by an Application in ${environments.map((name) => `argocd/overlays/${name}`).join(" or ")}`,
    );
  const secrets = objectsNaming(checkout, "InfisicalSecret", /(infisical|secret)[^/]*$/i);
  return {
    name: posix.basename(path),
    applied,
    secretPaths: new Map(secrets.flatMap(infisicalPaths)),
    databases: databasesIn(checkout),
  };
};

const openCheckout = (root: string): Checkout | undefined => {
  try {
    const checkout = new Checkout(root);
    return checkout.isDirectory("apps") && checkout.isDirectory("argocd/overlays") ? checkout : undefined;
  } catch {
    return undefined;
  }
};

const isUnder = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(`${directory}/`);

/** True when a source takes manifests or values from the directory. */
const takesFrom = ({ path = "", helm }: ApplicationSource, directory: string): boolean =>
  isUnder(path, directory) ||
  listOf(helm.valueFiles).some((file) => isUnder(textOf(file).replace(/^\$[^/]+\//, ""), directory));

/** Applications of an environment that take something from the directory, with whether they are switched on. */
const applicationsOf = (checkout: Checkout, directory: string, environment: string) => {
  const overlay = `argocd/overlays/${environment}`;
  const [file, folder] = [checkout.kustomization(overlay), `${overlay}/apps`];
  if (file === undefined || !checkout.isDirectory(folder)) return [];
  const listed = checkout.documents(file).flatMap(({ resources }) => listOf(resources).map(textOf));
  const isTaken = (object: Fields) =>
    isApplication(object) && sourcesOf(object).some((source) => takesFrom(source, directory));
  return checkout
    .list(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .flatMap((name) => {
      const objects = checkout.documents(`${folder}/${name}`).filter(isTaken);
      return objects.map((object) => ({ object, isOn: listed.includes(`apps/${name}`) }));
    });
};

const appliedIn = (checkout: Checkout, directory: string, environment: string): AppliedApp | undefined => {
  const all = applicationsOf(checkout, directory, environment);
  const on = all.filter(({ isOn }) => isOn);
  const applications = (on.length > 0 ? on : all).map(({ object }) => object);
  const [first] = applications.toSorted((a, b) => charts(b).length - charts(a).length);
  if (first === undefined) return undefined;
  const notes: string[] =
    on.length > 0 ? [] : [`is switched off in ${environment}: its Application is not listed`];
  const note = (where: string, why: string) => notes.push(`${where}: ${why}`);
  const kustomize = new Kustomize(checkout, ({ where, why }) => note(where, why));
  const sources = applications.flatMap(sourcesOf).filter(({ chart }) => chart === undefined);
  const paths = [...new Set(sources.flatMap(({ path }) => path ?? []))].filter((path) =>
    checkout.isDirectory(path),
  );
  const objects = paths.flatMap((path) =>
    checkout.kustomization(path) === undefined ? kustomize.manifests(path, false) : kustomize.build(path),
  );
  const [source] = sourcesOf(first).filter(({ path }) => path !== undefined);
  const [installed, ...others] = applications.flatMap((application) =>
    charts(application).map((chart) => installedChart(checkout, application, chart, note)),
  );
  for (const { name } of others) note("chart", `${name} is another release: make it an app of its own`);
  return {
    environment,
    namespace: destinationOf(first),
    objects: objects.map(({ object }) => object),
    chart: installed,
    repository: source?.repository ?? "",
    revision: source?.revision ?? "",
    paths,
    ignoreDifferences: ignored(first, note),
    notes,
  };
};

const ignored = ({ spec }: Fields, note: (where: string, why: string) => void): Fields[] =>
  fieldsIn(fieldsOf(spec).ignoreDifferences).flatMap(({ group, kind, name, jsonPointers, ...others }) => {
    for (const field of Object.keys(others))
      note(`ignoreDifferences of ${textOf(kind)}`, `${field}: not carried over`);
    const fields = present({ group: group === "" ? undefined : group, kind, name });
    return jsonPointers === undefined ? [] : [{ ...fields, jsonPointers }];
  });

const charts = (application: Fields): ApplicationSource[] =>
  sourcesOf(application).filter(({ chart }) => chart !== undefined);

const installedChart = (
  checkout: Checkout,
  application: Fields,
  source: ApplicationSource,
  note: (where: string, why: string) => void,
): InstalledChart => ({
  repository: source.repository,
  name: source.chart ?? "",
  version: source.revision,
  release: textOf(source.helm.releaseName) || nameOf({ object: application }).name,
  values: helmValues(source, (file) => {
    const path = checkout.resolve("", file.replace(/^\$[^/]+\//, ""));
    if (path !== undefined && checkout.isFile(path)) return parse(checkout.text(path), { merge: true });
    note(file, "value file is not in this checkout");
    return undefined;
  }),
});

/** The objects of files below `apps` that name a kind, whoever applies them. */
const objectsNaming = (checkout: Checkout, kind: string, file: RegExp): Fields[] => {
  const below = (directory: string): Fields[] =>
    checkout
      .list(directory)
      .map((name) => posix.join(directory, name))
      .flatMap((path) => {
        if (checkout.isDirectory(path)) return below(path);
        if (!file.test(path) || !/\.ya?ml$/.test(path) || !checkout.text(path).includes(kind)) return [];
        return checkout.documents(path);
      });
  return below("apps");
};

/** Databases of CloudNativePG, with the credentials of their managed roles. */
const databasesIn = (checkout: Checkout): ManagedDatabase[] => {
  const objects = objectsNaming(checkout, "postgresql.cnpg.io/", /./);
  const secrets = new Map(objectsNaming(checkout, "InfisicalSecret", /./).flatMap(infisicalPaths));
  const roles = ofKind(objects, "Cluster").flatMap(({ spec }) =>
    fieldsIn(fieldsOf(fieldsOf(spec).managed).roles),
  );
  return ofKind(objects, "Database").map(({ spec }) => {
    const { cluster, name, owner } = fieldsOf(spec);
    const { passwordSecret } = roles.find((role) => role.name === owner) ?? {};
    return {
      server: textOf(fieldsOf(cluster).name),
      name: textOf(name),
      owner: textOf(owner),
      path: secrets.get(textOf(fieldsOf(passwordSecret).name)),
    };
  });
};

/** Names of the Secrets that an InfisicalSecret makes, with their path. */
export const infisicalPaths = (object: Fields): (readonly [string, string])[] => {
  if (object.kind !== "InfisicalSecret") return [];
  const { authentication, managedSecretReference, managedKubeSecretReferences } = fieldsOf(object.spec);
  const scope = fieldsOf(fieldsOf(fieldsOf(authentication).universalAuth).secretsScope);
  const path = textOf(scope.secretsPath);
  return [managedSecretReference, ...listOf(managedKubeSecretReferences)]
    .map((reference) => textOf(fieldsOf(reference).secretName))
    .filter((name) => name !== "" && path !== "")
    .map((name) => [name, path] as const);
};
