/** Claims, shares, files and room of a pod. */
import { posix } from "node:path";
import { type Mount, memory, nfs, scratch, secretFiles } from "../../../lib/app/mounts.ts";
import { secretNameOf } from "../../../lib/app/secrets.ts";
import type { Volume } from "../../../lib/app/storage.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../lib/core/fields.ts";
import { allContainers, fieldsIn, present, unique } from "./objects.ts";
import type { VariableSurroundings } from "./variables.ts";

interface Surroundings extends Pick<VariableSurroundings, "configMap" | "secretPath" | "note"> {
  readonly app: string;
  /** Claims of the app by name, those of a StatefulSet among them. */
  readonly claim: (name: string) => Fields | undefined;
  readonly defaultClass: string;
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
  readonly readOnly?: true;
}

/** @param pod its spec, with the claims of a StatefulSet among its volumes */
export const volumesOf = (pod: Fields, around: Surroundings): Volumes => {
  const parts = fieldsIn(pod.volumes).map((volume) =>
    carried(volume, mountsOf(pod, textOf(volume.name)), around),
  );
  return {
    storage: Object.assign({}, ...parts.map(({ storage }) => storage)) as Volumes["storage"],
    mounts: Object.assign({}, ...parts.map(({ mounts }) => mounts)) as Volumes["mounts"],
    persistence: Object.assign({}, ...parts.map(({ persistence }) => persistence)) as Fields,
    hostPaths: [...new Set(parts.flatMap(({ hostPaths }) => hostPaths ?? []))],
  };
};

const trimmed = (path: unknown): string => textOf(path).replace(/(.)\/$/, "$1");

/** The mounts of a container beside the app's own: names of volumes and paths of the app, by paths of its own. */
export const mountsBeside = (container: Fields, { storage, mounts, hostPaths }: Volumes) => {
  const named = [...Object.keys(mounts), ...hostPaths];
  const all = fieldsIn(container.volumeMounts).flatMap(({ name, mountPath }) => {
    const path = trimmed(mountPath);
    if (textOf(name) in storage) return [[path, textOf(name)] as const];
    const below = named.filter((each) => each === path || each.startsWith(`${path}/`));
    return below.map((each) => [each, each] as const);
  });
  return present({ mounts: Object.fromEntries(all) });
};

/** The paths at which the containers mount a volume: all containers of an app mount all its volumes. */
const mountsOf = (pod: Fields, volume: string): Mounted[] => {
  const all = allContainers(pod)
    .flatMap(({ volumeMounts }) => fieldsIn(volumeMounts))
    .filter(({ name }) => name === volume)
    .map(({ mountPath, subPath, readOnly }) => ({
      path: trimmed(mountPath),
      ...(subPath !== undefined && { subPath: textOf(subPath) }),
      ...(readOnly === true && { readOnly: true as const }),
    }));
  return unique(all, ({ path }) => path);
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
      return mountedEach(mounted, ({ path: _, ...options }) =>
        nfs(textOf(given.server), textOf(given.path), options),
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

const isWhole = ({ subPath }: Mounted): boolean => subPath === undefined;

const claim = (
  name: string,
  called: string,
  mounted: readonly Mounted[],
  { app, claim: claimOf, defaultClass, note }: Surroundings,
): Partial<Volumes> => {
  const spec = fieldsOf(claimOf(called)?.spec);
  const size = textOf(fieldsOf(fieldsOf(spec.resources).requests).storage);
  if (size === "") {
    note(`volume ${name}: claim ${called} is not among its objects`);
    return {};
  }
  const isShared = listOf(spec.accessModes).includes("ReadWriteMany");
  if (called !== `${app}-${name}`)
    note(`claim ${called}: here it is ${app}-${name}: copy what it holds, see homelab handover`);
  const volume: Volume = {
    class: textOf(spec.storageClassName) || defaultClass,
    size,
    ...(mounted[0] && { mount: mounted[0].path }),
    ...(isShared && { access: "many nodes" }),
  };
  const isPlain = mounted.length === 1 && mounted.every(isWhole);
  return {
    storage: { [name]: volume },
    ...(!isPlain && { persistence: { [name]: { globalMounts: mounted } } }),
  };
};

/** Room without a limit has no field of an app, and is the chart's own. */
const room = (name: string, { sizeLimit, medium }: Fields, mounted: readonly Mounted[]): Partial<Volumes> => {
  if (sizeLimit !== undefined && mounted.every(isWhole) && mounted.length === 1)
    return mountedEach(mounted, () => (medium === "Memory" ? memory : scratch)(textOf(sizeLimit)));
  const volume = { type: "emptyDir", ...present({ medium, sizeLimit }), globalMounts: mounted };
  return { persistence: { [name]: volume } };
};

const secret = (
  name: string,
  { secretName, items, defaultMode }: Fields,
  mounted: readonly Mounted[],
  { app, secretPath, note }: Surroundings,
): Partial<Volumes> => {
  const path = secretPath(textOf(secretName));
  if (path === undefined) {
    note(`volume ${name}: no InfisicalSecret makes Secret ${textOf(secretName)}`);
    return {};
  }
  if (items === undefined && defaultMode === undefined && mounted.every(isWhole))
    return mountedEach(mounted, () => secretFiles(path));
  const named = { type: "secret", name: secretNameOf(app, path), ...present({ items, defaultMode }) };
  return { persistence: { [name]: { ...named, globalMounts: mounted } } };
};

const files = (
  given: Fields,
  mounted: readonly Mounted[],
  { app, configMap, note }: Surroundings,
): Partial<Volumes> => {
  const [called, items] = [textOf(given.name), fieldsIn(given.items)];
  const data = configMap(called);
  if (data === undefined) {
    note(`files of ConfigMap ${called}: it is not there`);
    return {};
  }
  if (given.defaultMode !== undefined)
    note(`files of ConfigMap ${called}: their mode: here they are read-only and no programs`);
  const names =
    items.length > 0
      ? items.map(({ key, path }) => [textOf(key), textOf(path)] as const)
      : Object.keys(data).map((key) => [key, key] as const);
  const all = mounted.flatMap(({ path, subPath }) =>
    names
      .filter(([, name]) => subPath === undefined || subPath === name)
      .map(([key, name]) => {
        const at = subPath === undefined ? posix.join(path, name) : path;
        return [at, { kind: "file" as const, path: `${app}/${key}`, text: textOf(data[key]) }] as const;
      }),
  );
  return { mounts: Object.fromEntries(all) };
};

const nodePath = (path: string, mounted: readonly Mounted[], { note }: Surroundings): Partial<Volumes> => {
  for (const { path: at } of mounted.filter((each) => each.path !== path))
    note(`node path ${path} at ${at}: here it is mounted at ${path}`);
  return { hostPaths: [path] };
};
