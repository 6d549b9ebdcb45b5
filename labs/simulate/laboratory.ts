/** A real control plane with a real scheduler, and kubelets that kwok plays, inside of a sandbox. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { API_SERVER_PORT } from "../../lib/core/platform/api-server.ts";
import { makeCertificates } from "../e2e/certificates.ts";
import { ControlPlane, writeKubeconfig } from "../e2e/control-plane.ts";
import { Kubectl } from "../e2e/kubectl.ts";
import { settle } from "../e2e/sandbox.ts";
import { type ControlPlaneTools, installControlPlane, mustInstall } from "../e2e/tools.ts";
import { kubernetesTool, kwok } from "../programs/pinned-tools.ts";
import { listensOn, Service } from "../programs/service.ts";

const SCHEDULER_PORT = 10_259;
const KWOK_PORT = 10_247;

export interface LaboratoryTools extends ControlPlaneTools {
  readonly scheduler: string;
  readonly kwok: string;
}

/** Builds what is not there yet. Refused: what cannot be built, with the reason. */
export const installLaboratory = async (
  environment: Environment,
  log: (line: string) => void,
): Promise<LaboratoryTools> => ({
  ...(await installControlPlane(environment, log)),
  scheduler: await mustInstall(kubernetesTool("kube-scheduler", environment.versions.kubernetes), log),
  kwok: await mustInstall(kwok, log),
});

export class Laboratory {
  private constructor(
    readonly kubectl: Kubectl,
    private readonly services: readonly Service[],
    private readonly controlPlane: ControlPlane,
  ) {}

  /** Starts all of it, at the address that the environment's API has. */
  static async start(
    { cluster }: Environment,
    tools: LaboratoryTools,
    directory: string,
  ): Promise<Laboratory> {
    const address = String(cluster.vip);
    await settle([address], directory);
    const certificates = await makeCertificates(join(directory, "certificates"), [address]);
    const kubeconfig = join(directory, "kubeconfig");
    writeKubeconfig(kubeconfig, `https://${address}:${API_SERVER_PORT}`, certificates);
    const kubectl = new Kubectl(tools.kubectl, kubeconfig, join(directory, "kubectl"));
    const logs = join(directory, "control-plane");
    mkdirSync(logs, { recursive: true });
    const controlPlane = new ControlPlane({
      ...{
        tools,
        certificates,
        address,
        kubeconfig,
        kubectl,
        directory: logs,
        port: String(API_SERVER_PORT),
      },
      serviceSubnet: String(cluster.serviceSubnet),
      controllers: ["*"],
    });
    const scheduler = new Service({
      command: tools.scheduler,
      args: [
        ...[`--kubeconfig=${kubeconfig}`, `--authentication-kubeconfig=${kubeconfig}`],
        ...[`--authorization-kubeconfig=${kubeconfig}`, "--leader-elect=false", "--bind-address=127.0.0.1"],
        `--secure-port=${SCHEDULER_PORT}`,
      ],
      log: join(logs, "kube-scheduler.log"),
      isUp: listensOn(SCHEDULER_PORT),
    });
    const kubelets = new Service({
      command: tools.kwok,
      args: [
        ...[`--kubeconfig=${kubeconfig}`, "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake"],
        ...[`--server-address=127.0.0.1:${KWOK_PORT}`, "--node-lease-duration-seconds=40"],
      ],
      log: join(logs, "kwok.log"),
      isUp: listensOn(KWOK_PORT),
    });
    const laboratory = new Laboratory(kubectl, [scheduler, kubelets], controlPlane);
    await laboratory.powerOn();
    return laboratory;
  }

  /** Everything starts, with what etcd has. */
  async powerOn(): Promise<void> {
    await this.controlPlane.start();
    for (const service of this.services) await service.start();
  }

  /** Everything ends at once. */
  async powerOff(): Promise<void> {
    for (const service of this.services) await service.kill();
    await this.controlPlane.stop();
  }
}
