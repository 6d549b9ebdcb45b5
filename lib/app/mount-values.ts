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

/** `persistence` and `configMaps` for the mounts of an app. */
export const mountValues = (app: ResolvedApp): { persistence: HelmValues; configMaps: HelmValues } => {
  const files = Object.entries(app.mounts).flatMap(([path, mount]) =>
    mount.kind === "file" ? [[mountKey(path), mount.text ?? ""] as const] : [],
  );
  return {
    persistence: Object.fromEntries(
      Object.entries(app.mounts).map(([path, mount]) => [mountKey(path), mountValue(app, path, mount)]),
    ),
    configMaps: files.length > 0 ? { files: { data: Object.fromEntries(files) } } : {},
  };
};

const mountValue = (app: ResolvedApp, path: string, mount: Mount): HelmValue => {
  const at = (more: HelmValues = {}): HelmValue => [{ path, ...more }];
  switch (mount.kind) {
    case "nfs": {
      const { server, share, subPath, readOnly } = mount;
      const options = { ...(subPath !== undefined && { subPath }), ...(readOnly && { readOnly }) };
      return { type: "nfs", server, path: share, globalMounts: at(options) };
    }
    case "scratch":
      return {
        type: "emptyDir",
        sizeLimit: mount.size,
        ...(mount.inMemory && { medium: "Memory" }),
        globalMounts: at(),
      };
    case "secret": {
      const name = secretNames(app)[app.secrets.indexOf(mount.path)] ?? "";
      return { type: "secret", name, globalMounts: at({ readOnly: true }) };
    }
    case "claim":
      return {
        type: "persistentVolumeClaim",
        existingClaim: claimName(mount.of, mount.volume),
        globalMounts: at(mount.subPath === undefined ? {} : { subPath: mount.subPath }),
      };
    case "file":
      return {
        type: "configMap",
        identifier: "files",
        globalMounts: at({ subPath: mountKey(path), readOnly: true }),
      };
  }
};
