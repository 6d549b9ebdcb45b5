/** Asks Kubernetes through kubectl, and reads its answers. */
import { z } from "zod";
import { kubectlAnswer, listOfObjects } from "../../lib/core/kubernetes/kubectl-answer.ts";
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

const itemShape = z.object({
  metadata: z.object({
    name: z.string(),
    generation: z.number().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.object({
    unschedulable: z.boolean().optional(),
    nodeName: z.string().optional(),
    containers: z.array(z.object({ image: z.string() })).optional(),
  }),
  status: z.object({
    addresses: z.array(z.object({ type: z.string(), address: z.string() })).optional(),
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
    nodeInfo: z.object({ kubeletVersion: z.string(), bootID: z.string() }).optional(),
  }),
});
type Item = z.infer<typeof itemShape>;

const daemonSetShape = z.object({
  metadata: z.object({ generation: z.number() }),
  status: z.object({
    observedGeneration: z.number().optional(),
    desiredNumberScheduled: z.number(),
    numberReady: z.number().default(0),
    updatedNumberScheduled: z.number().default(0),
  }),
});

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
    return items.map((item) => ({
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
    const pods = items.map((item) => ({
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
    const { metadata, status } = this.read(stdout, daemonSetShape);
    return {
      observed: status.observedGeneration === metadata.generation,
      desired: status.desiredNumberScheduled,
      ready: status.numberReady,
      updated: status.updatedNumberScheduled,
    };
  }

  /**
   * Asks the agent on a node for its status, while its pod's readiness may still be of before the restart.
   * `cilium-dbg status --brief` prints OK, or what is not.
   */
  async ciliumAgent(node: string): Promise<void> {
    const selector = ["-l", "k8s-app=cilium", "--field-selector", `spec.nodeName=${node}`];
    const pods = await this.list(["-n", SYSTEM, "get", "pods", ...selector, "-o", "json"]);
    const [name, ...others] = pods.map((pod) => pod.metadata.name);
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
    return this.read(stdout, listOfObjects(itemShape)).items;
  }

  private async ask(command: Command, timeout = READ_TIMEOUT): Promise<CommandResult> {
    const result = await this.run(command.command, command.args, { timeout });
    const failure = failureOf(result);
    if (failure !== undefined) throw new Doubt(`${commandLine(command)}: ${failure}`);
    return result;
  }

  private read<T>(text: string, shape: z.ZodType<T>): T {
    try {
      return kubectlAnswer(text, shape);
    } catch (error) {
      throw new Doubt(`kubectl: ${this.inventory.environment}: ${(error as Error).message}`);
    }
  }

  private text(value: string | undefined, what: string): string {
    if (typeof value !== "string" || value === "") throw new Doubt(`kubectl: no ${what}`);
    return value;
  }
}
