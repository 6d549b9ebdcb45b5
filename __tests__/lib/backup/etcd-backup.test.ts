import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { EtcdBackup, type EtcdBackupProps } from "../../../lib/backup/etcd-backup.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";
import { Schedule } from "../../../lib/core/values/schedule.ts";
import { PriorityClasses } from "../../../lib/governance/priority-classes.ts";
import { onlyResource, resources, type SynthesizedStack } from "../../synth.ts";
import { synthInCluster } from "../governance/cluster.ts";
import { OTHER_RECIPIENT, RECIPIENT } from "./recipients.ts";

const IMAGE = `ghcr.io/siderolabs/talos-backup:v0.1.0-beta.3@sha256:${"0".repeat(64)}`;

const props = {
  clusterName: "vixens",
  bucket: "vixens-backup",
  region: "us-east-1",
  endpoint: HttpUrl.parse("http://minio:9000"),
  prefix: "etcd",
  tiers: [{ name: "daily", schedule: Schedule.parse("17 */6 * * *") }],
  ageRecipients: [RECIPIENT],
  image: IMAGE,
} as const;

type Overrides = Partial<EtcdBackupProps>;

const build = (overrides: Overrides = {}): SynthesizedStack =>
  synthInCluster((stack) => {
    const secret = (id: string) =>
      new TerraformVariable(stack, id, { sensitive: true, type: "string" }).stringValue;
    new EtcdBackup(stack, "etcd-backup", {
      ...props,
      credentials: { accessKeyId: secret("id"), secretAccessKey: secret("secret") },
      dependsOn: new PriorityClasses(stack, "priority-classes").resources,
      ...overrides,
    });
  });

// biome-ignore lint/suspicious/noExplicitAny: reads deep into synthesized JSON
const cronJob = (overrides: Overrides = {}): any => onlyResource(build(overrides), "kubernetes_cron_job_v1");
const podOf = (overrides: Overrides = {}) => cronJob(overrides).spec.job_template.spec.template.spec;
const environment = (overrides: Overrides = {}) =>
  Object.fromEntries(
    podOf(overrides).container[0].env.map(({ name, value, value_from }: Record<string, unknown>) => [
      name,
      value ?? value_from,
    ]),
  );

test("one run at a time, with deadlines, and with runs kept to look at", () => {
  expect(cronJob().spec).toMatchObject({
    schedule: "17 */6 * * *",
    timezone: "Etc/UTC",
    concurrency_policy: "Forbid",
    starting_deadline_seconds: 3600,
    successful_jobs_history_limit: 3,
    failed_jobs_history_limit: 3,
    job_template: {
      spec: { active_deadline_seconds: 1800, backoff_limit: 3, ttl_seconds_after_finished: "259200" },
    },
  });
});

test("the pod is hardened", () => {
  const pod = podOf();
  expect(pod).toMatchObject({
    restart_policy: "Never",
    automount_service_account_token: false,
    enable_service_links: false,
    priority_class_name: "homelab-high",
    toleration: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
    security_context: {
      run_as_non_root: true,
      run_as_user: "1000",
      run_as_group: "1000",
      fs_group: "1000",
      seccomp_profile: { type: "RuntimeDefault" },
    },
  });
  expect(pod.container).toHaveLength(1);
  expect(pod.container[0]).toMatchObject({
    image: IMAGE,
    command: ["/talos-backup"],
    security_context: {
      allow_privilege_escalation: false,
      privileged: false,
      read_only_root_filesystem: true,
      run_as_non_root: true,
      capabilities: { drop: ["ALL"] },
      seccomp_profile: { type: "RuntimeDefault" },
    },
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" } },
  });
});

test("writes to a scratch volume of limited size only, and reads the Secret that Talos makes", () => {
  const { container, volume } = podOf({ workspace: "3Gi" });
  expect(container[0]).toMatchObject({
    working_dir: "/tmp",
    resources: { limits: { "ephemeral-storage": "3Gi" } },
  });
  expect(container[0].volume_mount).toEqual([
    { name: "workspace", mount_path: "/tmp" },
    { name: "talosconfig", mount_path: "/var/run/secrets/talos.dev", read_only: true },
  ]);
  expect(volume).toEqual([
    { name: "workspace", empty_dir: { size_limit: "3Gi" } },
    {
      name: "talosconfig",
      secret: { secret_name: "talos-backup", default_mode: "0440", optional: false },
    },
  ]);
});

test("the environment is that of the image's build", () => {
  expect(environment()).toMatchObject({
    HOME: "/tmp",
    BUCKET: "vixens-backup",
    CUSTOM_S3_ENDPOINT: "http://minio:9000",
    USE_PATH_STYLE: "false",
    AGE_X25519_PUBLIC_KEY: RECIPIENT,
  });
  expect(environment({ endpoint: null })).not.toHaveProperty("CUSTOM_S3_ENDPOINT");
  expect(environment({ build: "v0.1.0-beta.3-2-g0b3984d", compression: true })).toMatchObject({
    ENABLE_COMPRESSION: "true",
  });
});

test("Talos is asked for one role; its Secret is not made here", () => {
  const stack = build();
  expect(parse(onlyResource(stack, "kubectl_manifest").yaml_body as string)).toEqual({
    apiVersion: "talos.dev/v1alpha1",
    kind: "ServiceAccount",
    metadata: { name: "talos-backup", namespace: "etcd-backup" },
    spec: { roles: ["os:etcd:backup"] },
  });
  expect(onlyResource(stack, "kubernetes_secret_v1")).toMatchObject({
    metadata: { name: "talos-backup-s3", namespace: "etcd-backup" },
  });
});

