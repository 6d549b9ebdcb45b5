/** Objects that Helm charts make: as recorded facts say, or else guessed by the names of their releases. */

import { chartFacts } from "../../environments/recorded/chart-facts.ts";
import { CLUSTER_KINDS, display, groupOf, type ObjectId } from "../../lib/core/kubernetes/object-id.ts";
import type { Conflict, Identified } from "./conflict.ts";
import type { GitopsObject, GitopsRelease } from "./gitops-side.ts";
import type { Unknown } from "./kustomize.ts";
import type { TerraformObject, TerraformRelease } from "./terraform-side.ts";

/** Kinds that charts name after their release. */
const CHART_KINDS = [
  "ConfigMap",
  "CronJob",
  "DaemonSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "Ingress",
  "Job",
  "PodDisruptionBudget",
  "Role",
  "RoleBinding",
  "Secret",
  "Service",
  "ServiceAccount",
  "StatefulSet",
];
const CLUSTER_CHART_KINDS = ["ClusterRole", "ClusterRoleBinding"];

/** Kinds for which a chart is installed: such an object is called after the release, or begins with its name. */
const WORKLOAD_KINDS = ["DaemonSet", "Deployment", "Service", "StatefulSet"];

/** Definitions that charts make beside what is called after their release. Source: argo-cd 7.7.7, `templates/crds`. */
const CHART_DEFINITIONS: Readonly<Record<string, readonly string[]>> = {
  "argo-cd": ["applications.argoproj.io", "applicationsets.argoproj.io", "appprojects.argoproj.io"],
};

/** Charts that run anything, so that two releases of one have nothing in common. */
const GENERIC_CHARTS = ["app-template", "common", "raw"];

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly chart: string;
  /** The objects that it makes, by `display`; undefined when nobody rendered it. */
  readonly rendered?: ReadonlySet<string> | undefined;
}

/** The releases with what they make, where the facts of the environment are about the same release, chart and version. */
export const withRendered = <R extends Named & { readonly version: string }>(
  environment: string,
  releases: readonly R[],
): (R & Named)[] =>
  releases.map((release) => {
    const facts = chartFacts(environment, release.name);
    const isSame =
      facts?.known === true &&
      facts.namespace === release.namespace &&
      facts.chart === release.chart &&
      facts.version.replace(/^v/, "") === release.version.replace(/^v/, "");
    if (!isSame) return release;
    const ofCluster = new Set([
      ...CLUSTER_KINDS,
      ...facts.definitions
        .filter(({ scope }) => scope === "Cluster")
        .map(({ group, kind }) => `${group}/${kind}`),
    ]);
    const ids = Object.entries(facts.objects).flatMap(([type, names]) => {
      const at = type.lastIndexOf("/");
      const [group, kind] = [groupOf(type.slice(0, at)), type.slice(at + 1)];
      return names.map((text) => {
        const [name = "", namespace = facts.namespace] = text.split("/").toReversed();
        return display({ group, kind, name, namespace: ofCluster.has(`${group}/${kind}`) ? "" : namespace });
      });
    });
    return { ...release, rendered: new Set(ids) };
  });

const isDefinition = ({ kind, name }: ObjectId, { chart }: Named): boolean =>
  kind === "CustomResourceDefinition" && (CHART_DEFINITIONS[chart] ?? []).includes(name);

const isNamedAfter = (id: ObjectId, { namespace, name }: Named): boolean =>
  (id.name === name || id.name.startsWith(`${name}-`)) &&
  (id.namespace === namespace ? CHART_KINDS : id.namespace === "" ? CLUSTER_CHART_KINDS : []).includes(
    id.kind,
  );

/** The release that an object is called after: of several, the one with the longest name. */
const releaseOf = <R extends Named>(id: ObjectId, releases: readonly R[]): R | undefined =>
  releases
    .filter((release) =>
      release.rendered
        ? release.rendered.has(display(id))
        : isNamedAfter(id, release) || isDefinition(id, release),
    )
    .toSorted((a, b) => b.name.length - a.name.length)[0];

