import { expect, test } from "vitest";
import { parse } from "yaml";
import { apps } from "../../apps/index.ts";
import { backupOf } from "../../environments/absent.ts";
import type { EnvironmentInput } from "../../environments/schema.ts";
import { environments, stackOf, synthesis, undemandingApps, withoutPrivilegedApps } from "./homelab.ts";

/** dev, changed. */
const synthesized = (change: (input: EnvironmentInput) => void, declarations = apps) =>
  synthesis(
    environments((input) => {
      if (input.name === "dev") change(input);
    }).filter(({ name }) => ["dev", "solo"].includes(name)),
    {},
    declarations,
  );

test("a cluster of one machine", () => {
  const homelab = synthesized((input) => {
    // Of a cluster by another name no chart was rendered: what was, for dev, runs the operator of Cilium twice.
    input.name = "solo";
    input.nodes = input.nodes.slice(0, 1).map((node) => ({ ...node, memory: "16Gi" }));
    input.assumptions = input.assumptions.filter(({ path }) => !path.includes("daisy"));
    input.namespaces = [];
    withoutPrivilegedApps(input);
  }, undemandingApps);
  const applies = stackOf(homelab, "solo-cluster").resource?.talos_machine_configuration_apply;
  expect(Object.keys(applies ?? {})).toHaveLength(1);
});

test("backups on AWS have a writer that can only put", () => {
  const homelab = synthesized((input) => {
    backupOf(input).endpoint = null;
    backupOf(input).region = "eu-central-1";
  });
  const backup = stackOf(homelab, "dev-backup");
  expect(Object.keys(backup.resource ?? {})).toEqual(
    expect.arrayContaining([
      "aws_s3_bucket_public_access_block",
      "aws_iam_access_key",
      "aws_s3_bucket_policy",
    ]),
  );
});

test("a second copy: its own bucket, owner, writer, CronJobs and way out", () => {
  const homelab = synthesized((input) => {
    backupOf(input).copy = { bucket: "vixens-dev-copy", region: "eu-central-1", endpoint: null };
    input.assumptions = input.assumptions.filter(({ path }) => path !== "backup.copy");
  });
  const backup = stackOf(homelab, "dev-backup");
  expect(JSON.stringify(backup.provider?.aws)).toContain(
    '{"access_key":"${var.etcd_copy_owner_access_key_id}","alias":"etcd_copy","region":"eu-central-1"',
  );
  expect(backup.terraform?.required_providers).toMatchObject({ aws: { version: "6.22.1" } });
  const copies = Object.entries(backup.resource ?? {}).flatMap(([type, blocks]) =>
    Object.values(blocks)
      .filter(({ provider }) => provider === "aws.etcd_copy")
      .map(() => type),
  );
  expect(copies).toEqual(
    expect.arrayContaining([
      "aws_s3_bucket",
      "aws_s3_bucket_versioning",
      "aws_s3_bucket_object_lock_configuration",
      "aws_s3_bucket_lifecycle_configuration",
      "aws_iam_access_key",
    ]),
  );
  const jobs = Object.values(stackOf(homelab, "dev-platform").resource?.kubernetes_cron_job_v1 ?? {});
  expect(jobs.map(({ metadata }) => (metadata as { name: string }).name).sort()).toEqual(
    ["daily", "frequent", "monthly", "weekly"]
      .flatMap((tier) => [`talos-backup-${tier}`, `talos-backup-copy-${tier}`])
      .sort(),
  );
  expect(policyNames(homelab)).toContain("platform-etcd-backup-copy");
});

test("volumes: a bucket beside that of the snapshots, and Velero's credentials, whoever makes its namespace", () => {
  for (const kept of [true, false]) {
    const homelab = synthesized((input) => {
      backupOf(input).volumes = {
        bucket: "dev-velero",
        region: "us-east-1",
        endpoint: backupOf(input).endpoint,
      };
      if (!kept) input.namespaces = input.namespaces.filter(({ name }) => name !== "velero");
    });
    const { resource, provider } = stackOf(homelab, "dev-backup");
    expect(Object.values(resource?.aws_s3_bucket ?? {})).toHaveLength(2);
    expect(provider?.aws).toHaveLength(1);
    const platform = stackOf(homelab, "dev-platform").resource;
    const secrets = Object.values(platform?.kubernetes_secret_v1 ?? {});
    const velero = secrets.find(({ metadata }) => (metadata as { name: string }).name === "velero-s3");
    expect(velero?.depends_on).toEqual([
      expect.stringMatching(/^kubernetes_namespace_v1\.namespace-velero_namespace_/),
    ]);
  }
});

