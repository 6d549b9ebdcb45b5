import type { Environment } from "../../environments/schema.ts";
import { AssumptionMarks } from "./assumptions.ts";
import { type Block, box, card, type Fact, facts, innerWidth, stack, text } from "./block.ts";
import { type Lane, lanes } from "./lanes.ts";
import { page } from "./page.ts";
import {
  type Crossing,
  type StackFacts,
  type StackGraph,
  type StackSource,
  stackGraph,
} from "./stack-graph.ts";
import type { Accent } from "./theme.ts";

const ROW_WIDTH = 500;
const LABEL_WIDTH = 260;
const LABEL_TEXT = innerWidth(LABEL_WIDTH);
const COLORS: readonly Accent[] = ["blue", "orange", "purple", "green"];

interface LayerText {
  /** What lives in the stack. */
  readonly holds: string;
  readonly changes: string;
  readonly mayDestroy: string;
}

/** The stacks of one environment and what crosses from one to another, as SVG. Same data, same bytes. */
export const layersDiagram = (environment: Environment, sources: readonly StackSource[]): string => {
  const { name, state } = environment;
  const graph = stackGraph(sources);
  const marks = new AssumptionMarks(environment);
  const texts = layerTexts(environment, marks);
  const block = lanes({
    rowWidth: ROW_WIDTH,
    labelWidth: LABEL_WIDTH,
    rows: graph.stacks.map((stack) => {
      const layer = stack.name.slice(name.length + 1);
      return (minHeight: number) => stackCard(stack, texts[layer], minHeight);
    }),
    lanes: graph.crossings.map((crossing, index) => lane(crossing, graph, index)),
  });
  return page({
    id: `${name}-layers`,
    title: `${name}: one stack per lifetime, and what crosses between them`,
    subtitle:
      `Data flows down only: a stack reads the states of those above it in the bucket ${state.bucket} ` +
      `at ${state.endpoint}.`,
    description: describe(graph),
    width: block.width,
    blocks: [block],
    marks,
  });
};

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

type Backup = Environment["backup"];

const lockText = ({ lock }: Backup): string =>
  lock === null ? "not locked" : `locked for ${count(lock.days, "day")} (${lock.mode})`;

const copyText = ({ copy }: Backup): string =>
  copy === null ? "without a second copy" : `with a second copy in ${copy.bucket}`;

const layerTexts = (
  { nodes, versions, networkPolicy, namespaces, backup, gitops }: Environment,
  marks: AssumptionMarks,
): Readonly<Record<string, LayerText>> => {
  const controlPlanes = nodes.filter(({ role }) => role === "controlplane").length;
  const machines = `${count(controlPlanes, "control plane")} and ${count(nodes.length - controlPlanes, "worker")}`;
  const version = (name: keyof typeof versions) => marks.mark(versions[name], `versions.${name}`);
  const tiers = backup.tiers
    .map(({ name, schedule, keepDays }) => `${name} at ${schedule} for ${count(keepDays, "day")}`)
    .join(", ");
  const policy = marks.mark(networkPolicy.mode, "networkPolicy.mode");
  const revision = marks.mark(gitops.revision, "gitops.revision");
  return {
    backup: {
      holds:
        `The bucket ${marks.mark(backup.bucket, "backup.bucket")}, which outlives the cluster: etcd snapshots ` +
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
        `Cilium ${version("cilium")} with network policy ${policy}, ${count(namespaces.length, "namespace")} ` +
        `with quotas, ArgoCD (chart ${version("argocdChart")}), etcd backup: ${tiers}.`,
      changes: "monthly",
      mayDestroy: "objects in the cluster",
    },
    apps: {
      holds:
        gitops.revision === "none"
          ? "No root application: ArgoCD starts empty."
          : `The root application: ${marks.mark(gitops.repository, "gitops.repository")} at ${revision}.`,
      changes: "daily",
      mayDestroy: "one app's objects",
    },
  };
};

const stackCard = (stackFacts: StackFacts, layer: LayerText | undefined, minHeight: number): Block => {
  const width = innerWidth(ROW_WIDTH);
  const list = (label: string, values: readonly string[]): Fact[] =>
    values.length > 0 ? [{ label, value: values.join(", ") }] : [];
  const content = stack([
    text(stackFacts.name, "name", width),
    ...(layer ? [text(layer.holds, "prose", width)] : []),
    ...(layer ? [text(`Changes: ${layer.changes}. May destroy: ${layer.mayDestroy}.`, "label", width)] : []),
    ...[
      ...list("state", [stackFacts.state]),
      ...list("providers", stackFacts.providers),
      ...list("asks the operator", stackFacts.variables),
      ...list("gives the operator", stackFacts.outputs),
    ].map((fact) => facts([fact], width)),
  ]);
  return card("blue", ROW_WIDTH, { ...content, height: Math.max(content.height, minHeight - 20) });
};

const lane = ({ from, to, values }: Crossing, { stacks }: StackGraph, index: number): Lane => {
  const row = (name: string) => stacks.findIndex((stack) => stack.name === name);
  const orderOnly = values.length === 0;
  const color = orderOnly ? "gray" : (COLORS[index % COLORS.length] ?? "blue");
  return {
    color,
    dashed: orderOnly,
    from: row(from),
    to: to.map(row),
    label: box(
      orderOnly ? "gray dashed" : color,
      LABEL_WIDTH,
      orderOnly
        ? stack(
            [
              text("Order only", "heading", LABEL_TEXT),
              text("deployed first, no value is read", "label", LABEL_TEXT),
            ],
            1,
          )
        : stack(valueLines(values), 1),
    ),
  };
};

/** Values of one resource stand together below its address. */
const valueLines = (values: readonly string[]): Block[] => {
  const byOwner = new Map<string, string[]>();
  for (const value of values) {
    const parts = value.split(".");
    const owner = parts[0] === "var" ? "from the operator" : parts.slice(0, -1).slice(0, 2).join(".");
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), parts.at(-1) ?? value]);
  }
  return [...byOwner].flatMap(([owner, attributes]) => [
    text(owner, "label", LABEL_TEXT),
    ...attributes.map((attribute) => text(attribute, "value", LABEL_TEXT)),
  ]);
};

const describe = ({ stacks, crossings }: StackGraph): string =>
  [
    `Stacks from top to bottom: ${stacks.map(({ name, state }) => `${name} with its state in ${state}`).join(", ")}.`,
    ...crossings.map(({ from, to, values }) =>
      values.length > 0
        ? `From ${from} to ${to.join(" and ")}: ${values.join(", ")}.`
        : `${to.join(" and ")} comes after ${from} and reads nothing of it.`,
    ),
  ].join(" ");
