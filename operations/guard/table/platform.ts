/** Rules for the parts of the platform: releases, policies, addresses, GitOps. */
import { fieldsOf, isFields, listOf, textOf } from "../../../lib/core/fields.ts";
import { Ipv4Address } from "../../../lib/core/values/ipv4-address.ts";
import { Ipv4Range } from "../../../lib/core/values/ipv4-range.ts";
import { Subnet } from "../../../lib/core/values/subnet.ts";
import {
  type ChangeDecision,
  decide,
  harmless,
  type KindRules,
  known,
  type Row,
  type Table,
  visible,
  yes,
} from "../classes.ts";
import type { WorldObject } from "../plan-world.ts";
import {
  ANNOTATIONS,
  chartVersion,
  METADATA,
  releaseVersion,
  replicas,
  resources,
  schedule,
  withItsApp,
} from "./decisions.ts";
import { VALUES } from "./kubernetes.ts";

const KEEP = "keep its address and its name; forget it with a removed block if somebody else takes it over";

const loadBearing =
  (what: string, why: string): ChangeDecision =>
  ({ name }) =>
    yes("load-bearing", `the ${what} ${name} would be lost: ${why}`, KEEP);

const ANOTHER_SOURCE = yes(
  "source",
  "something else would run in its place",
  "read what the other source is, then waive this very change",
);

const FORGOTTEN = visible("it stays, and nobody manages it any more");

/** Fields of a policy that the evaluator decides. */
const DECIDED =
  /^(description|endpointSelector|podSelector|policyTypes|enableDefaultDeny|ingress|egress|ingressDeny|egressDeny|fromEndpoints|toEndpoints|fromEntities|toEntities|fromCIDR|toCIDR|fromCIDRSet|toCIDRSet|toFQDNs|toPorts|icmps|from|to|ports|port|endPort|protocol|matchLabels|matchExpressions|namespaceSelector|ipBlock|cidr|except|key|operator|values|matchName|matchPattern|fields|type|family|\d+)$/;

/** Field names below a policy, without the labels that its selectors hold. */
const fieldsBelow = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(fieldsBelow);
  return isFields(value)
    ? Object.entries(value).flatMap(([key, each]) => [
        key,
        ...(key === "matchLabels" ? [] : fieldsBelow(each)),
      ])
    : [];
};

const decidedPolicy: ChangeDecision = known(({ path, before, after }) => {
  const steps = path.slice(1);
  const labels = steps.indexOf("matchLabels");
  const own = labels < 0 ? steps : steps.slice(0, labels + 1);
  const strange = [...own, ...fieldsBelow(before), ...fieldsBelow(after)].filter(
    (name) => !DECIDED.test(name),
  );
  return strange.length === 0
    ? visible("which flows open and close is decided from the policies before and after")
    : yes(
        "opened-flow",
        `the evaluator does not decide ${[...new Set(strange)].join(", ")}: what opens is not known`,
      );
});

const POLICY: KindRules = {
  created: visible("which flows open and close is decided from the policies before and after"),
  destroyed: (change, context) =>
    /^app-/.test(change.name)
      ? decide(withItsApp("network policy"), change, context)
      : visible("which flows open and close is decided from the policies before and after"),
  forgotten: visible("it stays in force, and nobody manages it any more"),
  changed: [...METADATA, ANNOTATIONS, ["spec.**", decidedPolicy], ["specs.**", decidedPolicy]],
};

const rangesOf = (blocks: unknown): Ipv4Range[] =>
  listOf(blocks)
    .map(fieldsOf)
    .flatMap(({ start, stop, cidr }) => {
      try {
        if (typeof cidr === "string") return [Subnet.parse(cidr).range];
        return [Ipv4Range.parse(`${start}-${stop ?? start}`)];
      } catch {
        return [];
      }
    });

const ADDRESS_KEYS = /(lb-ipam-ips|loadBalancerIP)$/;

/** Addresses that Services ask for, wherever their annotations stand. */
const addressesIn = (value: unknown, key = ""): string[] => {
  if (typeof value === "string")
    return ADDRESS_KEYS.test(key) ? value.split(",").filter((each) => Ipv4Address.isValid(each.trim())) : [];
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, each]) => addressesIn(each, name))
    : [];
};

const isPool = ({ kind }: WorldObject): boolean => kind === "CiliumLoadBalancerIPPool";

