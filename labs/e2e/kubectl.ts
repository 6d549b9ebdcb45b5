/** The API server, asked through kubectl. */
import { z } from "zod";
import { isFields } from "../../lib/core/fields.ts";
import { kubectlAnswer } from "../../lib/core/kubernetes/kubectl-answer.ts";
import { type CommandResult, mustRun, runCommand } from "../../lib/core/process/command.ts";

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** `CiliumNetworkPolicy media/allow-dns`. */
export const displayName = ({ kind, metadata }: KubernetesObject): string =>
  `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;

/** Identity of an object for comparison, whatever its content. */
export const objectKey = ({ apiVersion, kind, metadata }: KubernetesObject): string =>
  [apiVersion, kind, metadata.namespace ?? "", metadata.name].join("|");

const HAND = "someone-at-a-terminal";

export class SandboxKubectl {
  constructor(
    private readonly program: string,
    private readonly kubeconfig: string,
    private readonly cacheDirectory: string,
  ) {}

  private arguments(args: readonly string[]): string[] {
    return [`--kubeconfig=${this.kubeconfig}`, `--cache-dir=${this.cacheDirectory}`, ...args];
  }

  /** Runs kubectl; a failure is an answer. */
  try(args: readonly string[], input?: string): Promise<CommandResult> {
    return runCommand(this.program, this.arguments(args), input === undefined ? {} : { input });
  }

  /** Runs kubectl, which must succeed; returns what it printed. */
  must(args: readonly string[], input?: string): Promise<string> {
    return mustRun(this.program, this.arguments(args), input === undefined ? {} : { input });
  }

  async isReady(): Promise<boolean> {
    const { stdout } = await this.try(["get", "--raw", "/readyz", "--request-timeout=2s"]);
    return stdout.trim() === "ok";
  }

  /** The version that the server says. */
  async version(): Promise<string> {
    const shape = z.object({ serverVersion: z.object({ gitVersion: z.string() }) });
    return kubectlAnswer(await this.must(["version", "-o", "json"]), shape).serverVersion.gitVersion;
  }

  /** Objects as they are stored; those that do not exist are left out. */
  async read(objects: readonly KubernetesObject[]): Promise<KubernetesObject[]> {
    if (objects.length === 0) return [];
    const output = await this.must(["get", "--ignore-not-found", "-o", "json", "-f", "-"], list(objects));
    if (output.trim() === "") return [];
    const shape = z.object({ items: z.array(z.custom<KubernetesObject>(isFields)).optional() }).passthrough();
    const { items, ...object } = kubectlAnswer(output, shape);
    return items ?? [object as KubernetesObject];
  }

  /** Makes objects, or brings them to what is given. */
  async apply(objects: readonly KubernetesObject[]): Promise<void> {
    await this.must(
      ["apply", "--server-side", "--force-conflicts", "--field-manager=e2e", "-f", "-"],
      list(objects),
    );
  }

  /** Waits until definitions of custom resources are served. */
  async established(names: readonly string[]): Promise<void> {
    await this.must([
      ...["wait", "--for=condition=Established", "--timeout=60s"],
      ...names.map((name) => `crd/${name}`),
    ]);
  }

  /** Sends objects to the API server as a dry run, which stores none of them, and returns its answer. */
  dryRun(
    objects: readonly KubernetesObject[],
    validation: "strict" | "ignore" = "strict",
  ): Promise<CommandResult> {
    return this.try(
      [
        ...["apply", "--server-side", "--force-conflicts", "--dry-run=server", `--validate=${validation}`],
        ...["--field-manager=e2e", "-f", "-"],
      ],
      list(objects),
    );
  }

  /** Deletes objects by hand, and waits until they are gone. */
  async delete(objects: readonly KubernetesObject[]): Promise<void> {
    await this.must(["delete", "--timeout=60s", "-f", "-"], list(objects));
  }

  /** Replaces an object by hand, as `kubectl edit` does. */
  async replace(object: KubernetesObject): Promise<void> {
    await this.must(["replace", `--field-manager=${HAND}`, "-f", "-"], JSON.stringify(object));
  }

  /** Merges a patch into an object by hand. */
  async patch(object: KubernetesObject, patch: unknown): Promise<void> {
    await this.must(
      ["patch", "--type=merge", `--field-manager=${HAND}`, "-f", "-", "-p", JSON.stringify(patch)],
      JSON.stringify(object),
    );
  }
}

const list = (objects: readonly KubernetesObject[]): string =>
  JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
