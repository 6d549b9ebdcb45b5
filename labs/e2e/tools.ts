/** The programs that stand in for nobody: the real API server, its store, an S3 server, Helm. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import { cacheDirectory, installTool } from "../programs/install-tool.ts";
import { etcd, helm, kubernetesTool, type NamedTool, versitygw } from "../programs/pinned-tools.ts";

/** Paths of the programs of a control plane. */
export interface ControlPlaneTools {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly kubectl: string;
}

/** Paths of programs. */
export interface E2eTools extends ControlPlaneTools {
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
  environment: Environment,
  log: (line: string) => void,
): Promise<E2eTools> => ({
  ...(await installControlPlane(environment, log)),
  s3: await mustInstall(versitygw, log),
  helm: await mustInstall(helm, log),
});

/** The control plane of an environment's version of Kubernetes. Refused: see `installTools`. */
export const installControlPlane = async (
  { versions: { kubernetes } }: Environment,
  log: (line: string) => void,
): Promise<ControlPlaneTools> => ({
  etcd: await mustInstall(etcd, log),
  apiServer: await mustInstall(kubernetesTool("kube-apiserver", kubernetes), log),
  controllerManager: await mustInstall(kubernetesTool("kube-controller-manager", kubernetes), log),
  kubectl: await mustInstall(kubernetesTool("kubectl", kubernetes), log),
});

/** The program of a tool. Refused: one that can neither be found nor built, with the reason. */
export const mustInstall = async (
  wanted: NamedTool,
  log: (line: string) => void,
  assets: string | undefined = process.env.KUBEBUILDER_ASSETS,
): Promise<string> => {
  const asset = join(assets ?? "", wanted.name);
  if (assets !== undefined && existsSync(asset)) return asset;
  const installed = await installTool(runCommand, cacheDirectory(), wanted, log);
  if ("missing" in installed) throw new Error(installed.missing);
  return installed.program;
};
