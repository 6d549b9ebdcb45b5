/** The pods and policies of a GitOps side. */
import { chartFacts } from "../../environments/recorded/chart-facts.ts";
import type { GitopsFacts, GitopsPod } from "../../environments/recorded/gitops-facts.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import { CLUSTER_KINDS, groupKindOf } from "../../lib/core/kubernetes/object-id.ts";
import { isPolicyKind } from "../../lib/proofs/evaluator/policy-set.ts";
import { isApplication } from "../ownership/application.ts";
import type { GitopsRelease, GitopsSide } from "../ownership/gitops-side.ts";

const WORKLOADS = [
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/DaemonSet",
  "batch/Job",
  "batch/CronJob",
  "/Pod",
];

/** An object with the Application that applies it and the namespace that it goes to. */
export interface PlacedObject {
  readonly object: Fields;
  readonly app: string;
  readonly namespace: string;
  readonly name: string;
}

/** A pod with the template that it is made of, for those who look for what it needs. */
export interface RenderedPod extends GitopsPod {
  readonly template: Fields;
}

export interface Rendered
  extends Omit<GitopsFacts, "repository" | "revision" | "commit" | "committedOn" | "needs" | "claims"> {
  readonly pods: readonly RenderedPod[];
  readonly objects: readonly PlacedObject[];
  /** File of each policy, by `kind namespace/name`. */
  readonly files: ReadonlyMap<string, string>;
}

/** Reads a GitOps side. The pods of a chart are known where facts of that chart and version are recorded. */
export const rendered = (environment: string, side: GitopsSide): Rendered => {
  const own = side.objects
    .filter(({ object }) => !isApplication(object))
    .map(({ object, owner, namespace }) => ({
      file: owner.file,
      ...placed(object, owner.application?.name ?? "root application", namespace),
    }));
  const charts = side.releases.map((release) => chart(environment, release));
  const objects = [...own, ...charts.flatMap((each) => each.objects)];
  const pods = objects.flatMap(podsOf);
  const policies = own.filter(({ object }) => isPolicyKind(textOf(object.kind)));
  return {
    objects,
    pods: [...new Map(pods.map((pod) => [pod.id, pod])).values()],
    policies: policies.map(({ object, namespace }) => policy(object, namespace)),
    files: new Map(
      policies.map(({ object, namespace, name, file }) => [
        policyKey(textOf(object.kind), namespace, name),
        file,
      ]),
    ),
    namespaces: Object.fromEntries(
      own
        .filter(({ object }) => groupKindOf(object) === "/Namespace")
        .map(({ object, name }) => [name, labelsOf(object)]),
    ),
    unread: [...charts.flatMap(({ unread }) => unread), ...clusters(own)],
  };
};

const policyKey = (kind: string, namespace: string | undefined, name: string): string =>
  `${kind} ${namespace === undefined || namespace === "" ? "" : `${namespace}/`}${name}`;

const placed = (object: Fields, app: string, namespace: string): PlacedObject => {
  const metadata = fieldsOf(object.metadata);
  return {
    object,
    app,
    name: textOf(metadata.name),
    namespace: CLUSTER_KINDS.has(groupKindOf(object)) ? "" : textOf(metadata.namespace) || namespace,
  };
};

type Unread = GitopsFacts["unread"];

/** The objects that Helm made of a chart, when they are known for this very version. */
const chart = (environment: string, release: GitopsRelease): { objects: PlacedObject[]; unread: Unread } => {
  const { owner, namespace, version } = release;
  const app = owner.application?.name ?? release.name;
  const facts = chartFacts(environment, app);
  const isSame = facts?.known && facts.chart === release.chart && bare(facts.version) === bare(version);
  if (!isSame) {
    const why = `chart ${release.chart} ${version} was never rendered`;
    return { objects: [], unread: [{ app, namespace, why }] };
  }
  const all = [...facts.workloads, ...facts.services].map((object) => object as unknown as Fields);
  return { objects: all.map((object) => placed(object, app, namespace)), unread: [] };
};

const bare = (version: string): string => version.replace(/^v/, "");

/** Databases whose pods an operator makes. */
const clusters = (objects: readonly PlacedObject[]): Unread =>
  objects
    .filter(({ object }) => groupKindOf(object) === "postgresql.cnpg.io/Cluster")
    .map(({ app, namespace, name }) => ({
      app,
      namespace,
      why: `the operator makes the pods of Cluster ${name}`,
    }));

const labelsOf = ({ metadata }: Fields): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fieldsOf(fieldsOf(metadata).labels)).map(([key, value]) => [key, String(value)]),
  );

const podsOf = ({ object, app, namespace, name }: PlacedObject): RenderedPod[] => {
  if (!WORKLOADS.includes(groupKindOf(object))) return [];
  const spec = fieldsOf(object.spec);
  const job = fieldsOf(fieldsOf(fieldsOf(spec.jobTemplate).spec).template);
  const template = object.kind === "Pod" ? object : isFields(spec.template) ? spec.template : job;
  const { hostNetwork, serviceAccountName, serviceAccount, containers, initContainers } = fieldsOf(
    template.spec,
  );
  if (hostNetwork === true) return [];
  const account = textOf(serviceAccountName) || textOf(serviceAccount);
  const namedPorts = [...listOf(containers), ...listOf(initContainers)]
    .flatMap((container) => listOf(fieldsOf(container).ports).map(fieldsOf))
    .filter((port) => typeof port.name === "string")
    .map((port) => ({
      name: textOf(port.name),
      port: Number(port.containerPort),
      protocol: (textOf(port.protocol) || "TCP") as "TCP",
    }));
  return [
    {
      id: `${namespace}/${name}`,
      app,
      namespace,
      labels: labelsOf(template),
      ...(account !== "" && { serviceAccount: account }),
      ...(namedPorts.length > 0 && { namedPorts }),
      template,
    },
  ];
};

/** A policy without the marks of who applies it. */
const policy = (object: Fields, namespace: string): Fields => {
  const { apiVersion, kind, metadata, spec, specs } = object;
  const { name } = fieldsOf(metadata);
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace !== "" && { namespace }) },
    ...(spec !== undefined && { spec }),
    ...(specs !== undefined && { specs }),
  };
};