test("without volumes there is no bucket of them", () => {
  const homelab = synthesized(() => {});
  const names = Object.values(stackOf(homelab, "dev-backup").resource?.aws_s3_bucket ?? {});
  expect(names.map(({ bucket }) => bucket)).toEqual(["vixens-dev-backup"]);
});

test("revision none installs ArgoCD and no root application", () => {
  const homelab = synthesized((input) => {
    input.gitops.revision = "none";
  });
  expect(stackOf(homelab, "dev-apps").resource?.kubectl_manifest).not.toHaveProperty("root_app");
  expect(JSON.stringify(stackOf(homelab, "dev-platform").resource?.helm_release)).toContain("argo-cd");
});

const policyNames = (homelab: ReturnType<typeof synthesis>): string[] =>
  Object.values(stackOf(homelab, "dev-platform").resource?.kubectl_manifest ?? {}).map(
    ({ yaml_body }) => parse(String(yaml_body)).metadata.name,
  );

const auditMode = (homelab: ReturnType<typeof synthesis>): unknown => {
  const releases = Object.values(stackOf(homelab, "dev-platform").resource?.helm_release ?? {});
  const cilium = releases.find(({ name }) => name === "cilium");
  const [values = ""] = (cilium?.values ?? []) as string[];
  return parse(values).policyAuditMode;
};

test.each([
  ["off", false, false],
  ["audit", true, true],
  ["enforce", true, false],
] as const)("network policy %s", (mode, denies, audits) => {
  const homelab = synthesized((input) => {
    input.networkPolicy.mode = mode;
    // What the GitOps side needs is another matter: see below.
    input.gitops.revision = "none";
  });
  expect(policyNames(homelab).includes("platform-default-deny")).toBe(denies);
  expect(auditMode(homelab)).toBe(audits);
});

const nodes = (mode: "audit" | "enforce") => ({ mode, managementCidrs: ["192.168.0.0/24"] });

test("nodes are put under policy, audit first", () => {
  const homelab = synthesized((input) => {
    input.networkPolicy = { mode: "audit", nodes: nodes("audit") };
  });
  expect(policyNames(homelab)).toEqual(
    expect.arrayContaining(["platform-host-own", "platform-host-default-deny"]),
  );
});

test("nodes are not enforced while everything else is only audited", () => {
  const enforce = () =>
    synthesized((input) => {
      input.networkPolicy = { mode: "audit", nodes: nodes("enforce") };
    });
  expect(enforce).toThrow("HostPolicy: mode");
});

test("inline state credentials reach the backend and nothing else", () => {
  const homelab = synthesized((input) => {
    Object.assign(input.state, { credentials: { accessKey: "the-access-key", secretKey: "the-secret-key" } });
    input.acceptedRisks = [
      ...input.acceptedRisks,
      {
        id: "backend-credentials",
        reason: "The owner accepted it.",
        acceptedBy: "homelab owner",
        on: "2026-01-01",
        reviewBy: "2026-12-31",
      },
    ];
  });
  const { terraform, data, ...rest } = stackOf(homelab, "dev-platform");
  expect(JSON.stringify(terraform?.backend)).toContain("the-secret-key");
  expect(JSON.stringify(data?.terraform_remote_state)).toContain("the-secret-key");
  expect(JSON.stringify(rest)).not.toContain("the-secret-key");
});

test("default deny is not switched on in dev while it would close what the GitOps side needs", () => {
  const enforce = () =>
    synthesized((input) => {
      input.networkPolicy.mode = "enforce";
    });
  expect(enforce).toThrow(
    "default deny closes what the GitOps side needs: homelab coexist says what keeps it open",
  );
});

test("a new password of ArgoCD ends the logins that were issued before it", () => {
  const homelab = synthesized((input) => {
    input.argocd.adminPasswordChangedAt = "2026-11-28T08:00:00Z";
  });
  expect(JSON.stringify(stackOf(homelab, "dev-platform"))).toMatch(
    /argocdServerAdminPasswordMtime: \\?"?2026-11-28T08:00:00Z/,
  );
});
