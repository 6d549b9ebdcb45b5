/** Claims, shares, files and room of a pod. */
import { posix } from "node:path";
import { type Mount, memory, nfs, scratch, secretFiles } from "../../../lib/app/mounts.ts";
import { secretNameOf } from "../../../lib/app/secrets.ts";
import type { Volume } from "../../../lib/app/storage.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../lib/core/fields.ts";

interface Surroundings {
  readonly app: string;
  /** Claims of the app by name, those of a StatefulSet among them. */
  readonly claim: (name: string) => Fields | undefined;
  readonly defaultClass: string;
  readonly configMap: (name: string) => Fields | undefined;
  readonly secretPath: (name: string) => string | undefined;
  readonly note: (what: string) => void;
}

export interface Volumes {
  readonly storage: Readonly<Record<string, Volume>>;
  readonly mounts: Readonly<Record<string, Mount>>;
  readonly hostPaths: readonly string[];
  /** `persistence` of `app-template`, for what has no field of its own. */
  readonly persistence: Fields;
}

interface Mounted {
  readonly path: string;
  readonly subPath?: string;
  readonly readOnly: boolean;
}

/** @param pod its spec, with the claims of a StatefulSet among its volumes */
export const volumesOf = (pod: Fields, around: Surroundings): Volumes => {
  const parts = listOf(pod.volumes)
    .map(fieldsOf)
    .map((volume) => carried(volume, mountsOf(pod, textOf(volume.name)), around));
  const merged = <T>(pick: (part: Partial<Volumes>) => T | undefined): T =>
    Object.assign({}, ...parts.map(pick)) as T;
  return {
    storage: merged(({ storage }) => storage ?? {}),
    mounts: merged(({ mounts }) => mounts ?? {}),
    persistence: merged(({ persistence }) => persistence ?? {}),
    hostPaths: [...new Set(parts.flatMap(({ hostPaths }) => hostPaths ?? []))],
  };
};

/** The mounts of a container beside the app's own: names of volumes and paths of the app, by paths of its own. */
export const mountsBeside = (container: Fields, { storage, mounts, hostPaths }: Volumes): Fields => {
  const named = [...Object.keys(mounts), ...hostPaths];
  const all = listOf(container.volumeMounts)
    .map(fieldsOf)
    .flatMap(({ name, mountPath }) => {
      const path = textOf(mountPath).replace(/(.)\/$/, "$1");
      if (textOf(name) in storage) return [[path, textOf(name)] as const];
      return named
        .filter((each) => each === path || each.startsWith(`${path}/`))
        .map((each) => [each, each] as const);
    });
  return all.length > 0 ? { mounts: Object.fromEntries(all) } : {};
};

/** The paths at which the containers mount a volume: all containers of an app mount all its volumes. */
const mountsOf = (pod: Fields, name: string): Mounted[] => {
  const all = [...listOf(pod.containers), ...listOf(pod.initContainers)]
    .map(fieldsOf)
    .flatMap(({ volumeMounts }) => listOf(volumeMounts).map(fieldsOf))
    .filter((mount) => mount.name === name)
    .map(({ mountPath, subPath, readOnly }) => ({
      path: textOf(mountPath).replace(/(.)\/$/, "$1"),
      ...(subPath !== undefined && { subPath: textOf(subPath) }),
      readOnly: readOnly === true,
    }));
  return [...new Map(all.map((each) => [each.path, each])).values()];
};

const carried = (volume: Fields, mounted: readonly Mounted[], around: Surroundings): Partial<Volumes> => {
  const name = textOf(volume.name);
  if (mounted.length === 0) return {};
  const [source = ""] = Object.keys(volume).filter((key) => key !== "name");
  const given = fieldsOf(volume[source]);
  switch (source) {
    case "persistentVolumeClaim":
      return claim(name, textOf(given.claimName), mounted, around);
    case "nfs":
      return mountedEach(mounted, ({ subPath, readOnly }) =>
        nfs(textOf(given.server), textOf(given.path), {
          ...(subPath !== undefined && { subPath }),
          ...(readOnly && { readOnly }),
        }),
      );
    case "emptyDir":
      return room(name, given, mounted);
    case "secret":
      return secret(name, given, mounted, around);
    case "configMap":
      return files(given, mounted, around);
    case "hostPath":
      return nodePath(textOf(given.path), mounted, around);
    default:
      around.note(`volume ${name}: ${source}`);
      return {};
  }
};

