/** What is asked of Kubernetes, and how its answers are read. */
import {
  type Command,
  type CommandResult,
  commandLine,
  Doubt,
  failureOf,
  type RunCommand,
} from "../../lib/core/process/command.ts";
import type { Inventory } from "../talos/inventory.ts";

const READ_TIMEOUT = 30_000;
const DRAIN_MINUTES = 10;
const MARGIN = 30_000;
const SYSTEM = "kube-system";
const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
/** The static pods of a control plane, as Talos labels them: `control_plane_static_pod.go` of v1.12.4. */
export const STATIC_PODS: readonly string[] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

export interface KubernetesNode {
  readonly name: string;
  readonly role: "controlplane" | "worker";
  readonly address: string | undefined;
  readonly ready: boolean;
  readonly cordoned: boolean;
  /** Version of the kubelet, e.g. `v1.34.0`. */
  readonly kubelet: string;
  readonly bootId: string;
  /** Conditions such as `DiskPressure` that hold. */
  readonly pressures: readonly string[];
}

export interface StaticPod {
  readonly node: string;
  readonly component: string;
  readonly version: string;
  readonly ready: boolean;
}

export interface DaemonSetStatus {
  /** The status is of the object as it is now. */
  readonly observed: boolean;
  readonly desired: number;
  readonly ready: number;
  readonly updated: number;
}

export interface KubectlOptions {
  /** @default - what kubectl finds by itself */
  readonly kubeconfig?: string | undefined;
}

interface Condition {
  type: string;
  status: string;
}

interface Item {
  metadata: { name: string; generation?: number; labels?: Record<string, string> };
  spec: { unschedulable?: boolean; nodeName?: string; containers?: { name: string; image: string }[] };
  status: {
    addresses?: { type: string; address: string }[];
    conditions?: Condition[];
    nodeInfo?: { kubeletVersion: string; bootID: string };
    observedGeneration?: number;
    desiredNumberScheduled?: number;
    numberReady?: number;
    updatedNumberScheduled?: number;
  };
}

const holds = ({ status }: Item, type: string): boolean =>
  status.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;

export class Kubectl {
  constructor(
    private readonly run: RunCommand,
    private readonly inventory: Inventory,
    private readonly options: KubectlOptions = {},
  ) {}

  async nodes(): Promise<KubernetesNode[]> {
    const items = await this.list(["get", "nodes", "-o", "json"]);
    return this.shaped(items, (item) => ({
      name: item.metadata.name,
      role: item.metadata.labels?.[CONTROL_PLANE] === undefined ? "worker" : "controlplane",
      address: item.status.addresses?.find(({ type }) => type === "InternalIP")?.address,
      ready: holds(item, "Ready"),
      cordoned: item.spec.unschedulable ?? false,
      kubelet: this.text(item.status.nodeInfo?.kubeletVersion, `kubelet version of ${item.metadata.name}`),
      bootId: this.text(item.status.nodeInfo?.bootID, `boot id of ${item.metadata.name}`),
      pressures: (item.status.conditions ?? [])
        .filter(({ type, status }) => type !== "Ready" && status === "True")
        .map(({ type }) => type),
    }));
  }

  async staticPods(): Promise<StaticPod[]> {
    const items = await this.list(["-n", SYSTEM, "get", "pods", "-l", "tier=control-plane", "-o", "json"]);
    const pods = this.shaped(items, (item) => ({
      name: item.metadata.name,
      node: item.spec.nodeName,
      component: item.metadata.labels?.["k8s-app"] ?? "",
      version: /:(v\d+\.\d+\.\d+)/.exec(item.spec.containers?.[0]?.image ?? "")?.[1],
      ready: holds(item, "Ready"),
    }));
    return pods
      .filter(({ component }) => STATIC_PODS.includes(component))
      .map(({ name, ...pod }) => ({
        ...pod,
        node: this.text(pod.node, `node of ${name}`),
        version: this.text(pod.version, `version of ${name}`),
      }));
  }

