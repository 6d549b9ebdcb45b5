/** A real control plane with a real scheduler, and kubelets that kwok plays, inside of a sandbox. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { API_SERVER_PORT } from "../../lib/core/platform/api-server.ts";
import { makeCertificates } from "../e2e/certificates.ts";
import { ControlPlane, writeKubeconfig } from "../e2e/control-plane.ts";
import { SandboxKubectl } from "../e2e/kubectl.ts";
import { settle } from "../e2e/sandbox.ts";
import { type ControlPlaneTools, installControlPlane, mustInstall } from "../e2e/tools.ts";
import { kubernetesTool, kwok } from "../programs/pinned-tools.ts";
import { LoopbackServer, listensOn } from "../programs/service.ts";
import { ApiClient } from "./api-client.ts";

const SCHEDULER_PORT = 10_259;
const KWOK_PORT = 10_247;
/** Requests per second of a scheduler that places thousands of pods, and seconds until it tries again. */
const SWIFT = {
  clientConnection: { qps: 1_000, burst: 2_000 },
  podInitialBackoffSeconds: 1,
  podMaxBackoffSeconds: 1,
};
/** Without kubelets no machine says that it lives. */
const SWIFT_CONTROLLERS = [
  ...["--kube-api-qps=1000", "--kube-api-burst=2000", "--concurrent-replicaset-syncs=20"],
  "--node-monitor-grace-period=2h",
];

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
    readonly kubectl: SandboxKubectl,
    readonly api: ApiClient,
    private readonly services: readonly LoopbackServer[],
    private readonly controlPlane: ControlPlane,
  ) {}

  /**
   * Starts all of it, at the address that the environment's API has.
   *
   * @param isSwift without kubelets, and with a scheduler and controllers that are not held back: for many clusters
   */
  static async start(
    { cluster }: Environment,
    tools: LaboratoryTools,
    directory: string,
    isSwift = false,
  ): Promise<Laboratory> {
    const address = String(cluster.vip);
    await settle([address], directory);
    const certificates = await makeCertificates(join(directory, "certificates"), [address]);
    const kubeconfig = join(directory, "kubeconfig");
    const server = `https://${address}:${API_SERVER_PORT}`;
    writeKubeconfig(kubeconfig, server, certificates);
    const kubectl = new SandboxKubectl(tools.kubectl, kubeconfig, join(directory, "kubectl"));
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
      controllerArguments: isSwift ? SWIFT_CONTROLLERS : [],
    });
    const configuration = join(directory, "scheduler.json");
    writeFileSync(configuration, JSON.stringify(schedulerConfiguration(kubeconfig, isSwift)));
    const scheduler = new LoopbackServer({
      command: tools.scheduler,
      args: [
        ...[`--config=${configuration}`, `--authentication-kubeconfig=${kubeconfig}`],
        ...[`--authorization-kubeconfig=${kubeconfig}`, "--bind-address=127.0.0.1"],
        `--secure-port=${SCHEDULER_PORT}`,
      ],
      log: join(logs, "kube-scheduler.log"),
      isUp: listensOn(SCHEDULER_PORT),
    });
    const kubelets = new LoopbackServer({
      command: tools.kwok,
      args: [
        ...[`--kubeconfig=${kubeconfig}`, "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake"],
        ...[`--server-address=127.0.0.1:${KWOK_PORT}`, "--node-lease-duration-seconds=40"],
      ],
      log: join(logs, "kwok.log"),
      isUp: listensOn(KWOK_PORT),
    });
    const api = new ApiClient(server, certificates.administrator);
    const laboratory = new Laboratory(
      kubectl,
      api,
      isSwift ? [scheduler] : [scheduler, kubelets],
      controlPlane,
    );
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

/** Every plugin as kube-scheduler has it by itself. */
const schedulerConfiguration = (kubeconfig: string, isSwift: boolean) => ({
  apiVersion: "kubescheduler.config.k8s.io/v1",
  kind: "KubeSchedulerConfiguration",
  leaderElection: { leaderElect: false },
  ...(isSwift && SWIFT),
  clientConnection: { ...(isSwift && SWIFT.clientConnection), kubeconfig },
});