const poolBlocks: ChangeDecision = known(({ before, after }, { world, environment }) => {
  const asked = world.after.flatMap(({ object }) => addressesIn(object));
  const used = [environment.argocd.address, ...asked.map((each) => Ipv4Address.parse(each.trim()))];
  const pools = world.after.filter(isPool).flatMap(({ object }) => rangesOf(fieldsOf(object.spec).blocks));
  const lost = used.filter((address) => !pools.some((range) => range.contains(address)));
  if (lost.length > 0)
    return yes(
      "load-balancer",
      `no pool has ${[...new Set(lost.map(String))].join(", ")} any more, which is in use`,
      "keep the range of the addresses in use",
    );
  const [was, will] = [rangesOf(before), rangesOf(after)];
  return was.length > 0 && was.every((range) => will.some((other) => other.contains(range)))
    ? visible("the pool grows")
    : yes(
        "load-balancer",
        "the pool loses addresses, which Services may have by now",
        "kubectl get services -A: look which addresses are given",
      );
});

const ANNOUNCED = yes(
  "load-balancer",
  "who answers for the addresses of Services changes: nobody may",
  "keep the policy as it is, or look with: kubectl get leases -n kube-system",
);

const parameter: ChangeDecision = known((change, context) => {
  const [name = ""] = change.path.slice(-2);
  if (/(^|\.)(replicas|replicaCount)$/.test(name)) return decide(replicas, change, context);
  return /(^|\.)resources\.(requests|limits)\./.test(name) ? decide(resources, change, context) : undefined;
});

const FINALIZERS = yes("load-bearing", "without its finalizer, what it deployed stays when it goes");

const finalizers: ChangeDecision = known(({ before, after }) =>
  listOf(before).every((each) => listOf(after).includes(each)) ? visible("a finalizer more") : FINALIZERS,
);

const APPLICATION_ROWS: readonly Row[] = [
  ["metadata.finalizers", finalizers],
  [
    "metadata.annotations.**",
    known(({ path }) => {
      const name = path[2] ?? "";
      return name !== "argocd.argoproj.io/sync-wave" && /argoproj|^$/.test(name)
        ? undefined
        : harmless("an annotation");
    }),
  ],
  ...METADATA,
  ["spec.source.targetRevision", chartVersion],
  ["spec.source.repoURL", ANOTHER_SOURCE],
  ["spec.source.chart", ANOTHER_SOURCE],
  ["spec.source.path", ANOTHER_SOURCE],
  ["spec.source.helm.parameters.*.value", parameter],
  ["spec.source.kustomize.replicas.*.count", replicas],
  ...VALUES("spec.source.helm.valuesObject"),
  ...VALUES("spec.source.helm.values"),
  ["spec.syncPolicy.retry.**", known(visible("how often ArgoCD tries again"))],
  ["spec.revisionHistoryLimit", known(harmless("how many revisions are kept"))],
];

const RELEASE_SETTINGS = [
  "timeout",
  "max_history",
  "wait",
  "wait_for_jobs",
  "description",
  "lint",
  "render_subchart_notes",
  "cleanup_on_fail",
  "atomic",
  "timeouts.**",
];
const COMPUTED = harmless("the provider reports it");

const SECRET_REFERENCE: KindRules = {
  created: visible("secrets that the cluster fetches"),
  destroyed: withItsApp("secret"),
  forgotten: FORGOTTEN,
  changed: [
    ...METADATA,
    ANNOTATIONS,
    ["spec.resyncInterval", known(visible("how often secrets are fetched"))],
    ["spec.refreshInterval", known(visible("how often secrets are fetched"))],
  ],
};

const DURATION = /^(\d+)h0m0s$|^(\d+)h$/;

