import { describe, expect, test } from "vitest";
import type { GuardRule } from "../../../environments/guard-rules.ts";
import { judge, planOf } from "./plans.ts";
import {
  configuration,
  type Edit,
  manifest,
  otherStacks,
  resourcesOf,
  set,
  stackPlan,
  text,
} from "./real-plans.ts";

type Values = Record<string, unknown>;

const APP_POLICY = /whoami_network-policy/;
const DENY = /network_default-deny/;
const POOL = /load-balancer-pool/;
const MACHINES = /configuration_apply/;

/** `[what, stack, edits, the rule that must refuse]`. */
const CASES: readonly (readonly [string, string, readonly (readonly [RegExp, Edit])[], GuardRule])[] = [
  // Network: what opens, and what must live.
  ["an app's policy deleted", "dev-apps", [[APP_POLICY, "delete"]], "orphan"],
  [
    "an app's policy for a namespace that is not there",
    "dev-apps",
    [[APP_POLICY, text('namespace\\":\\"traefik', 'namespace\\":\\"nowhere')]],
    "must-live-flow",
  ],
  [
    "an app open to the world",
    "dev-apps",
    [[APP_POLICY, set("specs.1.ingress", [{ fromEntities: ["world"] }])]],
    "opened-flow",
  ],
  [
    "an app open to all pods",
    "dev-apps",
    [[APP_POLICY, set("specs.1.ingress", [{ fromEntities: ["all"] }])]],
    "opened-flow",
  ],
  [
    "an app's egress to the world",
    "dev-apps",
    [[APP_POLICY, set("specs.1.egress", [{ toCIDR: ["0.0.0.0/0"] }])]],
    "opened-flow",
  ],
  [
    "an app's egress to one strange address",
    "dev-apps",
    [[APP_POLICY, set("specs.1.egress", [{ toCIDR: ["10.9.8.7/32"] }])]],
    "opened-flow",
  ],
  [
    "an app's egress to a name",
    "dev-apps",
    [[APP_POLICY, set("specs.1.egress", [{ toFQDNs: [{ matchName: "evil.example" }] }])]],
    "opened-flow",
  ],
  [
    "a policy with fields that nobody decides",
    "dev-apps",
    [
      [
        APP_POLICY,
        set("specs.1.ingress", [{ authentication: { mode: "disabled" }, fromEntities: ["world"] }]),
      ],
    ],
    "opened-flow",
  ],
  [
    "a policy that cannot be parsed",
    "dev-apps",
    [[APP_POLICY, (values) => ({ ...values, yaml_body: "a: [" })]],
    "unclassed",
  ],
  ["the default deny deleted", "dev-platform", [[DENY, "delete"]], "opened-flow"],
  [
    "default deny switched off in both directions",
    "dev-platform",
    [[DENY, text(/\\"(ingress|egress)\\":true/g, '\\"$1\\":false')]],
    "opened-flow",
  ],
  [
    "the default deny for nothing",
    "dev-platform",
    [
      [
        DENY,
        manifest((object) => ({
          ...object,
          specs: (object.specs as Values[]).map((each) => ({
            ...each,
            endpointSelector: { matchLabels: { a: "b" } },
          })),
        })),
      ],
    ],
    "opened-flow",
  ],
  [
    "Cilium without enforcement",
    "dev-platform",
    [[/cilium_release/, text("policyEnforcementMode: default", "policyEnforcementMode: never")]],
    "unclassed",
  ],
  [
    "enforced to audit",
    "prod-platform",
    [[/cilium_release/, text("policyAuditMode: false", "policyAuditMode: true")]],
    "opened-flow",
  ],
  // Machines.
  [
    "an apply that reboots all machines",
    "dev-cluster",
    [[MACHINES, (values) => ({ ...values, apply_mode: "reboot" })]],
    "machine-restart",
  ],
  [
    "an apply in the mode auto",
    "dev-cluster",
    [[/node_diva/, (values) => ({ ...values, apply_mode: "auto" })]],
    "machine-restart",
  ],
  [
    "another VIP",
    "dev-cluster",
    [[/node_diva/, configuration({ machine: { network: { interfaces: [{ vip: { ip: "10.0.0.1" } }] } } })]],
    "unclassed",
  ],
  [
    "another disk, wiped",
    "dev-cluster",
    [[/node_diva/, configuration({ machine: { install: { disk: "/dev/sdb", wipe: true } } })]],
    "unclassed",
  ],
  [
    "another install disk",
    "dev-cluster",
    [[/node_diva/, configuration({ machine: { install: { disk: "/dev/sdb" } } })]],
    "install-disk",
  ],
  [
    "on_destroy armed",
    "dev-cluster",
    [[/node_diva/, (values) => ({ ...values, on_destroy: { reset: true } })]],
    "node-reset",
  ],
  [
    "another identity of the cluster",
    "dev-cluster",
    [[/node_diva/, configuration({ cluster: { id: "x" } })]],
    "irreplaceable",
  ],
  [
    "another installer",
    "dev-cluster",
    [[/node_diva/, text(/factory\.talos\.dev/g, "evil.example")]],
    "source",
  ],
  [
    "a strange document",
    "dev-cluster",
    [
      [
        /node_diva/,
        (values) => ({
          ...values,
          machine_configuration: `${values.machine_configuration}\n---\nkind: NetworkRuleConfig\nname: x\n`,
          machine_configuration_input: `${values.machine_configuration_input}\n---\nkind: NetworkRuleConfig\nname: x\n`,
        }),
      ],
    ],
    "unclassed",
  ],
  [
    "another machine's address",
    "dev-cluster",
    [[/node_diva/, (values) => ({ ...values, node: "10.0.0.9" })]],
    "unclassed",
  ],
  ...(["replace", "forget", "delete"] as const).map(
    (edit) => [`a worker: ${edit}`, "dev-cluster", [[/node_daisy/, edit]], "node-removal"] as const,
  ),
  ["kubeconfig deleted", "dev-cluster", [[/cluster_kubeconfig/, "delete"]], "unclassed"],
  // Backups.
  [
    "all backup jobs suspended",
    "dev-platform",
    [[/cron_job/, (values) => ({ ...values, spec: [{ ...(values.spec as Values[])[0], suspend: true }] })]],
    "backup",
  ],
  ["a backup job deleted", "dev-platform", [[/cron-job-daily/, "delete"]], "backup"],
  ["the credentials of backups deleted", "dev-platform", [[/etcd-backup_credentials/, "delete"]], "backup"],
  [
    "the credentials of backups emptied",
    "dev-platform",
    [[/etcd-backup_credentials/, (values) => ({ ...values, data: {} })]],
    "backup",
  ],
  [
    "a backup on 30 February",
    "dev-platform",
    [[/cron-job-daily/, text("47 2 * * *", "47 2 30 2 *")]],
    "backup",
  ],
  ["a backup once a month", "dev-platform", [[/cron-job-daily/, text("47 2 * * *", "47 2 1 * *")]], "backup"],
  [
    "a backup to another place",
    "dev-platform",
    [[/cron-job-daily/, text("vixens-dev-backup", "elsewhere")]],
    "backup",
  ],
  ["backups kept a day", "dev-backup", [[/aws_s3_bucket\./, text(/"days":(7|400)/g, '"days":1')]], "backup"],
  [
    "old versions kept a day",
    "dev-backup",
    [[/aws_s3_bucket\./, text(/(noncurrent_version_expiration":\[?\{"days":)30/g, "$11")]],
    "backup",
  ],
  [
    "everything expires",
    "dev-backup",
    [[/aws_s3_bucket\./, text('"prefix":"etcd/daily/"', '"prefix":""')]],
    "backup",
  ],
  ["volumes' backup paused", "prod-apps", [[/schedule-volumes/, set("spec.paused", true)]], "backup"],
  // Versions and sources.
  ["ArgoCD's chart goes back", "dev-platform", [[/argocd_release/, text("7.7.7", "5.0.0")]], "version-skew"],
  ["ArgoCD's next major", "dev-platform", [[/argocd_release/, text("7.7.7", "8.0.0")]], "version-skew"],
  [
    "another repository of charts",
    "dev-platform",
    [[/argocd_release/, text("argoproj.github.io", "evil.example")]],
    "source",
  ],
  [
    "an app's chart of another major",
    "dev-apps",
    [[/whoami_application/, text("4.1.1", "5.0.0")]],
    "version-skew",
  ],
  [
    "an app from another repository",
    "dev-apps",
    [[/whoami_application/, text("bjw-s-labs.github.io", "evil.example")]],
    "source",
  ],
  ["another image", "dev-apps", [[/whoami_application/, text("traefik/whoami", "evil/whoami")]], "unclassed"],
  [
    "an image that goes back",
    "dev-apps",
    [[/whoami_application/, text("v1.11.0", "v1.10.0")]],
    "version-skew",
  ],
  [
    "the root application of another branch",
    "dev-apps",
    [[/root_app/, text('targetRevision\\":\\"main', 'targetRevision\\":\\"evil')]],
    "source",
  ],
  [
    "an app without pruning",
    "dev-apps",
    [[/whoami_application/, text('prune\\":true', 'prune\\":false')]],
    "unclassed",
  ],
  [
    "an app scaled to nothing",
    "dev-apps",
    [[/whoami_application/, text('replicas\\":1', 'replicas\\":0')]],
    "unclassed",
  ],
  [
    "an app that runs as root",
    "dev-apps",
    [[/whoami_application/, text('runAsNonRoot\\":true', 'runAsNonRoot\\":false')]],
    "unclassed",
  ],
  [
    "ArgoCD open to everybody",
    "dev-platform",
    [[/argocd_release/, text("policy.default: role:readonly", "policy.default: role:admin")]],
    "unclassed",
  ],
  [
    "a login taken away",
    "dev-apps",
    [[/whoami_route/, text(",traefik-authentication@kubernetescrd", "")]],
    "unclassed",
  ],
  [
    "a project that may do anything",
    "dev-apps",
    [[/whoami_project/, set("spec.destinations", [{ server: "*", namespace: "*" }])]],
    "unclassed",
  ],
  // Limits.
  [
    "a quota below what apps declare",
    "dev-apps",
    [[/whoami_namespace_quota_A/, text(/"requests.memory":"\d+Mi"/g, '"requests.memory":"32Mi"')]],
    "quota-below-use",
  ],
  [
    "quotas that no longer fit",
    "dev-platform",
    [[/auth_quota_F/, text('"requests.memory":"256Mi"', '"requests.memory":"256Gi"')]],
    "capacity",
  ],
  [
    "a limit taken away",
    "dev-platform",
    [[/auth_quota_F/, (values) => ({ ...values, spec: [{ hard: { pods: "4" } }] })]],
    "unclassed",
  ],
  [
    "looser Pod Security",
    "dev-platform",
    [[/namespace-auth_namespace/, text('enforce":"baseline', 'enforce":"privileged')]],
    "unclassed",
  ],
  // Addresses.
  [
    "a pool without the addresses in use",
    "dev-platform",
    [[POOL, set("spec.blocks", [{ start: "192.168.208.80", stop: "192.168.208.89" }])]],
    "load-balancer",
  ],
  ["a pool disabled", "dev-platform", [[POOL, set("spec.disabled", true)]], "unclassed"],
  [
    "announced by nobody",
    "dev-platform",
    [[/l2-announcement/, set("spec.interfaces", ["^nothing$"])]],
    "load-balancer",
  ],
  ["the announcement deleted", "dev-platform", [[/l2-announcement/, "delete"]], "load-bearing"],
  [
    "pods of backups that no policy selects",
    "dev-platform",
    [[/cron-job-daily/, text(/"app.kubernetes.io\/name":"[\w-]+"/g, '"app.kubernetes.io/name":"else"')]],
    "backup",
  ],
  [
    "a role over everything in a chart's values",
    "dev-apps",
    [[/whoami_application/, set("spec.source.helm.valuesObject.rbac", { rules: [{ resources: ["*"] }] })]],
    "unclassed",
  ],
  // What an Application that stays needs.
  ...([/whoami_project/, /whoami_namespace_quota_A/, /whoami_route/, /whoami_namespace_limit/] as const).map(
    (pattern) => [`of an app that stays: ${pattern}`, "dev-apps", [[pattern, "delete"]], "orphan"] as const,
  ),
  [
    "an app whose Application is only forgotten",
    "dev-apps",
    [
      [/whoami_application/, "forget"],
      [/whoami_(project|network-policy|route)/, "delete"],
    ],
    "orphan",
  ],
  ["an Application deleted", "dev-apps", [[/whoami_application/, "delete"]], "load-bearing"],
  [
    "a finalizer taken away",
    "dev-apps",
    [[/whoami_application/, set("metadata.finalizers", [])]],
    "load-bearing",
  ],
];

test.each(CASES)("%s is refused", (_, stack, edits, rule) => {
  const plan = stackPlan(stack, edits);
  expect(judge(plan).refused.map((refusal) => refusal.rule)).toContain(rule);
  expect(judge(plan, otherStacks(stack)).refused.map((refusal) => refusal.rule)).toContain(rule);
});

test("a new policy that allows all to all", () => {
  const yaml_body = JSON.stringify({
    apiVersion: "cilium.io/v2",
    kind: "CiliumClusterwideNetworkPolicy",
    metadata: { name: "all" },
    spec: { endpointSelector: {}, ingress: [{ fromEntities: ["all"] }], egress: [{ toEntities: ["all"] }] },
  });
  for (const stack of ["dev-platform", "dev-apps"])
    expect(
      judge(
        stackPlan(
          stack,
          [],
          [{ address: "kubectl_manifest.all", actions: ["create"], after: { yaml_body } }],
        ),
        otherStacks(stack),
      ).refused,
    ).toContainEqual(expect.objectContaining({ rule: "opened-flow", resource: "kubectl_manifest.all" }));
});

test("a quota cut below what apps declare, whatever is in use", () => {
  const plan = stackPlan("dev-apps", [
    [/whoami_namespace_quota_A/, text(/"requests.memory":"\d+Mi"/g, '"requests.memory":"32Mi"')],
  ]);
  const quotaUse = new Map([["whoami/namespace", { "requests.memory": "0" }]]);
  expect(judge(plan, { quotaUse }).refused.map(({ reason }) => reason)).toEqual([
    "requests.memory of whoami would be 32Mi, and its apps declare 64Mi: they could not start again",
  ]);
});

describe("what nobody has looked at", () => {
  const config = {
    address: "kubernetes_config_map_v1.a",
    actions: ["create"],
    after: { metadata: [{ name: "a" }] },
  };
  test.each([
    [
      "a kind",
      [
        {
          address: "kubectl_manifest.a",
          actions: ["create"],
          after: { yaml_body: "kind: Odd\nmetadata: {name: x}" },
        },
      ],
      {},
    ],
    ["a type", [{ address: "odd_thing.a", actions: ["create"], after: {} }], {}],
    [
      "an attribute",
      [{ ...config, actions: ["update"], before: config.after, after: { ...config.after, odd: 1 } }],
      {},
    ],
    ["a section", [config], { action_invocations: [{ address: "action.a.b" }] }],
    ["a failed check", [config], { checks: [{ address: { to_display: "check.a" }, status: "fail" }] }],
    ["a newer format", [config], { format_version: "1.9" }],
    [
      "several documents, one of them odd",
      [
        {
          address: "kubectl_manifest.a",
          actions: ["create"],
          after: { yaml_body: "kind: ConfigMap\nmetadata: {name: x}\n---\nkind: Odd\nmetadata: {name: y}" },
        },
      ],
      {},
    ],
    [
      "a text that is not known yet",
      [
        {
          address: "kubectl_manifest.a",
          actions: ["update"],
          before: { yaml_body: "kind: ConfigMap" },
          after: {},
          unknown: { yaml_body: true },
        },
      ],
      {},
    ],
  ])("%s is refused", (_, changes, rest) => {
    expect(judge(planOf(changes, rest)).passes).toBe(false);
  });

  test("a provider is refused, and the leftover of a replacement", () => {
    const [change] = JSON.parse(planOf([config])).resource_changes;
    const of = (more: Values) => judge(planOf([], { resource_changes: [{ ...change, ...more }] })).refused;
    expect(of({ provider_name: "registry.terraform.io/hashicorp/kubernetes" })).toEqual([]);
    expect(of({ provider_name: "registry.terraform.io/evil/kubernetes" })).toHaveLength(1);
    expect(of({ deposed: "abcd1234" })).toHaveLength(1);
  });
});

test("prod's stacks have what these cases change", () => {
  expect(resourcesOf("prod-apps").size).toBeGreaterThan(100);
});
