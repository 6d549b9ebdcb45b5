/** Rules between environments, which share a network and a storage server. */
import type { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import { type Facts, gateways, type Located, machineAddresses } from "../facts.ts";
import type { Finding } from "../problem.ts";
import { bucketName, buckets } from "./storage.ts";

/** Something that one environment has and no other may have. */
interface Claim {
  readonly path: string;
  /** Claims of one kind and key exclude each other. */
  readonly kind: string;
  readonly key: string;
  readonly value: unknown;
}

const text = (kind: string, path: string, value: string | undefined): Claim[] =>
  value === undefined ? [] : [{ kind, path, key: value, value }];

const address = ({ path, value }: Located<Ipv4Address>): Claim => ({
  kind: "address",
  path,
  key: `${value}`,
  value: `${value}`,
});

const claims = (facts: Facts): Claim[] => {
  const { draft, vip, argocdAddress } = facts;
  return [
    ...text("name", "name", draft.name),
    ...text("cluster name", "cluster.name", draft.cluster?.name),
    ...text("host name", "argocd.hostname", draft.argocd?.hostname),
    ...facts.nodes.flatMap(({ mac }) => (mac ? text("MAC address", mac.path, mac.value) : [])),
    ...machineAddresses(facts).map(address),
    ...(vip ? [address(vip)] : []),
    ...(argocdAddress ? [address(argocdAddress)] : []),
    ...buckets(facts).map((bucket) => ({
      kind: "bucket",
      path: bucket.path,
      key: bucket.value,
      value: bucketName(bucket),
    })),
  ];
};

function* sameClaims(facts: Facts, label: string, other: Facts): Iterable<Finding> {
  const taken = new Map(
    claims(other)
      .toReversed()
      .map((claim) => [`${claim.kind} ${claim.key}`, claim.path]),
  );
  for (const { kind, key, path, value } of claims(facts)) {
    const holder = taken.get(`${kind} ${key}`);
    if (holder !== undefined) {
      yield {
        path,
        rule: `must not be shared between environments: ${label}.${holder} is the same ${kind}`,
        value,
      };
    }
  }
}

/** Reads `facts` against the ranges of `other`, one way round. */
function* insideRanges(facts: Facts, label: string, other: Facts): Iterable<Finding> {
  const places = [...machineAddresses(facts), ...(facts.vip ? [facts.vip] : []), ...gateways(facts)];
  for (const { path: rangePath, range } of other.loadBalancerRanges) {
    for (const { path, value } of places) {
      if (range?.contains(value)) {
        yield { path, rule: `must lie outside of ${label}.${rangePath}, ${range}`, value: `${value}` };
      }
    }
  }
}

function* sameRanges(facts: Facts, label: string, other: Facts): Iterable<Finding> {
  for (const { path, range } of facts.loadBalancerRanges) {
    for (const taken of other.loadBalancerRanges) {
      if (range && taken.range?.overlaps(range)) {
        yield { path, rule: `must not overlap ${label}.${taken.path}, ${taken.range}`, value: `${range}` };
      }
    }
  }
}

/** An address of one that the other routes through. */
function* sameGateways(facts: Facts, label: string, other: Facts): Iterable<Finding> {
  const routes = new Map(
    gateways(other)
      .toReversed()
      .map((route) => [route.value.value, route.path]),
  );
  for (const { path, value } of [...machineAddresses(facts), ...(facts.vip ? [facts.vip] : [])]) {
    const route = routes.get(value.value);
    if (route !== undefined) {
      yield { path, rule: `must not be a gateway, ${label}.${route}`, value: `${value}` };
    }
  }
}

/** Findings of each pair: `first` by name, `second` with the path of what collides. */
export function* betweenRules(
  [firstLabel, first]: readonly [string, Facts],
  [secondLabel, second]: readonly [string, Facts],
): Iterable<Finding> {
  const under = (label: string, finding: Finding): Finding => ({
    ...finding,
    path: `${label}.${finding.path}`,
  });
  for (const rule of [sameClaims, sameRanges, insideRanges, sameGateways]) {
    for (const finding of rule(second, firstLabel, first)) yield under(secondLabel, finding);
  }
  for (const rule of [insideRanges, sameGateways]) {
    for (const finding of rule(first, secondLabel, second)) yield under(firstLabel, finding);
  }
}
