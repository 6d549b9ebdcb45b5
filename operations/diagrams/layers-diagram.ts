import { type Backup, stateText } from "../../environments/absent.ts";
import { engineOf } from "../../environments/gitops.ts";
import type { Environment } from "../../environments/schema.ts";
import { counted, grouped } from "../../lib/core/lists.ts";
import { AssumptionMarks } from "./assumptions.ts";
import type { DrawnApp } from "./drawn-apps.ts";
import { type StackCrossing, type StackFacts, type StackSource, stackGraph } from "./stack-graph.ts";

interface LayerText {
  /** The kinds of objects in the stack. */
  readonly holds: string;
  readonly changes: string;
  readonly mayDestroy: string;
}

/**
 * The stacks of one environment and what crosses from one to another: a page of Markdown with a Mermaid chart and a
 * table. Same data, same bytes.
 */
export const layersDiagram = (
  environment: Environment,
  sources: readonly StackSource[],
  apps: readonly DrawnApp[] = [],
): string => {
  const { name, state } = environment;
  const { stacks, crossings } = stackGraph(sources);
  const marks = new AssumptionMarks(environment);
  const texts = layerTexts(environment, apps, marks);
  const idOf = (stack: string) => `stack${stacks.findIndex((each) => each.name === stack)}`;
  return [
    `# ${name}: one stack per lifetime, and what crosses between them`,
    "",
    `Data flows down only: a stack reads the states of those above it in ${stateText(state)}.`,
    "",
    "```mermaid",
    "flowchart TB",
    ...stacks.map(
      (stack) => `  ${node(idOf(stack.name), stackText(stack, texts[stack.name.slice(name.length + 1)]))}`,
    ),
    ...crossings.flatMap((crossing, index) =>
      crossingLines(crossing, `value${index}`, idOf).map((line) => `  ${line}`),
    ),
    "```",
    "",
    ...factTable(stacks),
    ...appTable(apps),
    ...legend(marks),
    "",
  ].join("\n");
};

/** A text that no line ends in: Mermaid breaks at spaces, and half a schedule says nothing. */
const unbroken = (text: string): string => text.replaceAll(" ", "\u00a0");

/** Every app, by its namespace. */
const appTable = (apps: readonly DrawnApp[]): string[] =>
  apps.length === 0
    ? []
    : [
        "",
        `${counted(apps.length, "app")} of this repository, by namespace:`,
        "",
        "| namespace | apps |",
        "|---|---|",
        ...[...grouped(apps, ({ namespace }) => namespace)]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([namespace, inside]) => `| ${namespace} | ${inside.map(({ name }) => name).join(", ")} |`),
      ];

const lockText = ({ lock }: Backup): string =>
  lock === null ? "not locked" : `locked for ${counted(lock.days, "day")} (${lock.mode})`;

const copyText = ({ copy }: Backup): string =>
  copy === null ? "without a second copy" : `with a second copy in ${copy.bucket}`;

