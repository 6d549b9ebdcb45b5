/** Charts as Helm renders them. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
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

/** Looks in the directory of charts and in Go modules, and has Helm pull what neither has. */
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
  const archive = join(directory, `${chart}-${version}.tgz`);
  if (existsSync(archive)) return { path: archive };
  const inModule = IN_MODULES[chart];
  if (inModule !== undefined) {
    const path = join(await moduleDirectory(inModule.module, `v${version}`), inModule.path);
    const found = (parse(readFileSync(join(path, "Chart.yaml"), "utf8")) as { version: string }).version;
    return found === version ? { path } : { missing: `chart ${chart} ${version}: its module holds ${found}` };
  }
  mkdirSync(directory, { recursive: true });
  const pull = ["pull", chart, "--repo", repository, "--version", version, "--destination", directory];
  const { stderr } = await runCommand(helm, pull, {});
  if (existsSync(archive)) return { path: archive };
  return {
    missing: `chart ${chart} ${version}: ${CHARTS} has no ${chart}-${version}.tgz, and ${reasonOf(stderr)}`,
  };
};

/** What Helm says, without addresses. */
const reasonOf = (stderr: string): string => {
  const [line = ""] = stderr.split("\n").filter((each) => each.startsWith("Error: "));
  return `Helm cannot pull it: ${
    line
      .replace(/^Error: /, "")
      .replace(/"?https?:[^\s"]*"?:? ?/g, "its repository ")
      .slice(0, 160) || "it says nothing"
  }`;
};

/** Every object of a release as Helm renders it for a version of Kubernetes, hooks and all. */
export const renderChart = async (
  helm: string,
  chart: string,
  { name, namespace, values }: ChartRelease,
  kubernetesVersion: string,
): Promise<KubernetesObject[]> => {
  const output = await mustRun(
    helm,
    [
      ...["template", name, chart, "--namespace", namespace, "--kube-version", kubernetesVersion],
      ...["--values", "-"],
    ],
    { input: merged(values) },
  );
  return parseAllDocuments(output)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null && object.kind !== undefined)
    .map((object) => inNamespace(object as KubernetesObject, namespace));
};

/** Later documents win in Helm; several at once cannot come through one standard input. */
const merged = (values: readonly string[]): string => {
  const [only = "{}", ...others] = values;
  if (others.length > 0) throw new Error(`a release with several values documents: got ${values.length}`);
  return only;
};

const CLUSTER_SCOPED = /^(Cluster|Namespace$|CustomResourceDefinition$|PriorityClass$|IngressClass$)/;

/** Helm puts an object that names no namespace into that of its release. */
const inNamespace = (object: KubernetesObject, namespace: string): KubernetesObject =>
  object.metadata.namespace !== undefined || CLUSTER_SCOPED.test(object.kind)
    ? object
    : { ...object, metadata: { ...object.metadata, namespace } };
