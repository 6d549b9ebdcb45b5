/** Mounts of an image beside its claims: shares, files of the repository, Secrets, room that goes with the pod. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One thing to mount; its path is its key in `mounts`. */
export type Mount =
  | {
      readonly kind: "nfs";
      readonly server: string;
      readonly share: string;
      readonly subPath?: string;
      readonly readOnly?: boolean;
    }
  | { readonly kind: "scratch"; readonly size: string; readonly inMemory: boolean }
  | { readonly kind: "secret"; readonly path: string }
  | { readonly kind: "claim"; readonly of: string; readonly volume: string; readonly subPath?: string }
  | { readonly kind: "file"; readonly path: string; readonly text?: string; readonly problem?: string }
  | { readonly kind: "files"; readonly files: Readonly<Record<string, Extract<Mount, { kind: "file" }>>> };

/**
 * A directory of the NAS, which the node mounts: several apps may have the same. Pod Security "restricted" refuses it,
 * so an app with a namespace of its own says `podSecurity: "baseline"`.
 * @param server its address @param share e.g. `/volume3/Content`
 */
export const nfs = (
  server: string,
  share: string,
  options: { readonly subPath?: string; readonly readOnly?: boolean } = {},
): Mount => ({ kind: "nfs", server, share, ...options });

/** Room that goes with the pod. @param size the most that it may hold, e.g. `1Gi` */
export const scratch = (size: string): Mount => ({ kind: "scratch", size, inMemory: false });

/** Room in the memory of the container, whose limit counts it. */
export const memory = (size: string): Mount => ({ kind: "scratch", size, inMemory: true });

/** The keys of a Secret as files, in place of variables. @param path one of the app's `secrets` */
export const secretFiles = (path: string): Mount => ({ kind: "secret", path });

/**
 * A claim of another app of the namespace, by the names of the app and of the volume there. Refused for a class that one
 * node has at a time, because nothing puts both pods on one node: `nfs` is for that.
 */
export const claimOf = (of: string, volume: string, subPath?: string): Mount => ({
  kind: "claim",
  of,
  volume,
  ...(subPath !== undefined && { subPath }),
});

/** The most that a ConfigMap holds, less what its own fields take. Source: Kubernetes, MaxSecretSize. */
const MOST_BYTES = 1024 * 1024 - 4096;

/** The folder of apps, from the directory in which synthesis runs. */
const APPS = "apps";

/**
 * A file beside the app's own, as a ConfigMap: a change of it starts the pod anew. Refused with the app: one that is not
 * there, is no text, is more than a ConfigMap holds, or has a secret in it.
 * @param path below `apps/`, e.g. `mosquitto/mosquitto.conf`
 */
export const fileBeside = (path: string): Extract<Mount, { kind: "file" }> => {
  try {
    const bytes = readFileSync(join(APPS, path));
    const text = bytes.toString("utf8");
    if (bytes.length > MOST_BYTES) return { kind: "file", path, problem: `of at most ${MOST_BYTES} bytes` };
    return text.includes("\uFFFD") || text.includes("\0")
      ? { kind: "file", path, problem: "text in UTF-8" }
      : { kind: "file", path, text };
  } catch {
    return { kind: "file", path, problem: `there: ${join(APPS, path)} cannot be read` };
  }
};

/**
 * The files of a folder beside the app's own, as a ConfigMap called after the app and the path, with their names as keys.
 * Refused with the app: no such folder, and what `fileBeside` refuses.
 * @param folder below `apps/`
 */
export const filesBeside = (folder: string): Mount => {
  const names = existsSync(join(APPS, folder)) ? readdirSync(join(APPS, folder)) : [""];
  const files = names.map((name) => [name, fileBeside(join(folder, name))] as const);
  return { kind: "files", files: Object.fromEntries(files) };
};
