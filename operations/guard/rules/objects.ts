import { type Fields, fieldsOf } from "../../../lib/core/fields.ts";
import { Quantity } from "../../../lib/core/values/quantity.ts";
import { kubernetesObject } from "../kubernetes-objects.ts";
import { type Change, destroys, withoutKeys } from "../plan.ts";
import { lossOf, type Refusal, type Rule } from "../rule.ts";

const HOLDS_DATA = ["Namespace", "PersistentVolumeClaim", "PersistentVolume"];

const LOAD_BEARING: Readonly<Record<string, string>> = {
  Application: "its finalizer deletes everything that it deployed",
  ApplicationSet: "its Applications go with it, and with them everything that they deployed",
  CiliumLoadBalancerIPPool: "every address that it gave goes away, if only for a moment",
  CiliumL2AnnouncementPolicy: "nobody answers for the addresses of Services any more",
  CustomResourceDefinition: "every object of the kind goes with it",
};

export const namespaceOrClaim: Rule = {
  name: "namespace-or-claim",
  *check({ plan }) {
    for (const change of plan.changes.filter(destroys)) {
      const { kind, name } = kubernetesObject(change.type, change.before);
      if (HOLDS_DATA.includes(kind))
        yield {
          resource: change.address,
          reason: `the ${kind} ${name} would be ${lossOf(change)}, with everything in it`,
          cure: "forget it with a removed block, and delete it by hand when it is empty",
        };
    }
  },
};

export const loadBearing: Rule = {
  name: "load-bearing",
  *check({ plan }) {
    for (const change of plan.changes.filter(destroys)) {
      const { kind, name } = kubernetesObject(change.type, change.before);
      const why =
        change.type === "helm_release" ? "what it installed is uninstalled first" : LOAD_BEARING[kind];
      if (why !== undefined)
        yield {
          resource: change.address,
          reason: `${change.type === "helm_release" ? "the release" : `the ${kind}`} ${name} would be ${lossOf(change)}: ${why}`,
          cure: "keep its address and its name; forget it with a removed block if somebody else takes it over",
        };
    }
  },
};

/** Types that exist to run something. */
const RUNNERS = ["null_resource", "terraform_data"];

/** On 2026-01-05 a replaced null_resource wiped prod. */
export const provisioner: Rule = {
  name: "provisioner",
  *check({ plan }) {
    for (const change of plan.changes) {
      const runs = plan.provisioned.has(withoutKeys(change.address));
      if (!(runs || RUNNERS.includes(change.type))) continue;
      if (change.kind === "create" || change.kind === "update" || destroys(change))
        yield {
          resource: change.address,
          reason: `${runs ? "has provisioners" : "exists to run provisioners"}, and would be ${change.kind === "create" || change.kind === "update" ? `${change.kind}d` : lossOf(change)}: they run on machines, on destroy too`,
          cure: "forget it with a removed block (destroy = false)",
        };
    }
  },
};

const hardOf = (type: string, values: Fields): Fields => {
  const { object } = kubernetesObject(type, values);
  if (object) return fieldsOf(fieldsOf(object.spec).hard);
  const [spec] = Array.isArray(values.spec) ? values.spec : [];
  return fieldsOf(fieldsOf(spec).hard);
};

const isQuota = ({ type, before, after }: Change): boolean =>
  [before, after].some((values) => kubernetesObject(type, values).kind === "ResourceQuota");

export const quotaBelowUse: Rule = {
  name: "quota-below-use",
  *check({ plan, evidence }) {
    for (const change of plan.changes.filter(isQuota)) {
      if (!["create", "update", "replace", "forget and create"].includes(change.kind)) continue;
      const { name, namespace } = kubernetesObject(
        change.type,
        change.kind === "create" ? change.after : change.before,
      );
      const [before, after] = [hardOf(change.type, change.before), hardOf(change.type, change.after)];
      const used = evidence.quotaUse?.get(`${namespace}/${name}`);
      // What a quota that nobody counted yet will count, no evidence tells.
      if (change.kind === "create" && !used) continue;
      yield* Object.entries(after).flatMap(([resource, limit]) =>
        cut(change.address, resource, before[resource], limit, used?.[resource]),
      );
      if (Object.keys(after).length === 0 && Object.keys(before).length > 0)
        yield {
          resource: change.address,
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
): Omit<Refusal, "rule">[] {
  const [old, now, use] = [quantity(before), quantity(after), quantity(used)];
  if (now === undefined)
    return [
      {
        resource: address,
        reason: `${resource}: the new limit cannot be read: ${after}`,
        cure: "write a quantity",
      },
    ];
  if (old && now.compare(old) >= 0) return [];
  const change = `${resource}: ${before ?? "no limit"} → ${after}`;
  if (use === undefined)
    return [
      {
        resource: address,
        reason: `${change}: a cut, and nothing shows what is used`,
        cure: "kubectl get resourcequota -A -o json > quotas.json, then guard with --quota-use quotas.json",
      },
    ];
  return now.compare(use) < 0
    ? [
        {
          resource: address,
          reason: `${change}: below the ${used} in use: nothing could start again there`,
          cure: "shrink what runs there first",
        },
      ]
    : [];
}

const quantity = (value: unknown): Quantity | undefined => {
  try {
    return ["string", "number"].includes(typeof value) ? Quantity.parse(`${value}`) : undefined;
  } catch {
    return undefined;
  }
};
