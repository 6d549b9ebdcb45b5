import { type Fields, fieldsOf, isFields, listOf } from "../../../lib/core/fields.ts";
import { Quantity } from "../../../lib/core/values/quantity.ts";
import { applicationsOf, only, type WorldObject } from "../plan-world.ts";
import type { Found, GuardCheck, GuardContext } from "../rule.ts";

const quantity = (value: unknown): Quantity | undefined =>
  ["string", "number"].includes(typeof value) && Quantity.isValid(`${value}`)
    ? Quantity.parse(`${value}`)
    : undefined;

const isQuota = ({ kind }: WorldObject): boolean => kind === "ResourceQuota";

export const hardOf = ({ object }: WorldObject): Fields => fieldsOf(only(object.spec).hard);

/** Refuses a quota below what runs or what apps declare: a quota must let all of it start again. */
export const quotaBelowUse: GuardCheck = {
  name: "quota-below-use",
  *check(context) {
    const { plan, world, evidence } = context;
    const touched = new Set(
      plan.changes
        .filter(({ kind }) => ["create", "update", "no-op", "replace", "forget and create"].includes(kind))
        .map(({ address }) => address),
    );
    for (const quota of world.after.filter(isQuota)) {
      yield* aboveDeclared(quota, context);
      if (!touched.has(quota.address)) continue;
      const old = world.before.find(({ address }) => address === quota.address);
      const used = evidence.quotaUse?.get(`${quota.namespace}/${quota.name}`);
      const [before, after] = [old ? hardOf(old) : {}, hardOf(quota)];
      // The use of a new quota is not in the evidence.
      if (!old && !used) continue;
      yield* Object.entries(after).flatMap(([resource, limit]) =>
        cut(quota.address, resource, before[resource], limit, used?.[resource]),
      );
      if (Object.keys(after).length === 0 && Object.keys(before).length > 0)
        yield {
          resource: quota.address,
          reason: "its new limits are not known",
          cure: "plan again when they are",
        };
    }
  },
};

function cut(
  address: string,
  resource: string,
  before: unknown,
  after: unknown,
  used: string | undefined,
): Found[] {
  const [old, now, use] = [quantity(before), quantity(after), quantity(used)];
  const about = {
    resource: address,
    path: `spec.hard.${resource}`,
    before: `${before ?? "no limit"}`,
    after: `${after}`,
  };
  if (now === undefined)
    return [
      { ...about, reason: `${resource}: the new limit cannot be read: ${after}`, cure: "write a quantity" },
    ];
  if (old && now.compare(old) >= 0) return [];
  const change = `${resource}: ${before ?? "no limit"} → ${after}`;
  if (use === undefined)
    return [
      {
        ...about,
        reason: `${change}: a cut, and nothing shows what is used`,
        cure: "kubectl get resourcequota -A -o json > quotas.json, then guard with --quota-use quotas.json",
      },
    ];
  return now.compare(use) < 0
    ? [
        {
          ...about,
          reason: `${change}: below the ${used} in use: nothing could start again there`,
          cure: "shrink what runs there first",
        },
      ]
    : [];
}

const COMPUTE = ["cpu", "memory"] as const;

/** The sum of what the Applications of a namespace request by their values: requests, times replicas. */
const declaredIn = (namespace: string, objects: readonly WorldObject[], resource: string): Quantity =>
  Quantity.sum(
    applicationsOf(objects)
      .filter((app) => app.namespace === namespace)
      .flatMap(({ object }) =>
        requestsIn(fieldsOf(fieldsOf(fieldsOf(object.spec).source).helm).valuesObject, resource),
      ),
  );

/** Every `resources.requests` below, times the `replicas` beside or above it. */
const requestsIn = (value: unknown, resource: string, count = 1): Quantity[] => {
  if (Array.isArray(value)) return value.flatMap((each) => requestsIn(each, resource, count));
  if (!isFields(value)) return [];
  const replicas = Number(value.replicas ?? value.replicaCount ?? count);
  const times = Number.isInteger(replicas) && replicas >= 0 ? replicas : count;
  const own = quantity(fieldsOf(fieldsOf(value.resources).requests)[resource]);
  return [
    ...(own ? [own.times(times)] : []),
    ...Object.entries(value)
      .filter(([key]) => key !== "resources")
      .flatMap(([, each]) => requestsIn(each, resource, times)),
  ];
};

/** Refuses a change that makes apps declare more than their quota has; an excess from before is not its doing. */
function* aboveDeclared(quota: WorldObject, { world, plan }: GuardContext): Iterable<Found> {
  const old = world.before.find(({ address }) => address === quota.address);
  const changed = (object: WorldObject) => (object.namespace === quota.namespace ? [object.address] : []);
  for (const resource of COMPUTE) {
    const name = `requests.${resource}`;
    const limit = quantity(hardOf(quota)[name]);
    if (!limit) continue;
    const declared = declaredIn(quota.namespace, world.after, resource);
    const before = old && quantity(hardOf(old)[name]);
    const wasAbove = before && declaredIn(quota.namespace, world.before, resource).isMoreThan(before);
    if (!declared.isMoreThan(limit) || (wasAbove && before.compare(limit) <= 0)) continue;
    const cause = listOf([quota.address, ...world.after.flatMap(changed)]).find((address) =>
      plan.changes.some((change) => change.address === address && change.kind !== "no-op"),
    );
    yield {
      resource: `${cause ?? quota.address}`,
      path: `spec.hard.${name}`,
      before: `${before ?? "no limit"}`,
      after: `${limit} for ${declared}`,
      reason: `${name} of ${quota.namespace} would be ${limit}, and its apps declare ${declared}: they could not start again`,
      cure: "shrink the apps first, or leave the quota as it is",
    };
  }
}
