/** Manifests that are more than one pod: the app takes them as they are, from the Git path. */
import { WORKLOAD_KINDS } from "../../../lib/app/rendered-kinds.ts";
import { type Fields, fieldsOf, textOf } from "../../../lib/core/fields.ts";
import { CLUSTER_KINDS, groupKindOf } from "../../../lib/core/kubernetes/object-id.ts";
import { ownContainer, sizeFor } from "./containers.ts";
import { priorityOf, templateOf } from "./image.ts";
import { fieldsIn, nameIn, ofKind, present, saysNothing } from "./objects.ts";
import type { AppliedApp } from "./source.ts";

const SCALED = ["Deployment", "StatefulSet"];

export const carriedManifests = (
  name: string,
  { objects, paths, repository, revision, environment }: AppliedApp,
  note: (what: string) => void,
): Readonly<Record<string, unknown>> => {
  const workloads = ofKind(objects, ...SCALED, "DaemonSet");
  const main = workloads.find((each) => nameIn(each) === name) ?? workloads[0] ?? {};
  const template = templateOf(main);
  const { size } = sizeFor(ownContainer(fieldsOf(template.spec), name), fieldsOf(template.metadata));
  const service = serviceOf(objects, name);
  const kinds = [...new Set(objects.map(groupKindOf))].filter((kind) => kind !== "/Namespace");
  const ofCluster = kinds.filter((kind) => CLUSTER_KINDS.has(kind));
  const others = kinds.filter((kind) => !CLUSTER_KINDS.has(kind) && !WORKLOAD_KINDS.includes(kind));
  const labels = sharedLabels(workloads);
  const path = (paths[0] ?? "").replace(new RegExp(`/${environment}$`), "/{environment}");
  if (paths.length > 1)
    note(`Git path: only ${paths[0]} is taken, beside it there is ${paths.slice(1).join(", ")}`);
  if (saysNothing(labels)) note("pods: no label is common to all: say the ones that policies select");
  for (const each of workloads.slice(1))
    note(`size: ${nameIn(each)} has its own, which counts for nothing here`);
  return {
    git: {
      repository,
      path,
      revision,
      workloads: ofKind(workloads, ...SCALED).map(nameIn),
    },
    pods: !saysNothing(labels) ? labels : { "app.kubernetes.io/instance": name },
    port: service?.port ?? "none",
    ...(service && { service: service.service }),
    size,
    ...priorityOf(textOf(fieldsOf(template.spec).priorityClassName)),
    ...present({ clusterKinds: ofCluster, kinds: others, defines: definitions(objects) }),
  };
};

const definitions = (objects: readonly Fields[]): string[] =>
  ofKind(objects, "CustomResourceDefinition").map(
    ({ spec }) => `${textOf(fieldsOf(spec).group)}/${textOf(fieldsOf(fieldsOf(spec).names).kind)}`,
  );

const serviceOf = (objects: readonly Fields[], name: string) => {
  const all = ofKind(objects, "Service");
  const one = all.find((each) => nameIn(each) === name) ?? all[0];
  const [first] = fieldsIn(fieldsOf(one?.spec).ports);
  if (one === undefined || first === undefined) return undefined;
  const target = Number(first.targetPort ?? first.port);
  return {
    port: Number.isInteger(target) ? target : Number(first.port),
    service: { name: nameIn(one), port: Number(first.port) },
  };
};

/** Labels that all pods carry. */
const sharedLabels = (workloads: readonly Fields[]): Record<string, string> => {
  const [first, ...others] = workloads.map((workload) =>
    fieldsOf(fieldsOf(templateOf(workload).metadata).labels),
  );
  return Object.fromEntries(
    Object.entries(first ?? {})
      .filter(
        ([key, value]) =>
          /^app$|app\.kubernetes\.io\/|^k8s-app$/.test(key) &&
          others.every((labels) => labels[key] === value),
      )
      .map(([key, value]) => [key, textOf(value)]),
  );
};
