import { expect, test } from "vitest";
import { judge, machine, updates } from "./plans.ts";
import { addressOf, type Edit, otherStacks, set, stackPlan, text } from "./real-plans.ts";

type Values = Record<string, unknown>;

const WHOAMI = /whoami_application/;

/** `[what, stack, edits]`: everything else of the stack stays as it is. */
const CASES: readonly (readonly [string, string, readonly (readonly [RegExp, Edit])[]])[] = [
  ...["backup", "cluster", "platform", "apps"].flatMap((layer): typeof CASES => [
    [`no-op of ${layer}`, `dev-${layer}`, []],
    [`first deploy of ${layer}`, `dev-${layer}`, [[/./, "create"]]],
  ]),
  [
    "scaling an app",
    "dev-apps",
    [[WHOAMI, set("spec.source.helm.valuesObject.controllers.main.replicas", 2)]],
  ],
  ["another tag of the same image", "dev-apps", [[WHOAMI, text("v1.11.0", "v1.11.1")]]],
  ["a patch of an app's chart", "dev-apps", [[WHOAMI, text("4.1.1", "4.1.2")]]],
  ["a raised limit", "dev-apps", [[WHOAMI, text("128Mi", "160Mi")]]],
  ["a whole new app", "dev-apps", [[/apps_whoami_/, "create"]]],
  ["a whole new app of the platform's namespaces", "dev-apps", [[/apps_reloader_/, "create"]]],
  ["a label of an app", "dev-apps", [[WHOAMI, set("metadata.labels.team", "home")]]],
  [
    "another wave",
    "dev-apps",
    [[WHOAMI, set("metadata.annotations", { "argocd.argoproj.io/sync-wave": "1" })]],
  ],
  ["a description of a project", "dev-apps", [[/whoami_project/, text("may do", "is allowed to do")]]],
  [
    "a finalizer of a project",
    "dev-apps",
    [[/whoami_project/, set("metadata.finalizers", ["resources-finalizer.argocd.argoproj.io", "x"])]],
  ],
  ["a patch of ArgoCD's chart", "dev-platform", [[/argocd_release/, text("7.7.7", "7.7.8")]]],
  ["a minor of Cilium", "dev-platform", [[/cilium_release/, text("1.18.3", "1.19.0")]]],
  ["a longer timeout", "dev-platform", [[/cilium_release/, (values) => ({ ...values, timeout: 1800 })]]],
  ["more memory for ArgoCD", "dev-platform", [[/argocd_release/, text("memory: 1Gi", "memory: 1200Mi")]]],
  ["a raised quota", "dev-platform", [[/auth_quota_F/, text('"pods":"4"', '"pods":"6"')]]],
  ["a backup at another time", "dev-platform", [[/cron-job-daily/, text("47 2 * * *", "12 4 * * *")]]],
  ["a backup more often", "dev-platform", [[/cron-job-daily/, text("47 2 * * *", "47 */12 * * *")]]],
  [
    "another digest of the backup's image",
    "dev-platform",
    [[/cron-job-daily/, text(/sha256:05c8/g, "sha256:15c8")]],
  ],
  [
    "a label of a namespace",
    "dev-platform",
    [
      [
        /namespace-auth_namespace/,
        (values) => ({
          ...values,
          metadata: [
            {
              ...(values.metadata as Values[])[0],
              labels: { ...(values.metadata as { labels: Values }[])[0]?.labels, a: "b" },
            },
          ],
        }),
      ],
    ],
  ],
  [
    "rotated credentials",
    "dev-platform",
    [[/etcd-backup_credentials/, text("known-since-the-apply", "rotated")]],
  ],
  ["an import of everything", "dev-platform", [[/./, "import"]]],
  ["words of a priority", "dev-platform", [[/vixens-critical/, text("Others stop", "The others stop")]]],
  [
    "audit to enforced",
    "dev-platform",
    [[/cilium_release/, text("policyAuditMode: true", "policyAuditMode: false")]],
  ],
  [
    "what somebody changed in the cluster put right",
    "dev-platform",
    [[/default-deny/, (values) => ({ ...values, yaml_incluster: "abc" })]],
  ],
  ["longer retention", "dev-backup", [[/aws_s3_bucket\./, text('"days":7', '"days":9')]]],
  ["a longer lock", "dev-backup", [[/object-lock/, text('"days":30', '"days":31')]]],
  ["a tag of a bucket", "dev-backup", [[/aws_s3_bucket\./, (values) => ({ ...values, tags: { a: "b" } })]]],
  [
    "renewed certificates",
    "dev-cluster",
    [
      [/machine_secrets/, (values) => ({ ...values, client_configuration: { client_key: "b" } })],
      [
        /kubeconfig/,
        (values) => ({ ...values, kubeconfig_raw: "b", client_configuration: { client_key: "b" } }),
      ],
      [/configuration_apply/, (values) => ({ ...values, client_configuration: { client_key: "b" } })],
    ],
  ],
  ["a new node", "dev-cluster", [[/node_daisy/, "create"]]],
  [
    "a setting of one machine's kernel",
    "dev-cluster",
    [[/node_diva/, text('extra\\":\\"a', 'extra\\":\\"b')]],
  ],
  ["a patch of Talos on one machine", "dev-cluster", [[/node_diva/, text(/v1\.12\.4/g, "v1.12.5")]]],
  ["a schematic", "dev-cluster", [[/schematic_virtual/, text("iscsi-tools", "i915")]]],
];

test.each(CASES)("%s passes without a waiver", (_, stack, edits) => {
  const verdict = judge(stackPlan(stack, edits));
  expect(verdict.refused).toEqual([]);
  expect(judge(stackPlan(stack, edits), otherStacks(stack)).refused).toEqual([]);
});

test("growth of a claim", () => {
  const claim = addressOf("prod-apps", /persistent_volume_claim/);
  const grown = stackPlan("prod-apps", [
    [new RegExp(claim), text(/"storage":"\d+Gi"/g, '"storage":"400Gi"')],
  ]);
  expect(judge(grown).refused).toEqual([]);
});

test("outputs, and what was moved, and drift", () => {
  const address = addressOf("dev-platform", /namespace-auth_namespace/);
  const values = { metadata: [{ name: "auth" }] };
  const drift = [
    {
      address,
      mode: "managed",
      type: "kubernetes_namespace_v1",
      name: "x",
      change: { actions: ["update"], before: values, after: values },
    },
  ];
  const rest = { output_changes: { a: { actions: ["update"], before: 1, after: 2 } }, resource_drift: drift };
  const moved = {
    address: "kubernetes_namespace_v1.now",
    movedFrom: "kubernetes_namespace_v1.old",
    actions: ["no-op"],
    before: values,
    after: values,
  };
  expect(judge(stackPlan("dev-platform", [], [moved], rest)).refused).toEqual([]);
});

test("what every node runs already is written down for all of them at once", () => {
  const everywhere = updates({
    daphne: [machine(162), machine(162, { talos: "v1.12.5" })],
    diva: [machine(164), machine(164, { talos: "v1.12.5" })],
  });
  const plan = stackPlan("dev-backup", [], everywhere);
  const running = (talos: string) =>
    new Map(["daphne", "diva"].map((name) => [name, { talos, kubelet: "v1.34.0" }]));
  expect(judge(plan, { running: running("v1.12.5") }).refused).toEqual([]);
  expect(judge(plan, { running: running("v1.12.4") }).refused.map(({ rule }) => rule)).toEqual([
    "one-node",
    "one-node",
  ]);
  expect(judge(plan).refused[0]?.cure).toContain("--running nodes.json");
});
