/** An explanation as people read it. */

import { tableLines } from "../../lib/core/text-table.ts";
import type { Explanation } from "./explanation.ts";

export const explanationText = (explained: Explanation): string => {
  const { app, environment, source, podSecurity, priorityClass, hibernates } = explained;
  return [
    `${environment}/${app}: ${source}`,
    `  Pod Security ${podSecurity}, priority ${priorityClass}${hibernates ? ", hibernates" : ""}`,
    ...(explained.privileges ? section("privileges", privileges(explained.privileges)) : []),
    ...section(`objects, ${explained.objects.length}`, objects(explained)),
    ...section("containers, declared → effective", containers(explained)),
    ...section("flows", flows(explained)),
    ...section("capacity", capacity(explained)),
    ...section(
      "hosts",
      explained.hosts.map(({ host, how }) => [host, how]),
    ),
    ...section(
      "secrets",
      explained.secrets.map(({ path, secret }) => [path, `→ Secret ${secret}`]),
    ),
    ...section(
      "volumes",
      explained.volumes.map(({ claim, madeBy, size, class: storageClass, backup }) => [
        ...[claim, size, storageClass, `made by ${madeBy}`, `backup ${backup}`],
      ]),
    ),
    ...section("order", order(explained)),
    ...(explained.differences.length > 0 ? section("differs from vixens", differences(explained)) : []),
    ...section("cost", cost(explained)),
  ].join("\n");
};

/** Columns as wide as their widest cell; nothing at all says `none`. */
const section = (title: string, rows: readonly (readonly string[])[]): string[] => {
  const lines = tableLines(rows).map((line) => `  ${line}`);
  return ["", title, ...(lines.length > 0 ? lines : ["  none"])];
};

const privileges = ({ why, may }: NonNullable<Explanation["privileges"]>): string[][] => [
  ["why", why],
  ...may.map((each, at) => [at === 0 ? "may" : "", each]),
];

const objects = ({ objects, app }: Explanation): string[][] => [
  ...objects.map(({ what, stack, address }) => [what, `${stack} ${address}`]),
  [`what the source makes`, `ArgoCD, as Application ${app}`],
];

const containers = ({ containers }: Explanation): string[][] =>
  containers.flatMap(({ pod, container, fields }) =>
    fields.map(({ field, declared = "nothing", effective = "nothing", by }, at) => [
      at === 0 ? `${pod} ${container}` : "",
      field,
      declared === effective ? declared : `${declared} → ${effective}`,
      by ? `${by.policy}/${by.rule}` : declared === effective ? "" : "limit range",
    ]),
  );

const flows = ({ flows }: Explanation): string[][] =>
  flows.map(({ from, to, ports, allowance, verdicts }) => [
    `${from} → ${to}`,
    ports.join(" "),
    allowance,
    verdicts.join(" and ") || "no policy decides it",
  ]);

const capacity = ({ capacity }: Explanation): string[][] => {
  const { size, replicas, requests, limits, namespace, left, measured, share } = capacity;
  const { quota, used } = namespace;
  return [
    ["pods", `${replicas} of size ${size}`],
    ["requests", `${requests.cpu} cpu, ${requests.memory} memory, an update's extra pod included`],
    ["limits", `${limits.cpu} cpu, ${limits.memory} memory`],
    [
      "quota",
      `namespace ${namespace.name}, ${namespace.size}${namespace.shared ? ", shared" : ""}: ${quota.cpu} cpu, ${quota.memory} memory; this app asks for ${used.cpu} % and ${used.memory} %`,
    ],
    [
      "left",
      `${left.cpu} cpu, ${left.memory} memory with one node lost; the namespace takes ${share.cpu} % and ${share.memory} % of what there would be without it`,
    ],
    ...(measured === undefined ? [] : [["everything that ran", measured]]),
  ];
};

const order = ({ dependencies, dependents }: Explanation): string[][] => [
  ["kept by", "Terraform, for objects; no pod is waited for: ArgoCD tries again for half an hour"],
  ["comes after", dependencies.join(", ") || "nothing"],
  ["comes before", dependents.join(", ") || "nothing"],
];

const differences = ({ differences }: Explanation): string[][] =>
  differences.map(({ subject, there, here, meant }) => [subject, `there ${there}, here ${here}: ${meant}`]);

const cost = ({ cost: { file, lines, vixens } }: Explanation): string[][] => [
  [file, lines === undefined ? "is not there: the app stands in another file" : `${lines} lines`],
  ["vixens", vixens ? `${vixens.files} files, ${vixens.lines} lines` : "does not have it, or nobody counted"],
];
