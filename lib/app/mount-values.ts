/** Mounts of an image, as `app-template` takes them. */
import type { HelmValue, HelmValues } from "./helm-value.ts";
import type { Mount } from "./mounts.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { secretNames } from "./secrets.ts";
import { claimName } from "./storage.ts";

/** The key of a mount among the chart's: `/app/config/a.yaml` is `app-config-a-yaml`. */
export const mountKey = (path: string): string =>
  path
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

/** A place in a container as the chart has it. */
type Place = { readonly path: string } & HelmValues;

/**
 * The places of a volume: in all containers of a pod that has no further ones, else in the app's own and in those that
 * name it.
 * @param named the volume's name in `storage`, or its path
 */
export const placesOf = (app: ResolvedApp, named: string, own: Place): HelmValues => {
  const further = Object.entries(app.containers);
  if (further.length === 0) return { globalMounts: [own] };
  const others = further.flatMap(([name, { mounts = {} }]) => {
    const paths = Object.entries(mounts).flatMap(([path, volume]) => (volume === named ? [path] : []));
    return paths.length === 0 ? [] : [[name, paths.map((path) => ({ ...own, path }))] as const];
  });
  return { advancedMounts: { main: { main: [own], ...Object.fromEntries(others) } } };
};

/** `persistence` and `configMaps` for the mounts of an app. */
export const mountValues = (app: ResolvedApp): { persistence: HelmValues; configMaps: HelmValues } => {
  const files = Object.entries(app.mounts).flatMap(([path, mount]) =>
    mount.kind === "file" ? [[mountKey(path), mount.text ?? ""] as const] : [],
  );
  return {
    persistence: Object.fromEntries(
      Object.entries(app.mounts).map(([path, mount]) => [mountKey(path), mountValue(app, path, mount)]),
    ),
    configMaps: {
      ...(files.length > 0 && { files: { data: Object.fromEntries(files) } }),
      ...Object.fromEntries(
        Object.entries(app.mounts).flatMap(([path, mount]) =>
          mount.kind === "files" ? [[mountKey(path), folder(`${app.name}-${mountKey(path)}`, mount)]] : [],
        ),
      ),
    },
  };
};

const folder = (forceRename: string, { files }: Extract<Mount, { kind: "files" }>): HelmValues => ({
  forceRename,
  data: Object.fromEntries(Object.entries(files).map(([name, { text = "" }]) => [name, text])),
});

const mountValue = (app: ResolvedApp, path: string, mount: Mount): HelmValue => {
  const at = (more: HelmValues = {}): HelmValues => placesOf(app, path, { path, ...more });
  switch (mount.kind) {
    case "nfs": {
      const { server, share, subPath, readOnly } = mount;
      const options = { ...(subPath !== undefined && { subPath }), ...(readOnly && { readOnly }) };
      return { type: "nfs", server, path: share, ...at(options) };
    }
    case "scratch":
      return {
        type: "emptyDir",
        sizeLimit: mount.size,
        ...(mount.inMemory && { medium: "Memory" }),
        ...at(),
      };
    case "secret": {
      const name = secretNames(app)[app.secrets.indexOf(mount.path)] ?? "";
      return { type: "secret", name, ...at({ readOnly: true }) };
    }
    case "claim":
      return {
        type: "persistentVolumeClaim",
        existingClaim: claimName(mount.of, mount.volume),
        ...at(mount.subPath === undefined ? {} : { subPath: mount.subPath }),
      };
    case "files":
      return { type: "configMap", identifier: mountKey(path), ...at({ readOnly: true }) };
    case "file":
      return {
        type: "configMap",
        identifier: "files",
        ...at({ subPath: mountKey(path), readOnly: true }),
      };
  }
};
