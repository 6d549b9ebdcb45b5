/** Objects that both the stacks and the GitOps repository would own. */

import {
  CLUSTER_KINDS,
  type ClusterKinds,
  definedClusterKinds,
  display,
  groupKindOf,
  idOf,
} from "../../lib/core/kubernetes/object-id.ts";
import { grouped } from "../../lib/core/lists.ts";
import { adviceOn } from "./advice.ts";
import { type Claim, claimsOf, poolRanges, releaseClaim, valueClaims } from "./claims.ts";
import type { Conflict, Identified } from "./conflict.ts";
import type { GitopsObject, GitopsOwner, GitopsRelease, GitopsSide } from "./gitops-side.ts";
import type { Unknown } from "./kustomize.ts";
import { chartObjects, perhapsChartObjects, sharedCharts, withRendered } from "./releases.ts";
import type { TerraformObject, TerraformOwner, TerraformSide } from "./terraform-side.ts";

export interface ContestedObject extends Conflict {
  /** The advice about it. */
  readonly advice: string;
}

export interface Ownership {
  readonly environment: string;
  readonly findings: readonly ContestedObject[];
  /** Parts that could not be read on either side. */
  readonly unknown: readonly Unknown[];
}

/** @param apps names of the apps in the catalogue, whose files developers edit */
export const compareOwnership = (
  environment: string,
  ours: TerraformSide,
  theirs: GitopsSide,
  apps: readonly string[],
): Ownership => {
  const clusterKinds = clusterKindsOf(ours, theirs);
  const releases = {
    ours: withRendered(environment, ours.releases),
    theirs: withRendered(environment, theirs.releases),
  };
  const here = ours.objects.flatMap((each) => identified(each, clusterKinds, "default"));
  const there = theirs.objects.flatMap((each) => identified(each, clusterKinds, each.namespace));
  const conflicts = [
    ...sameClaims(
      [
        ...here.flatMap(({ id, object, owner }) => claimed(claimsOf(id, object), display(id), owner)),
        ...ours.releases.flatMap(({ namespace, name, values, owner }) =>
          claimed([releaseClaim(namespace, name), ...valueClaims(values)], owner.path, owner),
        ),
      ],
      there.flatMap(({ id, object, owner, values }) =>
        claimed(claimsOf(id, object, values), display(id), owner),
      ),
    ),
    ...overlappingPools(here, there),
    ...chartObjects(releases.ours, here, releases.theirs, there),
  ];
  return {
    environment,
    findings: conflicts.map((conflict) => ({
      ...conflict,
      advice: adviceOn(conflict, { environment, apps, conflicts, there }),
    })),
    unknown: [
      ...ours.unknown,
      ...theirs.unknown,
      ...unrendered(releases.theirs),
      ...releases.ours
        .filter(({ rendered }) => rendered === undefined)
        .map(({ owner, chart, version }) => ({
          where: `${owner.stack} ${owner.address}`,
          why: `chart ${chart} ${version}: what it makes is not known unrendered`,
        })),
      ...sharedCharts(ours.releases, theirs.releases),
      ...perhapsChartObjects(releases.ours, here, releases.theirs, there),
      ...unnamed(theirs),
    ],
  };
};

const unrendered = (releases: readonly (GitopsRelease & { readonly rendered?: unknown })[]): Unknown[] =>
  releases
    .filter(({ rendered }) => rendered === undefined)
    .map(({ owner, chart, version }) => ({
      where: owner.file,
      why: `Application ${owner.application?.name}: chart ${chart} ${version}: what it makes is not known unrendered`,
    }));

/** Known ones, defined ones, and those of which a stack has an object without a namespace. */
const clusterKindsOf = (ours: TerraformSide, theirs: GitopsSide): ClusterKinds => {
  const manifests = [...ours.objects, ...theirs.objects].map(({ object }) => object);
  const withoutNamespace = ours.objects
    .filter(({ owner }) => owner.address.startsWith("kubectl_manifest."))
    .filter(({ object }) => idOf(object, new Set(), "")?.namespace === "");
  return new Set([
    ...CLUSTER_KINDS,
    ...definedClusterKinds(manifests),
    ...withoutNamespace.map(({ object }) => groupKindOf(object)),
  ]);
};

const identified = <T extends TerraformObject | GitopsObject>(
  each: T,
  clusterKinds: ClusterKinds,
  namespace: string,
): Identified<T>[] => {
  const id = idOf(each.object, clusterKinds, namespace);
  return id ? [{ ...each, id }] : [];
};

const unnamed = ({ objects }: GitopsSide): Unknown[] =>
  objects
    .filter(({ object }) => idOf(object, CLUSTER_KINDS, "x") === undefined)
    .map(({ owner, object }) => ({
      where: owner.file,
      why: `an object of kind ${JSON.stringify(object.kind)} without a name`,
    }));

interface Claimed<O> extends Claim {
  /** The object that claims it. */
  readonly from: string;
  readonly owner: O;
}

const claimed = <O>(claims: readonly Claim[], from: string, owner: O): Claimed<O>[] =>
  claims.map((claim) => ({ ...claim, from, owner }));

/** Claims of both sides, without those of an object that has two owners itself. */
const sameClaims = (
  ours: readonly Claimed<TerraformOwner>[],
  theirs: readonly Claimed<GitopsOwner>[],
): Conflict[] => {
  const there = byWhat(theirs);
  return [...byWhat(ours)].flatMap(([what, here]) => {
    const pairs = here.flatMap((a) =>
      (there.get(what) ?? [])
        .filter((b) => a.kind === "object" || a.kind === "Helm release" || a.from !== b.from)
        .map((b) => [a, b] as const),
    );
    return pairs.length === 0
      ? []
      : [
          {
            what,
            ours: distinct(pairs.map(([{ owner }]) => owner)),
            theirs: distinct(pairs.map(([, { owner }]) => owner)),
          },
        ];
  });
};

const byWhat = <T extends Claim>(claims: readonly T[]): Map<string, T[]> =>
  grouped(claims, ({ what }) => what);

const distinct = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** Pools of different names that hand out the same addresses; Cilium turns the younger one off. */
const overlappingPools = (
  here: readonly Identified<TerraformObject>[],
  there: readonly Identified<GitopsObject>[],
): Conflict[] =>
  here.flatMap((ours) =>
    there
      .filter(({ id }) => id.name !== ours.id.name)
      .filter(({ object }) =>
        poolRanges(ours.object).some((a) => poolRanges(object).some((b) => a && b && a.overlaps(b))),
      )
      .map(({ id, owner }) => ({
        what: `addresses of ${ours.id.name} and ${id.name}, which overlap`,
        ours: [ours.owner],
        theirs: [owner],
      })),
  );
