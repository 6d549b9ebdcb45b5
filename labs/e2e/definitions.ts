/** Definitions of the custom kinds that the stacks use, from where their projects publish them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { manifestObjects } from "../../lib/core/kubernetes/manifest-text.ts";
import type { CustomResourceDefinition } from "./definition.ts";
import { moduleDirectory } from "./go-modules.ts";
import { infisicalSecretDefinition } from "./infisical-secret-definition.ts";
import type { KubernetesObject } from "./kubectl.ts";
import { talosServiceAccountDefinition } from "./talos-service-account-definition.ts";

/** The version of the program that a chart installs, by the chart and its version: `appVersion` of the chart. */
const INSTALLED_BY: Readonly<Record<string, string>> = {
  "argo-cd 7.7.7": "v2.13.1",
  "velero 12.0.0": "v1.18.0",
};

/** Version that a chart installs; a version of a chart that nobody looked at is refused. */
const installedBy = (chart: string, version: string): string => {
  const installed = INSTALLED_BY[`${chart} ${version}`];
  if (installed !== undefined) return installed;
  throw new Error(
    `chart ${chart} ${version}: what it installs is not known: add its appVersion to labs/e2e/definitions.ts`,
  );
};

interface Source {
  readonly group: string;
  definitions(
    environment: Environment,
    objects: readonly KubernetesObject[],
  ): Promise<CustomResourceDefinition[]>;
}

const sources: readonly Source[] = [
  {
    group: "cilium.io",
    definitions: async ({ versions }) => {
      const directory = await moduleDirectory("github.com/cilium/cilium", `v${versions.cilium}`);
      return readDefinitions(join(directory, "pkg/k8s/apis/cilium.io/client/crds"));
    },
  },
  {
    group: "argoproj.io",
    definitions: async ({ versions: { argocdChart } }) => {
      const version = installedBy("argo-cd", argocdChart);
      const [major] = version.split(".");
      return readDefinitions(
        join(await moduleDirectory(`github.com/argoproj/argo-cd/${major}`, version), "manifests/crds"),
      );
    },
  },
  { group: "secrets.infisical.com", definitions: async () => [infisicalSecretDefinition] },
  { group: "talos.dev", definitions: async () => [talosServiceAccountDefinition] },
  {
    group: "velero.io",
    definitions: async (_, objects) => {
      const version = installedBy("velero", chartVersion(objects, "velero"));
      return readDefinitions(
        join(await moduleDirectory("github.com/vmware-tanzu/velero", version), "config/crd/v1/bases"),
      );
    },
  },
];

/** Version of the chart that an Application installs. Refused: no such Application. */
const chartVersion = (objects: readonly KubernetesObject[], chart: string): string => {
  const sources = objects
    .filter(({ kind }) => kind === "Application")
    .map(({ spec }) => (spec as { source?: { chart?: string; targetRevision?: string } }).source);
  const version = sources.find((source) => source?.chart === chart)?.targetRevision;
  if (version === undefined) throw new Error(`no Application installs the chart ${chart}`);
  return version;
};

const readDefinitions = (directory: string): CustomResourceDefinition[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .flatMap((file) => manifestObjects(readFileSync(join(directory, file), "utf8")))
    .filter((object) => object.kind === "CustomResourceDefinition") as unknown as CustomResourceDefinition[];

const groupOf = ({ apiVersion }: KubernetesObject): string =>
  apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";

/** Groups of Kubernetes itself have no dot, or end with `.k8s.io`. */
const isCustom = (object: KubernetesObject): boolean =>
  groupOf(object).includes(".") && !groupOf(object).endsWith(".k8s.io");

/**
 * The definitions for the custom kinds among objects: all that a source has, if any of its kinds is used.
 *
 * Refused, all at once: a group without a source; a kind that its source does not define or does not serve.
 */
export const definitionsFor = async (
  objects: readonly KubernetesObject[],
  environment: Environment,
): Promise<CustomResourceDefinition[]> => {
  const custom = objects.filter(isCustom);
  const groups = [...new Set(custom.map(groupOf))];
  const used = sources.filter(({ group }) => groups.includes(group));
  const definitions = (
    await Promise.all(used.map((source) => source.definitions(environment, objects)))
  ).flat();
  const problems = unserved(custom, definitions);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return definitions;
};

/** Kinds of objects that no definition serves, a line each. */
export const unserved = (
  objects: readonly KubernetesObject[],
  definitions: readonly CustomResourceDefinition[],
): string[] => {
  const kinds = [...new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))];
  return kinds
    .filter(
      (each) =>
        !definitions.some(({ spec: { group, names, versions } }) =>
          versions.some(({ name, served }) => served && each === `${group}/${name} ${names.kind}`),
        ),
    )
    .map((each) => `${each}: no definition serves it: name its source in labs/e2e/definitions.ts`);
};
