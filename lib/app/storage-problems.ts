/** Problems of the claims of an app. */

import { suggestion } from "../../environments/did-you-mean.ts";
import { withoutVelero } from "../backup/volume-backup.ts";
import { Quantity } from "../core/values/quantity.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { applicationFacts } from "./application.ts";
import type { HelmValue } from "./declaration.ts";
import type { Line } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { claimName, type Volume } from "./storage.ts";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/;

export const storageProblems = (app: ResolvedApp, environment: AppEnvironment, line: Line): string[] => {
  const { name, storage, source, values } = app;
  return [
    ...sharedClaims(app, environment, line),
    ...Object.entries(storage).flatMap(([volume, props]) => [
      ...volumeProblems(volume, props, line),
      ...classProblems(volume, props, environment, line),
      ...claimProblems(claimName(name, volume), props, source.kind, values, line, volume),
    ]),
  ];
};

const COUNT = /(^|\.)(replicas|replicaCount|maxReplicas)$/;

/**
 * Numbers of pods above one beside claims that one node has at a time. Of a chart, recorded facts say which of its
 * workloads mounts what, so its numbers count only where there are none.
 */
const sharedClaims = (app: ResolvedApp, { charts }: AppEnvironment, line: Line): string[] => {
  const { storage, replicas, source, values, parameters } = app;
  const own = Object.values(storage).some(
    ({ madeByChart, access }) => !madeByChart && access !== "many nodes",
  );
  if (!own || (source.kind !== "image" && applicationFacts(app, { charts })?.known)) return [];
  const counts: readonly (readonly [string, unknown])[] = [
    ["replicas", replicas],
    ...numbersIn(values, ""),
    ...parameters.map((each) => [each.name, Number(each.value)] as const),
  ];
  return counts
    .filter(([path, count]) => COUNT.test(path) && Number(count) > 1)
    .map(([path, count]) => line(path, "must be 1: its claims can be mounted on one node only", count));
};

const numbersIn = (value: HelmValue, path: string): (readonly [string, unknown])[] => {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) => numbersIn(item, path ? `${path}.${key}` : key));
};

/** The class must be there, with what brings it and what its nodes need: a claim is mounted by the node that its pod lands on. */
const classProblems = (
  volume: string,
  { class: given, backup = "daily", access }: Volume,
  { name, storageClasses, extensions, backsVolumesUp }: AppEnvironment,
  line: Line,
): string[] => {
  const path = `storage.${volume}.class`;
  const found = storageClasses.find((each) => each.name === given);
  if (found === undefined) {
    const names = storageClasses.map((each) => each.name);
    const has = `${names.join(", ") || "none"}${suggestion(given, names)}`;
    return [line(path, `must be a storage class of ${name}, which has ${has}`, given)];
  }
  if (access === "many nodes" && !found.manyNodes)
    return [
      line(
        `storage.${volume}.access`,
        `must be one node: volumes of ${given} are mounted by one at a time; a share of the NAS is nfs(…) in mounts`,
        access,
      ),
    ];
  const {
    extension,
    driver: { name: by },
  } = found;
  const onNode = storageClasses.filter((each) => each.onNode).map((each) => each.name);
  if (onNode.includes(given) && backsVolumesUp && typeof backup === "string")
    return [
      line(
        `storage.${volume}.backup`,
        `must be off, with a reason: volumes of ${given} are directories of a node, which Velero skips`,
        backup,
      ),
    ];
  return extension === undefined || extensions.includes(extension)
    ? []
    : [
        line(
          path,
          `needs the extension ${extension} of its driver ${by} in the schematic of every node that takes workloads`,
          given,
        ),
      ];
};

const volumeProblems = (
  volume: string,
  { size, mount, madeByChart, backup = "daily" }: Volume,
  line: Line,
): string[] => [
  ...(LABEL.test(volume)
    ? []
    : [line(`storage.${volume}`, "must be a DNS label of at most 22 characters", volume)]),
  ...(Quantity.isValid(size) && Quantity.parse(size).isMoreThan(Quantity.ZERO)
    ? []
    : [line(`storage.${volume}.size`, "must be a quantity above 0, e.g. 10Gi", size)]),
  ...(mount === undefined || /^\/./.test(mount)
    ? []
    : [line(`storage.${volume}.mount`, "must be an absolute path", mount)]),
  ...((withoutVelero(backup)?.trim().length ?? 10) < 10
    ? [line(`storage.${volume}.backup`, "must say why nobody would miss it, or what saves it", backup)]
    : []),
  ...(madeByChart && typeof backup === "string"
    ? [
        line(
          `storage.${volume}.backup`,
          "must be by what saves it, or off with a reason: Velero reads claims of this project alone",
          backup,
        ),
      ]
    : []),
];

/** A chart has to be told of the claim; an image is. */
const claimProblems = (
  claim: string,
  { madeByChart, mount }: Volume,
  source: ResolvedApp["source"]["kind"],
  values: ResolvedApp["values"],
  line: Line,
  volume: string,
): string[] => {
  if (source === "image")
    return madeByChart ? [line(`storage.${volume}.madeByChart`, "must not stand on an image", true)] : [];
  if (mount !== undefined)
    return [line(`storage.${volume}.mount`, `must not stand on a ${source}, which mounts by itself`, mount)];
  return source === "chart" && !madeByChart && !JSON.stringify(values).includes(JSON.stringify(claim))
    ? [
        line(
          "values",
          `must name the claim ${claim}, or storage.${volume} be madeByChart`,
          Object.keys(values),
        ),
      ]
    : [];
};
