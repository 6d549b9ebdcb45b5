/** Charts as Helm renders them. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Fields } from "../../lib/core/fields.ts";
import { manifestObjects } from "../../lib/core/kubernetes/manifest-text.ts";
import { CLUSTER_KINDS, definedClusterKinds, groupKindOf } from "../../lib/core/kubernetes/object-id.ts";
import { mustRun, runCommand } from "../../lib/core/process/command.ts";
import { cacheDirectory } from "../programs/install-tool.ts";
import { moduleDirectory } from "./go-modules.ts";
import type { KubernetesObject } from "./kubectl.ts";
import type { ChartRelease } from "./synthesized.ts";

/** Names a directory with charts as `helm pull` leaves them, `<chart>-<version>.tgz`. */
const CHARTS = "E2E_CHARTS";

/** Charts that are published inside of a Go module too. */
const IN_MODULES: Readonly<Record<string, { module: string; path: string }>> = {
  cilium: { module: "github.com/cilium/cilium", path: "install/kubernetes/cilium" },
};

/** A release, and where its chart lies on this machine or why it is not to be had. */
export interface FoundChart {
  readonly release: ChartRelease;
  readonly path?: string;
  readonly missing?: string;
}

/** Looks for a chart in the directory of charts and in Go modules, and otherwise makes Helm pull it. */
export const findChart = async (
  release: ChartRelease,
  helm: string,
  directory: string = process.env[CHARTS] ?? join(cacheDirectory(), "charts"),
): Promise<FoundChart> => ({ release, ...(await locate(release, helm, directory)) });

const locate = async (
  { chart, version, repository }: ChartRelease,
  helm: string,
  directory: string,
): Promise<{ path: string } | { missing: string }> => {
  const there = (): string | undefined => lying(directory, chart, version);
  const before = there();
  if (before !== undefined) return { path: before };
  const inModule = IN_MODULES[chart];
  if (inModule !== undefined) {
    const path = join(await moduleDirectory(inModule.module, `v${version}`), inModule.path);
    const found = (parse(readFileSync(join(path, "Chart.yaml"), "utf8")) as { version: string }).version;
    return found === version ? { path } : { missing: `chart ${chart} ${version}: its module holds ${found}` };
  }
  mkdirSync(directory, { recursive: true });
  const pull = ["pull", chart, "--repo", repository, "--version", version, "--destination", directory];
  const { stderr } = await runCommand(helm, pull, {});
  const pulled = there();
  if (pulled !== undefined) return { path: pulled };
  return {
    missing: `chart ${chart} ${version}: there is no ${chart}-${version}.tgz in the directory of charts, and ${reasonOf(stderr)}`,
  };
};

/** An archive or a directory of the version, which some charts write with a `v`. */
const lying = (directory: string, chart: string, version: string): string | undefined =>
  [version, `v${version}`]
    .flatMap((each) => [`${chart}-${each}.tgz`, `${chart}-${each}`])
    .map((name) => join(directory, name))
    .find((path) => existsSync(path));

/** Helm's own error, without addresses. */
const reasonOf = (stderr: string): string => {
  const [line = ""] = stderr.split("\n").filter((each) => each.startsWith("Error: "));
  return `Helm cannot pull it: ${
    line
      .replace(/^Error: /, "")
      .replace(/"?https?:[^\s"]*"?:? ?/g, "its repository ")
      .replace(/:? (Get|Head) its repository .*$/, "")
      .replace(/ on [\d.:]+/, "")
      .slice(0, 160) || "it says nothing"
  }`;
};

/** Settings that a release is rendered with, beside its values. */
export interface Rendering {
  readonly kubernetesVersion: string;
  /** API versions that the cluster has beside Kubernetes' own, as `group/version` and `group/version/Kind`. @default - none */
  readonly apiVersions?: readonly string[];
  /** Parameters of an Application, which win over the values. @default - none */
  readonly parameters?: readonly Fields[];
  /** True to render the chart's `crds` too, as ArgoCD does. @default false */
  readonly definitions?: boolean;
  /** Leaves the chart's schema aside, which some charts keep at an address. @default false */
  readonly withoutSchema?: boolean;
}

type Rendered = Pick<ChartRelease, "name" | "namespace" | "values">;

/** A release as Helm writes it for a version of Kubernetes, hooks and all. */
export const renderText = (
  helm: string,
  chart: string,
  { name, namespace, values }: Rendered,
  rendering: Rendering,
): Promise<string> =>
  mustRun(helm, ["template", name, chart, "--namespace", namespace, ...flags(rendering), "--values", "-"], {
    input: merged(values),
  });

/** Every object of a release. */
export const renderChart = async (
  helm: string,
  chart: string,
  release: Rendered,
  rendering: Rendering,
): Promise<KubernetesObject[]> =>
  objectsIn(await renderText(helm, chart, release, rendering), release.namespace);

/** The objects of a text that Helm wrote; one that names no namespace is in that of its release. */
export const objectsIn = (text: string, namespace: string): KubernetesObject[] => {
  const objects = manifestObjects(text).filter(
    (object) => object.kind !== undefined,
  ) as unknown as KubernetesObject[];
  const clusterKinds = new Set([...CLUSTER_KINDS, ...definedClusterKinds(objects)]);
  return objects.map((object) =>
    object.metadata.namespace !== undefined || clusterKinds.has(groupKindOf(object))
      ? object
      : { ...object, metadata: { ...object.metadata, namespace } },
  );
};

const flags = ({
  kubernetesVersion,
  apiVersions = [],
  parameters = [],
  definitions = false,
  withoutSchema = false,
}: Rendering): string[] => [
  ...["--kube-version", kubernetesVersion],
  ...apiVersions.flatMap((each) => ["--api-versions", each]),
  ...parameters.flatMap(({ name, value, forceString }) => [
    forceString ? "--set-string" : "--set",
    `${name}=${value}`,
  ]),
  ...(definitions ? ["--include-crds"] : []),
  ...(withoutSchema ? ["--skip-schema-validation"] : []),
];

/** Later documents win in Helm; several at once cannot come through one standard input. */
const merged = (values: readonly string[]): string => {
  const [only = "{}", ...others] = values;
  if (others.length > 0) throw new Error(`a release with several values documents: got ${values.length}`);
  return only;
};
