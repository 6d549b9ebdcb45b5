/** What is wrong with the claims of an app. */
import { Quantity } from "../core/values/quantity.ts";
import type { AppEnvironment } from "./app-environment.ts";
import type { Line } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { claimName, extensionOf, STORAGE_CLASSES, type Volume } from "./storage.ts";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/;

export const storageProblems = (app: ResolvedApp, environment: AppEnvironment, line: Line): string[] => {
  const { name, storage, replicas, source, values } = app;
  const shared = Object.keys(storage).length > 0 && replicas > 1 && source.kind === "image";
  return [
    ...(shared ? [line("replicas", "must be 1: its claims can be mounted on one node only", replicas)] : []),
    ...Object.entries(storage).flatMap(([volume, props]) => [
      ...volumeProblems(volume, props, line),
      ...extensionProblems(volume, props, environment, line),
      ...claimProblems(claimName(name, volume), props, source.kind, values, line, volume),
    ]),
  ];
};

/** A claim is mounted by the node that its pod lands on. */
const extensionProblems = (
  volume: string,
  { class: storageClass }: Volume,
  { extensions }: AppEnvironment,
  line: Line,
): string[] => {
  const needed = extensionOf(storageClass);
  return needed === undefined || extensions.includes(needed)
    ? []
    : [
        line(
          `storage.${volume}.class`,
          `needs the extension ${needed} in the schematic of every node that takes workloads`,
          storageClass,
        ),
      ];
};

const volumeProblems = (volume: string, { class: storageClass, size, mount, backup }: Volume, line: Line) => [
  ...(LABEL.test(volume)
    ? []
    : [line(`storage.${volume}`, "must be a DNS label of at most 22 characters", volume)]),
  ...(STORAGE_CLASSES.includes(storageClass)
    ? []
    : [line(`storage.${volume}.class`, `must be one of ${STORAGE_CLASSES.join(", ")}`, storageClass)]),
  ...(Quantity.isValid(size) && Quantity.parse(size).isMoreThan(Quantity.ZERO)
    ? []
    : [line(`storage.${volume}.size`, "must be a quantity above 0, e.g. 10Gi", size)]),
  ...(mount === undefined || /^\/./.test(mount)
    ? []
    : [line(`storage.${volume}.mount`, "must be an absolute path", mount)]),
  ...(typeof backup === "object" && backup.off.trim().length < 10
    ? [line(`storage.${volume}.backup.off`, "must say why nobody would miss it", backup.off)]
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