  async cilium(): Promise<DaemonSetStatus> {
    const args = ["-n", SYSTEM, "get", "daemonset", "cilium", "-o", "json"];
    const { stdout } = await this.ask(this.command(args));
    const { metadata, status } = this.json<Item>(stdout);
    if (typeof status?.desiredNumberScheduled !== "number" || typeof metadata?.generation !== "number") {
      throw new Doubt("kubectl: no status of the DaemonSet cilium");
    }
    return {
      observed: status.observedGeneration === metadata.generation,
      desired: status.desiredNumberScheduled,
      ready: status.numberReady ?? 0,
      updated: status.updatedNumberScheduled ?? 0,
    };
  }

  /**
   * What the agent on a node says of itself now, while its pod's readiness may still be of before the restart.
   * `cilium-dbg status --brief` prints OK, or what is not.
   */
  async ciliumAgent(node: string): Promise<void> {
    const selector = ["-l", "k8s-app=cilium", "--field-selector", `spec.nodeName=${node}`];
    const pods = await this.list(["-n", SYSTEM, "get", "pods", ...selector, "-o", "json"]);
    const [name, ...others] = this.shaped(pods, (pod) => pod.metadata.name);
    if (name === undefined || others.length > 0) {
      throw new Doubt(`${node}: must run one Cilium agent: got ${pods.length}`);
    }
    const agent = ["-n", SYSTEM, "exec", name, "-c", "cilium-agent", "--"];
    const { stdout } = await this.ask(this.command([...agent, "cilium-dbg", "status", "--brief"]));
    if (stdout.trim().toUpperCase() !== "OK") {
      throw new Doubt(`${node}: Cilium says ${JSON.stringify(stdout.trim().slice(0, 200))}`);
    }
  }

  drainCommand(node: string): Command {
    const flags = ["--ignore-daemonsets", "--delete-emptydir-data", `--timeout=${DRAIN_MINUTES}m`];
    return this.command(["drain", node, ...flags]);
  }

  async drain(node: string): Promise<void> {
    await this.ask(this.drainCommand(node), DRAIN_MINUTES * 60_000 + MARGIN);
  }

  uncordonCommand(node: string): Command {
    return this.command(["uncordon", node]);
  }

  async uncordon(node: string): Promise<void> {
    await this.ask(this.uncordonCommand(node));
  }

  private command(args: readonly string[]): Command {
    const { kubeconfig } = this.options;
    const flags = kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig];
    return { command: "kubectl", args: [...flags, ...args] };
  }

  private async list(args: readonly string[]): Promise<Item[]> {
    const { stdout } = await this.ask(this.command(args));
    const { items } = this.json<{ items?: Item[] }>(stdout);
    if (!Array.isArray(items)) throw new Doubt("kubectl: must give a list");
    return items;
  }

  private async ask(command: Command, timeout = READ_TIMEOUT): Promise<CommandResult> {
    const result = await this.run(command.command, command.args, { timeout });
    const failure = failureOf(result);
    if (failure !== undefined) throw new Doubt(`${commandLine(command)}: ${failure}`);
    return result;
  }

  private shaped<T>(items: readonly Item[], read: (item: Item) => T): T[] {
    try {
      return items.map(read);
    } catch (error) {
      if (error instanceof Doubt) throw error;
      throw new Doubt(`kubectl: the answer has another shape: ${(error as Error).message}`);
    }
  }

  private json<T>(text: string): T {
    try {
      const value = JSON.parse(text) as T;
      if (typeof value === "object" && value !== null) return value;
    } catch {
      // Said below, without the text.
    }
    throw new Doubt(`kubectl: the answer about ${this.inventory.environment} is not JSON`);
  }

  private text(value: string | undefined, what: string): string {
    if (typeof value !== "string" || value === "") throw new Doubt(`kubectl: no ${what}`);
    return value;
  }
}
