/** The programs that stand in for nobody: the real API server, its store, an S3 server, Helm. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import { cacheDirectory, installTool } from "../programs/install-tool.ts";
import { etcd, helm, kubernetesTool, type NamedTool, versitygw } from "../programs/pinned-tools.ts";

/** Paths of programs. */
export interface Tools {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly kubectl: string;
  readonly s3: string;
  readonly helm: string;
}

/**
 * The tools for an environment's version of Kubernetes. The tools in `KUBEBUILDER_ASSETS` (etcd, kube-apiserver,
 * kubectl of envtest) are taken from there; the rest is installed as Go tools.
 *
 * One after the other: each build takes all the processors by itself.
 *
 * Refused: a tool that can neither be found nor built, with the reason.
 */
export const installTools = async (
  { versions: { kubernetes } }: Environment,
  log: (line: string) => void,
  assets: string | undefined = process.env.KUBEBUILDER_ASSETS,
): Promise<Tools> => {
  const tool = async (wanted: NamedTool): Promise<string> => {
    const asset = join(assets ?? "", wanted.name);
    if (assets !== undefined && existsSync(asset)) return asset;
    const installed = await installTool(runCommand, cacheDirectory(), wanted, log);
    if ("missing" in installed) throw new Error(installed.missing);
    return installed.program;
  };
  return {
    etcd: await tool(etcd),
    apiServer: await tool(kubernetesTool("kube-apiserver", kubernetes)),
    controllerManager: await tool(kubernetesTool("kube-controller-manager", kubernetes)),
    kubectl: await tool(kubernetesTool("kubectl", kubernetes)),
    s3: await tool(versitygw),
    helm: await tool(helm),
  };
};