const mountedEach = (mounted: readonly Mounted[], make: (mount: Mounted) => Mount): Partial<Volumes> => ({
  mounts: Object.fromEntries(mounted.map((mount) => [mount.path, make(mount)])),
});

const places = (mounted: readonly Mounted[]): Fields[] =>
  mounted.map(({ path, subPath, readOnly }) => ({
    path,
    ...(subPath !== undefined && { subPath }),
    ...(readOnly && { readOnly }),
  }));

const claim = (
  name: string,
  called: string,
  mounted: readonly Mounted[],
  around: Surroundings,
): Partial<Volumes> => {
  const spec = fieldsOf(around.claim(called)?.spec);
  const size = textOf(fieldsOf(fieldsOf(spec.resources).requests).storage);
  if (size === "") {
    around.note(`volume ${name}: claim ${called} is not among its objects`);
    return {};
  }
  const isShared = listOf(spec.accessModes).includes("ReadWriteMany");
  const [first] = mounted;
  if (called !== `${around.app}-${name}`)
    around.note(
      `claim ${called}: here it is ${around.app}-${name}: copy what it holds, see homelab handover`,
    );
  const isPlain = mounted.length === 1 && first?.subPath === undefined;
  return {
    storage: {
      [name]: {
        class: textOf(spec.storageClassName) || around.defaultClass,
        size,
        ...(first && { mount: first.path }),
        ...(isShared && { access: "many nodes" as const }),
      },
    },
    ...(!isPlain && { persistence: { [name]: { globalMounts: places(mounted) } } }),
  };
};

/** Room without a limit has no field of an app, and is the chart's own. */
const room = (name: string, { sizeLimit, medium }: Fields, mounted: readonly Mounted[]): Partial<Volumes> => {
  const isPlain = sizeLimit !== undefined && mounted.every(({ subPath }) => subPath === undefined);
  if (isPlain && mounted.length === 1)
    return mountedEach(mounted, () => (medium === "Memory" ? memory : scratch)(textOf(sizeLimit)));
  return {
    persistence: {
      [name]: {
        type: "emptyDir",
        ...(medium !== undefined && { medium }),
        ...(sizeLimit !== undefined && { sizeLimit }),
        globalMounts: places(mounted),
      },
    },
  };
};

const secret = (
  name: string,
  given: Fields,
  mounted: readonly Mounted[],
  around: Surroundings,
): Partial<Volumes> => {
  const { secretName, items, defaultMode } = given;
  const path = around.secretPath(textOf(secretName));
  if (path === undefined) {
    around.note(`volume ${name}: no InfisicalSecret makes Secret ${textOf(secretName)}`);
    return {};
  }
  if (
    items === undefined &&
    defaultMode === undefined &&
    mounted.every(({ subPath }) => subPath === undefined)
  )
    return mountedEach(mounted, () => secretFiles(path));
  const more = { ...(items !== undefined && { items }), ...(defaultMode !== undefined && { defaultMode }) };
  return {
    persistence: {
      [name]: {
        type: "secret",
        name: secretNameOf(around.app, path),
        ...more,
        globalMounts: places(mounted),
      },
    },
  };
};

const files = (given: Fields, mounted: readonly Mounted[], around: Surroundings): Partial<Volumes> => {
  const data = around.configMap(textOf(given.name));
  if (data === undefined) {
    around.note(`files of ConfigMap ${textOf(given.name)}: it is not there`);
    return {};
  }
  if (given.defaultMode !== undefined)
    around.note(
      `files of ConfigMap ${textOf(given.name)}: their mode: here they are read-only and no programs`,
    );
  const items = listOf(given.items).map(fieldsOf);
  const names =
    items.length > 0
      ? items.map(({ key, path }) => [textOf(key), textOf(path)] as const)
      : Object.keys(data).map((key) => [key, key] as const);
  const all = mounted.flatMap(({ path, subPath }) =>
    names
      .filter(([, name]) => subPath === undefined || subPath === name)
      .map(([key, name]) => ({
        at: subPath === undefined ? posix.join(path, name) : path,
        file: `${around.app}/${key}`,
        text: textOf(data[key]),
      })),
  );
  return {
    mounts: Object.fromEntries(
      all.map(({ at, file, text }) => [at, { kind: "file" as const, path: file, text }]),
    ),
  };
};

const nodePath = (path: string, mounted: readonly Mounted[], { note }: Surroundings): Partial<Volumes> => {
  for (const { path: at } of mounted.filter((each) => each.path !== path))
    note(`node path ${path} at ${at}: here it is mounted at ${path}`);
  return { hostPaths: [path] };
};
