/**
 * Plays the kubelets of all machines, on one root: mounts volumes of pods, one node at a time, runs the containers of Velero's image as the programs that
 * they are, and says of all other containers that they run.
 */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Fields, fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import type { ApiClient } from "../simulate/api-client.ts";
import { type Ended, startContainer } from "./container.ts";

const KUBELET = "/var/lib/kubelet/pods";
const VELERO = /(^|\/)velero\/velero:/;
const PLUGIN = /\/velero-plugin-for-aws:/;
const KUBECONFIG = "/kubeconfig";
const NOW = "2026-01-01T00:00:00Z";

export interface KubeletProps {
  readonly api: ApiClient;
  readonly root: string;
  /** Directory of volumes, by the names of their PersistentVolumes. */
  readonly volumes: string;
  /** Path of the object-store plugin. */
  readonly plugin: string;
  readonly logs: string;
  readonly log: (line: string) => void;
}

interface Life {
  readonly node: unknown;
  /** Names of its volumes. */
  readonly holds: string[];
  isEnding: boolean;
  readonly kills: (() => void)[];
  readonly mounts: string[];
}

interface Pod {
  readonly uid: string;
  readonly path: string;
  readonly spec: Fields;
  readonly metadata: Fields;
}

const readPod = (pod: unknown): Pod => {
  const { metadata, spec } = fieldsOf(pod);
  const { uid, name, namespace } = fieldsOf(metadata);
  return {
    uid: textOf(uid),
    path: `/api/v1/namespaces/${textOf(namespace)}/pods/${textOf(name)}`,
    spec: fieldsOf(spec),
    metadata: fieldsOf(metadata),
  };
};

const containersOf = (spec: Fields, list: "containers" | "initContainers"): Fields[] =>
  listOf(spec[list]).map(fieldsOf);

const condition = (type: string, isTrue: boolean) => ({ type, status: isTrue ? "True" : "False" });

const statuses = (containers: readonly Fields[], state: (at: number) => object) =>
  containers.map(({ name, image }, at) => ({
    ...{ name, image, imageID: "", restartCount: 0 },
    ...{ ready: "running" in state(at), state: state(at) },
  }));

const running = { running: { startedAt: NOW } };
const waiting = { waiting: { reason: "PodInitializing" } };
const terminated = ({ code: exitCode, message }: Ended) => ({
  terminated: { exitCode, message, reason: exitCode === 0 ? "Completed" : "Error", finishedAt: NOW },
});

/** The status of a pod: at an init container, running, or at its end. */
const statusOf = ({ spec }: Pod, at: "running" | Ended | number) => {
  const isUp = at === "running";
  const inits = statuses(containersOf(spec, "initContainers"), (each) =>
    typeof at !== "number" || each < at
      ? terminated({ code: 0, message: "" })
      : each === at
        ? running
        : waiting,
  );
  const state = isUp ? running : typeof at === "number" ? waiting : terminated(at);
  return {
    phase: isUp ? "Running" : typeof at === "number" ? "Pending" : at.code === 0 ? "Succeeded" : "Failed",
    podIP: "10.253.0.1",
    startTime: NOW,
    conditions: [
      condition("PodScheduled", true),
      condition("Initialized", typeof at !== "number"),
      condition("Ready", isUp),
      condition("ContainersReady", isUp),
    ],
    initContainerStatuses: inits,
    containerStatuses: statuses(containersOf(spec, "containers"), () => state),
  };
};

export class Kubelet {
  private readonly lives = new Map<string, Life>();

  constructor(private readonly props: KubeletProps) {}

  /** Does what has come up since the last time. */
  async tick(): Promise<void> {
    const { items } = fieldsOf(await this.props.api.ask("GET", "/api/v1/pods"));
    for (const pod of listOf(items).map(readPod)) {
      const life = this.lives.get(pod.uid);
      if (pod.metadata.deletionTimestamp !== undefined) await this.end(pod, life);
      else if (life === undefined && pod.spec.nodeName !== undefined) this.begin(pod);
    }
  }

  /** Ends every program. */
  stop(): void {
    for (const life of this.lives.values()) {
      life.isEnding = true;
      for (const kill of life.kills) kill();
    }
  }

  private begin(pod: Pod): void {
    const life: Life = { node: pod.spec.nodeName, holds: [], isEnding: false, kills: [], mounts: [] };
    this.lives.set(pod.uid, life);
    this.live(pod, life).catch(({ message }: Error) => {
      if (!life.isEnding) this.props.log(`kubelet: ${pod.path}: ${message}`);
    });
  }

  private async end({ uid, path }: Pod, life: Life | undefined): Promise<void> {
    if (life?.isEnding) return;
    if (life !== undefined) life.isEnding = true;
    for (const kill of life?.kills ?? []) kill();
    for (const mount of life?.mounts ?? []) await runCommand("umount", ["--lazy", mount], {});
    rmSync(join(this.props.root, KUBELET, uid), { recursive: true, force: true });
    await this.props.api
      .ask("DELETE", path, { gracePeriodSeconds: 0, preconditions: { uid } })
      .catch(() => undefined);
  }

  private async report(pod: Pod, at: Parameters<typeof statusOf>[1]): Promise<void> {
    await this.props.api.ask("PATCH", `${pod.path}/status`, { status: statusOf(pod, at) });
  }