test("a tier has a CronJob and a part of the prefix of its own", () => {
  const tiers = [
    { name: "daily", schedule: Schedule.parse("17 2 * * *") },
    { name: "weekly", schedule: Schedule.parse("47 2 * * 0") },
  ];
  const jobs = resources(build({ tiers }), "kubernetes_cron_job_v1");
  const seen = jobs.map((job) => {
    // biome-ignore lint/suspicious/noExplicitAny: reads deep into synthesized JSON
    const { metadata, spec } = job as any;
    const [container] = spec.job_template.spec.template.spec.container;
    const prefix = container.env.find(({ name }: { name: string }) => name === "S3_PREFIX").value;
    return [metadata.name, spec.schedule, prefix];
  });
  expect(seen).toEqual([
    ["talos-backup-daily", "17 2 * * *", "etcd/daily"],
    ["talos-backup-weekly", "47 2 * * 0", "etcd/weekly"],
  ]);
});

test("a second copy has names, a Talos account and credentials of its own", () => {
  const stack = build({ name: "talos-backup-copy" });
  expect(onlyResource(stack, "kubernetes_cron_job_v1")).toMatchObject({
    metadata: { name: "talos-backup-copy-daily" },
  });
  expect(onlyResource(stack, "kubernetes_secret_v1")).toMatchObject({
    metadata: { name: "talos-backup-copy-s3" },
  });
  expect(parse(onlyResource(stack, "kubectl_manifest").yaml_body as string).metadata.name).toBe(
    "talos-backup-copy",
  );
});

test("compresses where the build can", () => {
  expect(environment({ build: "v0.1.0-beta.3-2-g0b3984d" })).toMatchObject({ ENABLE_COMPRESSION: "true" });
  expect(environment({ build: "v0.1.0-beta.3-2-g0b3984d", compression: false })).toMatchObject({
    ENABLE_COMPRESSION: "false",
  });
  expect(environment()).not.toHaveProperty("ENABLE_COMPRESSION");
});

test("the CronJob lands after everything that it needs", () => {
  const types = (cronJob().depends_on as string[]).map((address) => address.split(".")[0]);
  expect(new Set(types)).toEqual(
    new Set(["kubernetes_priority_class_v1", "kubectl_manifest", "kubernetes_secret_v1"]),
  );
  expect(onlyResource(build(), "kubectl_manifest").depends_on).toHaveLength(4);
});

test("credentials are references, sensitive, and reach the pod through a Secret", () => {
  expect(onlyResource(build(), "kubernetes_secret_v1").data).toEqual({
    AWS_ACCESS_KEY_ID: "${sensitive(var.id)}",
    AWS_SECRET_ACCESS_KEY: "${sensitive(var.secret)}",
  });
  const from = {
    secret_key_ref: { name: expect.stringContaining("kubernetes_secret_v1."), key: "AWS_ACCESS_KEY_ID" },
  };
  expect(environment().AWS_ACCESS_KEY_ID).toMatchObject(from);
});

describe("refuses", () => {
  test.each<[string, Overrides, string]>([
    ["no recipient", { ageRecipients: [] }, "ageRecipients: must name at least one"],
    ["more recipients than the build takes", { ageRecipients: [RECIPIENT, OTHER_RECIPIENT] }, "at most 1"],
    ["a malformed recipient", { ageRecipients: ["age1x"] }, "ageRecipients: must be an age X25519 recipient"],
    [
      "an image without a digest",
      { image: "ghcr.io/siderolabs/talos-backup:v0.1.0-beta.3" },
      "pinned by digest",
    ],
    [
      "an unknown build",
      { image: IMAGE.replace("beta.3", "beta.9") },
      "must be a build whose variables are known",
    ],
    [
      "compression that the build lacks",
      { compression: true },
      "compression: must be one that the image's build",
    ],
    ["no tier", { tiers: [] }, "tiers: must be at least one: got []"],
    [
      "a tier whose CronJob's name is too long",
      { tiers: [{ name: "d".repeat(40), schedule: Schedule.parse("0 0 * * *") }] },
      "tiers[0].name: must be a short DNS label",
    ],
    [
      "two tiers of one name",
      { tiers: [...props.tiers, ...props.tiers] },
      'tiers[1].name: must be the only tier of that name: got "daily"',
    ],
    ["a bucket", { bucket: "B" }, "bucket: must be 3 to 63"],
    ["a prefix", { prefix: "/etcd" }, "prefix: must be names"],
    ["an endpoint with a path", { endpoint: HttpUrl.parse("http://minio:9000/x") }, "endpoint: must be http"],
    ["a cluster name with a slash", { clusterName: "a/b" }, "clusterName: must do as part of a file name"],
    ["a name", { name: "Backup" }, "name: must be a DNS label"],
    ["a workspace", { workspace: "0" }, "workspace: must be a quantity above zero"],
  ])("%s", (_, overrides, message) => {
    expect(() => build(overrides)).toThrow(message);
  });

  const literal = { credentials: { accessKeyId: "key-in-clear", secretAccessKey: "hunter2" } };

  test("credentials as literals even where nothing is validated", () => {
    const stack = new TerraformStack(Testing.app(), "test");
    new EtcdBackup(stack, "etcd-backup", { ...props, ...literal });
    expect(Testing.synth(stack)).not.toMatch(/key-in-clear|hunter2/);
  });

  test("credentials as literals, without repeating them", () => {
    const thrown = (() => {
      try {
        build(literal);
      } catch (error) {
        return String(error);
      }
    })();
    expect(thrown).toContain("credentials.accessKeyId: must be a reference");
    expect(thrown).toContain("credentials.secretAccessKey: must be a reference");
    expect(thrown).not.toMatch(/key-in-clear|hunter2/);
  });
});
