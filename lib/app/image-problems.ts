/** Problems of the fields that only images have: further containers and ports, mounts, runs. */
import { Quantity } from "../core/values/quantity.ts";
import { Schedule } from "../core/values/schedule.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { imageProblems } from "./image.ts";
import { mountKey } from "./mount-values.ts";
import type { Line } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import type { Variable } from "./variables.ts";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const PORT_NAME = /^[a-z]([a-z0-9-]{0,13}[a-z0-9])?$/;
const PATH = /^(\/[^/\s:]+)+$/;
const SERVER = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

export const containerProblems = (app: ResolvedApp, environment: AppEnvironment, line: Line): string[] => {
  const volumes = [
    ...Object.keys(app.storage),
    ...Object.keys(app.mounts),
    ...(app.privileges?.hostPaths ?? []),
  ];
  return Object.entries(app.containers).flatMap(([name, { image, runAs, mounts = {} }]) => {
    const path = `containers.${name}`;
    return [
      ...Object.entries(mounts).flatMap(([place, volume]) => [
        ...(PATH.test(place) ? [] : [line(`${path}.mounts`, "must be at an absolute path", place)]),
        ...(volumes.includes(volume)
          ? []
          : [
              line(
                `${path}.mounts.${place}`,
                `must be a volume of the app, by its name in storage or its path: ${volumes.join(", ") || "it has none"}`,
                volume,
              ),
            ]),
      ]),
      ...(LABEL.test(name) && name !== "main"
        ? []
        : [line(path, "must be a DNS label other than main, which is the app's own container", name)]),
      ...imageProblems(image, app.name, environment.acceptedRisks).map((rule) =>
        line(`${path}.image`, rule, image),
      ),
      ...(runAs === 0 && !app.privileges?.root
        ? [line(`${path}.runAs`, "must not be 0 without the privilege root", runAs)]
        : []),
    ];
  });
};

/** Variables that name Secrets which the app does not have. */
export const variableProblems = (app: ResolvedApp, _: AppEnvironment, line: Line): string[] => {
  const all: readonly (readonly [string, Readonly<Record<string, Variable>>])[] = [
    ["env", app.env],
    ...Object.entries(app.containers).map(([name, { env = {} }]) => [`containers.${name}.env`, env] as const),
  ];
  return all.flatMap(([path, env]) =>
    Object.entries(env).flatMap(([name, variable]) => {
      if (typeof variable === "string") return [];
      const wanted = variable.path ?? app.secrets[0];
      return wanted !== undefined && app.secrets.includes(wanted)
        ? []
        : [line(`${path}.${name}`, "must be of a path in secrets", variable.path ?? "no secrets")];
    }),
  );
};

export const portProblems = ({ port, ports }: ResolvedApp, _: AppEnvironment, line: Line): string[] => {
  const taken = new Map(port === undefined ? [] : [[`TCP ${port}`, "port"]]);
  return Object.entries(ports).flatMap(([name, { protocol, start, end }]) => {
    const path = `ports.${name}`;
    const key = `${protocol} ${start}`;
    const other = taken.get(key);
    taken.set(key, path);
    return [
      ...(PORT_NAME.test(name) && name !== "http"
        ? []
        : [line(path, "must be a name of at most 15 characters other than http, which is port's", name)]),
      ...(protocol === "ICMP" || end !== start
        ? [line(path, "must be one port of TCP or UDP", `${start}–${end}/${protocol}`)]
        : []),
      ...(other ? [line(path, `must be another port than ${other}`, key)] : []),
    ];
  });
};

export const mountProblems = (app: ResolvedApp, _: AppEnvironment, line: Line): string[] => {
  const taken = new Map([
    ...Object.entries(app.storage).map(
      ([name, { mount }]) => [mount ?? `/${name}`, `storage.${name}`] as const,
    ),
    ...(app.privileges?.hostPaths ?? []).map((path) => [path, "privileges.hostPaths"] as const),
  ]);
  const keys = new Map(Object.keys(app.storage).map((name) => [name, `storage.${name}`]));
  return Object.entries(app.mounts).flatMap(([path, mount]) => {
    const at = `mounts.${path}`;
    const other = taken.get(path) ?? keys.get(mountKey(path));
    keys.set(mountKey(path), at);
    const wrong = (isWrong: boolean, rule: string, value: unknown) =>
      isWrong ? [line(at, rule, value)] : [];
    return [
      ...wrong(!PATH.test(path), "must be at an absolute path", path),
      ...wrong(other !== undefined, `must be at another path than ${other}`, path),
      ...(mount.kind === "nfs"
        ? [
            ...wrong(!SERVER.test(mount.server), "must be on a server, by address or name", mount.server),
            ...wrong(!PATH.test(mount.share), "must be a share by its absolute path", mount.share),
          ]
        : []),
      ...(mount.kind === "scratch"
        ? wrong(!Quantity.isValid(mount.size), "must have a size, e.g. 1Gi", mount.size)
        : []),
      ...(mount.kind === "secret"
        ? wrong(!app.secrets.includes(mount.path), "must be a path in secrets", mount.path)
        : []),
      ...(mount.kind === "files"
        ? Object.values(mount.files).flatMap((file) =>
            wrong(file.problem !== undefined, `must be a file that is ${file.problem}`, file.path),
          )
        : []),
      ...(mount.kind === "file"
        ? wrong(mount.problem !== undefined, `must be a file that is ${mount.problem}`, mount.path)
        : []),
    ];
  });
};

/** A pod that ends serves nobody, and there is one at a time. */
export const runProblems = (app: ResolvedApp, _: AppEnvironment, line: Line): string[] => {
  const { runs, port, host, replicas } = app;
  if (!runs) return [];
  return [
    ...(runs.kind === "schedule" && !Schedule.isValid(runs.schedule)
      ? [line("runs.schedule", "must have five fields of cron, e.g. 17 3 * * *", runs.schedule)]
      : []),
    ...(runs.kind === "schedule" && !isTimeZone(runs.timeZone)
      ? [line("runs.timeZone", "must be a time zone, e.g. Europe/Paris", runs.timeZone)]
      : []),
    ...(port !== undefined || host !== undefined
      ? [line("port", "must be none: a pod that runs to its end serves nobody", port ?? host)]
      : []),
    ...(replicas > 1 ? [line("replicas", "must be 1: a run is one pod", replicas)] : []),
  ];
};

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
};