export const PLATFORM_TABLE: Table = {
  helm_release: {
    created: ({ name }) =>
      ["cilium", "argocd"].includes(name) ? visible("a release is installed") : undefined,
    destroyed: loadBearing("release", "what it installed is uninstalled first"),
    forgotten: FORGOTTEN,
    changed: [
      ["version", releaseVersion],
      ["chart", ANOTHER_SOURCE],
      ["repository", ANOTHER_SOURCE],
      ...RELEASE_SETTINGS.map((name): Row => [name, known(harmless("how Helm waits"))]),
      ...["id", "manifest", "metadata.**", "resources.**", "status"].map((name): Row => [name, COMPUTED]),
      [
        "values.policyAuditMode",
        known(({ after }) =>
          after === false
            ? visible("policies are enforced")
            : yes("opened-flow", "policies would only be logged: every flow opens"),
        ),
      ],
      ...VALUES("values"),
    ],
  },
  kubectl_manifest: {
    created: harmless("see its object"),
    destroyed: harmless("see its object"),
    forgotten: harmless("see its object"),
    changed: [
      ...[
        "api_version",
        "kind",
        "name",
        "namespace",
        "uid",
        "id",
        "live_uid",
        "live_manifest_incluster",
        "yaml_body_parsed",
        "yaml_incluster",
      ].map((name): Row => [name, COMPUTED]),
      ["timeouts.**", harmless("how long Terraform waits")],
      ["wait", harmless("whether Terraform waits for finalizers")],
      ["wait_for.**", harmless("whether Terraform waits")],
      ["wait_for_rollout", harmless("whether Terraform waits")],
      ["validate_schema", visible("whether the provider checks the schema")],
      [
        "force_conflicts",
        ({ after }) => (after === true ? undefined : visible("it no longer takes fields of others")),
      ],
    ],
  },
  CiliumNetworkPolicy: POLICY,
  CiliumClusterwideNetworkPolicy: POLICY,
  NetworkPolicy: POLICY,
  CiliumLoadBalancerIPPool: {
    created: visible("a new pool of addresses"),
    destroyed: loadBearing("pool", "every address that it gave goes away, if only for a moment"),
    forgotten: FORGOTTEN,
    changed: [...METADATA, ANNOTATIONS, ["spec.blocks.**", poolBlocks]],
  },
  CiliumL2AnnouncementPolicy: {
    created: visible("addresses are announced"),
    destroyed: loadBearing("announcement policy", "nobody answers for the addresses of Services any more"),
    forgotten: FORGOTTEN,
    changed: [...METADATA, ANNOTATIONS, ["spec.**", ANNOUNCED]],
  },
  Application: {
    created: visible("a new app"),
    destroyed: loadBearing("Application", "its finalizer deletes everything that it deployed"),
    forgotten: FORGOTTEN,
    changed: APPLICATION_ROWS,
  },
  ApplicationSet: {
    destroyed: loadBearing(
      "ApplicationSet",
      "its Applications go with it, and with them everything that they deployed",
    ),
    changed: METADATA,
  },
  CustomResourceDefinition: {
    destroyed: loadBearing("definition", "every object of the kind goes with it"),
    changed: METADATA,
  },
  AppProject: {
    created: ({ after }) =>
      JSON.stringify(after ?? null).includes('"*"')
        ? yes("unclassed", "a project that may do anything, anywhere or from anywhere")
        : visible("a new project"),
    destroyed: withItsApp("project"),
    forgotten: FORGOTTEN,
    changed: [
      ["metadata.finalizers", finalizers],
      ...METADATA,
      ANNOTATIONS,
      ["spec.description", known(harmless("words"))],
    ],
  },
  InfisicalSecret: SECRET_REFERENCE,
  ExternalSecret: SECRET_REFERENCE,
  Schedule: {
    created: visible("a new backup of volumes"),
    destroyed: yes("backup", "volumes would no longer be backed up"),
    forgotten: FORGOTTEN,
    changed: [
      ...METADATA,
      ANNOTATIONS,
      ["spec.schedule", schedule],
      [
        "spec.paused",
        known(({ after }) =>
          after === true
            ? yes("backup", "volumes are not backed up while it is paused")
            : harmless("it runs again"),
        ),
      ],
      [
        "spec.template.ttl",
        known(({ before, after }) => {
          const hours = (value: unknown) => Number(DURATION.exec(textOf(value))?.slice(1).find(Boolean));
          return hours(after) >= hours(before)
            ? harmless("kept longer")
            : yes("backup", `backups of volumes would be kept ${after} instead of ${before}`);
        }),
      ],
    ],
  },
  ServiceAccount: {
    created: visible("an identity of the platform"),
    destroyed: yes("backup", "the backup reaches Talos with it"),
    forgotten: FORGOTTEN,
    changed: [...METADATA, ANNOTATIONS],
  },
};