  /** The whole life of a pod. */
  private async live(pod: Pod, life: Life): Promise<void> {
    const volumes = await this.mount(pod, life);
    for (const [at, each] of containersOf(pod.spec, "initContainers").entries()) {
      if (PLUGIN.test(textOf(each.image)))
        copyFileSync(this.props.plugin, join(volumes.get("plugins") ?? "", "velero-plugin-for-aws"));
      if (!VELERO.test(textOf(each.image))) continue;
      await this.report(pod, at);
      const { code, message } = await this.run(pod, each, volumes, life);
      if (code !== 0) throw new Error(`init container ${each.name} ended with ${code}: ${message}`);
    }
    const main = containersOf(pod.spec, "containers").find(({ image }) => VELERO.test(textOf(image)));
    const ended = main && this.run(pod, main, volumes, life);
    await this.report(pod, "running");
    if (ended === undefined) return;
    const end = await ended;
    if (life.isEnding) return;
    if (pod.spec.restartPolicy === "Always") throw new Error(`ended with ${end.code}: ${end.message}`);
    await this.report(pod, end);
  }

  private run(pod: Pod, container: Fields, volumes: ReadonlyMap<string, string>, life: Life): Promise<Ended> {
    const variables = listOf(container.env)
      .map(fieldsOf)
      .map(({ name, value, valueFrom }) => {
        const { fieldPath } = fieldsOf(fieldsOf(valueFrom).fieldRef);
        const [whole, field = ""] = textOf(fieldPath).split(".");
        const from = whole === "metadata" ? pod.metadata : pod.spec;
        return [textOf(name), fieldPath === undefined ? textOf(value) : textOf(from[field])] as const;
      });
    const command = [...listOf(container.command), ...listOf(container.args)].map(String);
    const mounts = listOf(container.volumeMounts)
      .map(fieldsOf)
      .map(({ name, mountPath }) => ({
        from: volumes.get(textOf(name)) ?? "",
        at: textOf(mountPath),
      }));
    const directory = join(this.props.logs, pod.uid);
    mkdirSync(directory, { recursive: true });
    const { child, ended } = startContainer({
      ...{ root: this.props.root, directory, name: textOf(container.name), command },
      variables: { ...Object.fromEntries(variables), KUBECONFIG },
      mounts: mounts.filter(({ from }) => from !== ""),
    });
    life.kills.push(() => child.kill("SIGKILL"));
    return ended;
  }

  /** Directories of a pod's volumes by their names; waits until its claims are bound. */
  private async mount(pod: Pod, life: Life): Promise<Map<string, string>> {
    const volumes = new Map<string, string>();
    const home = join(this.props.root, KUBELET, pod.uid, "volumes");
    const make = (path: string) => {
      mkdirSync(path, { recursive: true });
      return path;
    };
    for (const volume of listOf(pod.spec.volumes).map(fieldsOf)) {
      const name = textOf(volume.name);
      const { hostPath, emptyDir, secret, persistentVolumeClaim: claim } = volume;
      if (hostPath !== undefined)
        volumes.set(name, make(join(this.props.root, textOf(fieldsOf(hostPath).path))));
      if (emptyDir !== undefined) volumes.set(name, make(join(home, "kubernetes.io~empty-dir", name)));
      if (secret !== undefined && name === "cloud-credentials")
        volumes.set(name, await this.secret(make(join(home, "kubernetes.io~secret", name)), pod, secret));
      if (claim === undefined) continue;
      const bound = await this.boundVolume(pod, textOf(fieldsOf(claim).claimName), life);
      const at = make(join(home, "kubernetes.io~csi", bound, "mount"));
      const { code, stderr } = await runCommand(
        "mount",
        ["--bind", make(join(this.props.volumes, bound)), at],
        {},
      );
      if (code !== 0) throw new Error(stderr);
      life.mounts.push(at);
      volumes.set(name, at);
    }
    return volumes;
  }

  private async secret(directory: string, { metadata }: Pod, secret: unknown): Promise<string> {
    const { secretName } = fieldsOf(secret);
    const path = `/api/v1/namespaces/${metadata.namespace}/secrets/${secretName}`;
    const { data } = fieldsOf(await this.props.api.ask("GET", path));
    for (const [key, value] of Object.entries(fieldsOf(data)))
      writeFileSync(join(directory, key), Buffer.from(textOf(value), "base64"), { mode: 0o600 });
    return directory;
  }

  private async boundVolume({ metadata }: Pod, claim: string, life: Life): Promise<string> {
    const path = `/api/v1/namespaces/${metadata.namespace}/persistentvolumeclaims/${claim}`;
    while (!life.isEnding) {
      const { spec, status } = fieldsOf(await this.props.api.ask("GET", path));
      const volume = textOf(fieldsOf(spec).volumeName);
      const isElsewhere = [...this.lives.values()].some(
        ({ node, holds, isEnding }) => !isEnding && node !== life.node && holds.includes(volume),
      );
      if (fieldsOf(status).phase === "Bound" && !isElsewhere) {
        life.holds.push(volume);
        return volume;
      }
      await sleep(250);
    }
    throw new Error("ended");
  }
}