const layerTexts = (
  { nodes, versions, networkPolicy, namespaces, backup, gitops }: Environment,
  apps: readonly DrawnApp[],
  marks: AssumptionMarks,
): Readonly<Record<string, LayerText>> => {
  const engine = engineOf({ gitops });
  const controlPlanes = nodes.filter(({ role }) => role === "controlplane").length;
  const machines = `${counted(controlPlanes, "control plane")} and ${counted(nodes.length - controlPlanes, "worker")}`;
  const version = (name: keyof typeof versions) => marks.mark(versions[name], `versions.${name}`);
  const tiers = (backup?.tiers ?? [])
    .map(
      ({ name, schedule, keepDays }) =>
        `${name} at ${unbroken(String(schedule))} for ${counted(keepDays, "day")}`,
    )
    .join(", ");
  const policy = marks.mark(networkPolicy.mode, "networkPolicy.mode");
  const revision = marks.mark(gitops.revision, "gitops.revision");
  return {
    backup: {
      holds:
        backup === null
          ? "Nothing: there is no backup."
          : `The bucket ${marks.mark(backup.bucket, "backup.bucket")}, which outlives the cluster: etcd snapshots ` +
            `under ${marks.mark(`${backup.prefix}/`, "backup.prefix")}, ${marks.mark(lockText(backup), "backup.lock")}, ` +
            `${marks.mark(copyText(backup), "backup.copy")}.` +
            (backup.volumes
              ? ` The bucket ${marks.mark(backup.volumes.bucket, "backup.volumes.bucket")} of volume backups.`
              : ""),
      changes: "yearly",
      mayDestroy: "nothing",
    },
    cluster: {
      holds:
        `Talos ${version("talos")} with Kubernetes ${version("kubernetes")} on ${machines}: machine secrets, ` +
        "configuration, bootstrap.",
      changes: "on node or version changes",
      mayDestroy: "nothing without a reviewed removal",
    },
    platform: {
      holds:
        `Cilium ${version("cilium")} with network policy ${policy}, ${counted(namespaces.length, "namespace")} ` +
        `with quotas, ArgoCD (chart ${version("argocdChart")}), etcd backup: ${tiers || "none"}.`,
      changes: "monthly",
      mayDestroy: "objects in the cluster",
    },
    apps: {
      holds:
        (engine === "none"
          ? "No root application: ArgoCD starts empty."
          : `${engine === "flux" ? "Flux's Kustomization" : "The root application"}: ${marks.mark(gitops.repository, "gitops.repository")} at ${revision}.`) +
        (apps.length > 0 ? ` And ${counted(apps.length, "app")} of this repository: see below.` : ""),
      changes: "daily",
      mayDestroy: "one app's objects",
    },
  };
};

/** A box with lines of text. Mermaid reads `#…;` as a character, and markup as such. */
const node = (id: string, lines: readonly string[]): string => `${id}["${lines.map(escaped).join("<br/>")}"]`;

const escaped = (text: string): string =>
  text.replace(/[#"<>&`\\]/g, (character) => `#${character.codePointAt(0)};`);

const stackText = ({ name }: StackFacts, layer: LayerText | undefined): string[] => [
  name,
  ...(layer ? [layer.holds, `Changes: ${layer.changes}. May destroy: ${layer.mayDestroy}.`] : []),
];

/** Values stand in a box between the stack that they come from and those that read them. */
const crossingLines = (
  { from, to, values }: StackCrossing,
  id: string,
  idOf: (stack: string) => string,
): string[] =>
  values.length === 0
    ? to.map((waiting) => `${idOf(from)} -. order only .-> ${idOf(waiting)}`)
    : [
        node(id, valueLines(values)),
        `${idOf(from)} --- ${id}`,
        ...to.map((reader) => `${id} --> ${idOf(reader)}`),
      ];

/** Values of one resource stand on a line, behind its address. */
const valueLines = (values: readonly string[]): string[] => {
  const byOwner = new Map<string, string[]>();
  for (const value of values) {
    const parts = value.split(".");
    const owner = parts[0] === "var" ? "from the operator" : parts.slice(0, -1).slice(0, 2).join(".");
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), parts.at(-1) ?? value]);
  }
  return [...byOwner].map(([owner, attributes]) => `${owner}: ${attributes.join(", ")}`);
};

const factTable = (stacks: readonly StackFacts[]): string[] => [
  "| stack | state | providers | asks the operator | gives the operator |",
  "|---|---|---|---|---|",
  ...stacks.map(
    ({ name, state, providers, variables, outputs }) =>
      `| ${[name, state, ...[providers, variables, outputs].map((each) => each.join(", "))].join(" | ")} |`,
  ),
];

const legend = (marks: AssumptionMarks): string[] => {
  const lines = marks.explained().map(({ path, text }) => `- \`${path}\`: ${text}`);
  return lines.length > 0 ? ["", "\\* assumed, nobody has confirmed it yet:", "", ...lines] : [];
};
