/**
 * etcd, kube-apiserver and the controllers that finish what the API begins: namespaces and claims end, quotas are
 * counted. No scheduler and no kubelet, so no pod ever runs.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LoopbackServer, listensOn } from "../programs/service.ts";
import type { Certificates } from "./certificates.ts";
import type { SandboxKubectl } from "./kubectl.ts";
import type { ControlPlaneTools } from "./tools.ts";

const CONTROLLERS = [
  "garbage-collector-controller",
  "namespace-controller",
  // Both kinds of volume carry a finalizer that these alone take away.
  "persistentvolume-protection-controller",
  "persistentvolumeclaim-protection-controller",
  "resourcequota-controller",
  "serviceaccount-controller",
];
const ETCD_PORT = 2379;
const ETCD = `http://127.0.0.1:${ETCD_PORT}`;
const CONTROLLERS_PORT = 10_257;
const PEER = "http://127.0.0.1:2380";

export interface ControlPlaneProps {
  readonly tools: ControlPlaneTools;
  readonly directory: string;
  readonly certificates: Certificates;
  /** Address of the API server, which the sandbox has. */
  readonly address: string;
  readonly port: string;
  readonly serviceSubnet: string;
  readonly kubeconfig: string;
  readonly kubectl: SandboxKubectl;
  /** Controllers that run. @default - those that finish what the API begins */
  readonly controllers?: readonly string[];
  /** More flags of the controller manager. @default - none */
  readonly controllerArguments?: readonly string[];
}

export class ControlPlane {
  private readonly etcd: LoopbackServer;
  private readonly apiServer: LoopbackServer;
  private readonly controllers: LoopbackServer;

  constructor(private readonly props: ControlPlaneProps) {
    const { tools, directory, certificates, address, port, serviceSubnet, kubeconfig, kubectl } = props;
    const { controllers = CONTROLLERS, controllerArguments = [] } = props;
    const { files } = certificates;
    mkdirSync(directory, { recursive: true });
    const log = (name: string) => join(directory, `${name}.log`);
    this.etcd = new LoopbackServer({
      command: tools.etcd,
      args: [
        `--data-dir=${this.data}`,
        `--listen-client-urls=${ETCD}`,
        `--advertise-client-urls=${ETCD}`,
        `--listen-peer-urls=${PEER}`,
        `--initial-advertise-peer-urls=${PEER}`,
        `--initial-cluster=default=${PEER}`,
        "--unsafe-no-fsync",
      ],
      log: log("etcd"),
      isUp: listensOn(ETCD_PORT),
    });
    this.apiServer = new LoopbackServer({
      command: tools.apiServer,
      args: [
        `--etcd-servers=${ETCD}`,
        `--advertise-address=${address}`,
        `--secure-port=${port}`,
        `--tls-cert-file=${files.server}`,
        `--tls-private-key-file=${files.serverKey}`,
        `--client-ca-file=${files.authority}`,
        `--service-cluster-ip-range=${serviceSubnet}`,
        "--service-account-issuer=https://kubernetes.default.svc",
        `--service-account-key-file=${files.serviceAccountKey}`,
        `--service-account-signing-key-file=${files.serviceAccountKey}`,
        "--authorization-mode=Node,RBAC",
        "--allow-privileged=true",
        // As Talos configures it.
        "--anonymous-auth=false",
      ],
      log: log("kube-apiserver"),
      isUp: () => kubectl.isReady(),
    });
    this.controllers = new LoopbackServer({
      command: tools.controllerManager,
      args: [
        `--kubeconfig=${kubeconfig}`,
        `--controllers=${controllers.join(",")}`,
        "--leader-elect=false",
        "--bind-address=127.0.0.1",
        `--secure-port=${CONTROLLERS_PORT}`,
        ...controllerArguments,
      ],
      log: log("kube-controller-manager"),
      isUp: listensOn(CONTROLLERS_PORT),
    });
  }

  private get data(): string {
    return join(this.props.directory, "etcd");
  }

  private get snapshot(): string {
    return join(this.props.directory, "etcd.before");
  }

  /** Starts all of it and waits until the API server is ready. */
  async start(): Promise<void> {
    mkdirSync(this.data, { recursive: true, mode: 0o700 });
    for (const service of [this.etcd, this.apiServer, this.controllers]) await service.start();
  }

  async stop(): Promise<void> {
    for (const service of [this.controllers, this.apiServer, this.etcd]) await service.kill();
  }

  /** The API server alone goes. */
  async stopApiServer(): Promise<void> {
    await this.controllers.kill();
    await this.apiServer.kill();
  }

  /** Keeps what is stored now, for `restore`. */
  async keep(): Promise<void> {
    await this.stop();
    rmSync(this.snapshot, { recursive: true, force: true });
    cpSync(this.data, this.snapshot, { recursive: true });
    await this.start();
  }

  /** Everything is stored as it was when it was kept. */
  async restore(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
    cpSync(this.snapshot, this.data, { recursive: true });
    await this.start();
  }
}

/** Writes a kubeconfig for an administrator. */
export const writeKubeconfig = (path: string, server: string, { administrator }: Certificates): void => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const { authority, certificate, key } = administrator;
  writeFileSync(
    path,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "e2e",
      contexts: [{ name: "e2e", context: { cluster: "e2e", user: "admin" } }],
      clusters: [{ name: "e2e", cluster: { server, "certificate-authority-data": base64(authority) } }],
      users: [
        {
          name: "admin",
          user: { "client-certificate-data": base64(certificate), "client-key-data": base64(key) },
        },
      ],
    }),
    { mode: 0o600 },
  );
};