/**
 * Plain objects of one side that are called like those of a release of the other, one conflict for each release. A
 * Secret or a route that only begins with its name proves nothing: see `perhapsChartObjects`.
 */
export const chartObjects = (
  ours: readonly TerraformRelease[],
  here: readonly Identified<TerraformObject>[],
  theirs: readonly GitopsRelease[],
  there: readonly Identified<GitopsObject>[],
): Conflict[] => [
  ...alike(ours, there)
    .filter(isCertain)
    .map(([release, objects]) => ({
      what: whatOf(release, objects),
      ours: [release.owner],
      theirs: [...new Set(objects.map(({ owner }) => owner))],
    })),
  ...alike(theirs, here)
    .filter(isCertain)
    .map(([release, objects]) => ({
      what: whatOf(release, objects),
      ours: objects.map(({ owner }) => owner),
      theirs: [release.owner],
    })),
];

/** Objects that are called a little like those of a release of the other side. */
export const perhapsChartObjects = (
  ours: readonly TerraformRelease[],
  here: readonly Identified<TerraformObject>[],
  theirs: readonly GitopsRelease[],
  there: readonly Identified<GitopsObject>[],
): Unknown[] => {
  const perhaps = [
    ...alike(ours, there).filter((group) => !isCertain(group)),
    ...alike(theirs, here).filter((group) => !isCertain(group)),
  ];
  return perhaps.flatMap(([{ namespace, name, chart }, objects]) =>
    objects.map(({ id, owner }) => ({
      where: "file" in owner ? owner.file : `${owner.stack} ${owner.address}`,
      why: `${display(id)} may be one of the Helm release ${namespace}/${name}, by its name: look into the chart ${chart}`,
    })),
  );
};

const isCertain = ([release, objects]: [Named, readonly { readonly id: ObjectId }[]]): boolean =>
  release.rendered !== undefined ||
  objects.some(
    ({ id }) => id.name === release.name || WORKLOAD_KINDS.includes(id.kind) || isDefinition(id, release),
  );

/** True when an object is called after an Application of its own, which is another than the release. */
const isOfAnother = (
  { id, owner }: { readonly id: ObjectId; readonly owner: object },
  { name, rendered }: Named,
): boolean => {
  const { application } = owner as { application?: { readonly name: string } };
  const own = application?.name ?? name;
  return rendered === undefined && own !== name && own.length > name.length && id.name.startsWith(own);
};

const alike = <R extends Named, O extends { readonly id: ObjectId; readonly owner: object }>(
  releases: readonly R[],
  objects: readonly O[],
): [R, O[]][] => [
  ...objects.reduce((found, object) => {
    const release = releaseOf(object.id, releases);
    return release && !isOfAnother(object, release)
      ? found.set(release, [...(found.get(release) ?? []), object])
      : found;
  }, new Map<R, O[]>()),
];

const whatOf = (
  { namespace, name, rendered }: Named,
  objects: readonly { readonly id: ObjectId }[],
): string => {
  const names = objects.map(({ id }) => display(id));
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return `objects of the Helm release ${namespace}/${name}, ${rendered ? "as its chart renders them" : "guessed by their names"}: ${shown.join(", ")}`;
};

/** Charts that both sides install under different names: what they make for the whole cluster may be the same. */
export const sharedCharts = (
  ours: readonly TerraformRelease[],
  theirs: readonly GitopsRelease[],
): Unknown[] =>
  ours.flatMap((release) =>
    theirs
      .filter(({ chart }) => chart === release.chart && !GENERIC_CHARTS.includes(chart))
      .filter(({ namespace, name }) => namespace !== release.namespace || name !== release.name)
      .map(({ namespace, name, owner }) => ({
        where: `${release.owner.stack} ${release.owner.address}`,
        why: `chart ${release.chart} is also installed as ${namespace}/${name} by ${owner.file}: what it makes for the whole cluster may be the same`,
      })),
  );
