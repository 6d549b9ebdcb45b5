/** The programs that stand in for nobody: the real API server, its store, an S3 server, Helm. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { buildGoTool, type GoTool } from "../contract/go-tool.ts";
import { runCommand } from "../upgrade/command.ts";

/** What Kubernetes 1.34 is released with, up to its patch. */
const ETCD = "v3.6.5";
/** An S3 server over a directory; answers conditional writes, which Terraform's lock file needs. */
const VERSITYGW = "v1.8.0";
/** What the helm provider 3.1.1 is built with. */
const HELM = "v3.18.4";

/** Paths of programs. */
export interface Tools {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly kubectl: string;
  readonly s3: string;
  readonly helm: string;
}

/** Where tools and providers are kept between runs: `TERRAVIXENS_CACHE`, or the user's cache. */
export const cacheDirectory = (environment: NodeJS.ProcessEnv = process.env): string =>
  environment.TERRAVIXENS_CACHE ??
  join(environment.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "terravixens");

interface NamedTool extends GoTool {
  readonly name: string;
}

/** Kubernetes keeps its libraries in its own repository, and publishes them at v0.y.z for its v1.y.z. */
const kubernetes = (name: string, version: string): NamedTool => {
  const [major = "", minor = ""] = version.replace(/^v/, "").split(".");
  return {
    name,
    module: "k8s.io/kubernetes",
    version,
    package: `cmd/${name}`,
    variables: {
      "k8s.io/component-base/version.gitVersion": version,
      "k8s.io/component-base/version.gitMajor": major,
      "k8s.io/component-base/version.gitMinor": minor,
    },
    published: () => version.replace(/^v1\./, "v0."),
  };
};

const etcd: NamedTool = {
  name: "etcd",
  module: "go.etcd.io/etcd/server/v3",
  version: ETCD,
  published: () => undefined,
};

const versitygw: NamedTool = {
  name: "versitygw",
  module: "github.com/versity/versitygw",
  version: VERSITYGW,
  package: "cmd/versitygw",
};

const helm: NamedTool = { name: "helm", module: "helm.sh/helm/v3", version: HELM, package: "cmd/helm" };

/**
 * The tools for an environment's version of Kubernetes. What `KUBEBUILDER_ASSETS` holds (etcd, kube-apiserver, kubectl
 * of envtest) is taken from there; the rest is installed as Go tools.
 *
 * One after the other: each build takes all the processors by itself.
 *
 * Refused: a tool that can neither be found nor built, with the reason.
 */
export const installTools = async (
  { versions }: Environment,
  log: (line: string) => void,
  assets: string | undefined = process.env.KUBEBUILDER_ASSETS,
): Promise<Tools> => {
  const cache = cacheDirectory();
  const tool = async (wanted: NamedTool): Promise<string> => {
    const asset = join(assets ?? "", wanted.name);
    if (assets !== undefined && existsSync(asset)) return asset;
    const program = join(cache, "bin", `${wanted.name}-${wanted.version}`);
    if (existsSync(program)) return program;
    log(`building ${wanted.name} ${wanted.version}, once for this machine`);
    const reason = await buildGoTool(runCommand, wanted, program);
    if (reason !== undefined) throw new Error(`${wanted.name} ${wanted.version}: ${reason}`);
    return program;
  };
  return {
    etcd: await tool(etcd),
    apiServer: await tool(kubernetes("kube-apiserver", versions.kubernetes)),
    controllerManager: await tool(kubernetes("kube-controller-manager", versions.kubernetes)),
    kubectl: await tool(kubernetes("kubectl", versions.kubernetes)),
    s3: await tool(versitygw),
    helm: await tool(helm),
  };
};
