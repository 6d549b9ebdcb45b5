import { CronJobV1, type CronJobV1Config } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { type TerraformResource, TerraformStack, Testing, Token } from "cdktf";
import type { Construct } from "constructs";
import { expect, test } from "vitest";
import { CronJob } from "../../../../lib/providers/kubernetes/cron-job.ts";

type Binding = new (scope: Construct, id: string, config: CronJobV1Config) => TerraformResource;

const synthesized = (binding: Binding, config: CronJobV1Config): unknown => {
  const stack = new TerraformStack(Testing.app(), "stack");
  new binding(stack, "job", config);
  return JSON.parse(Testing.synth(stack)).resource;
};

const container = {
  name: "main",
  image: "image",
  command: ["run", "--all"],
  env: [
    { name: "camelCase", value: Token.asString({ ref: "value" }) },
    { name: "SECRET", valueFrom: { secretKeyRef: { name: "secret", key: "someKey", optional: true } } },
    { name: "FIELD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  ],
  resources: { limits: { cpu: "1", "ephemeral-storage": "1Gi" }, requests: { memory: "1Mi" } },
  volumeMount: [{ name: "data", mountPath: "/data", readOnly: true }],
  securityContext: {
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  },
  livenessProbe: { httpGet: { path: "/", port: "8080", httpHeader: [{ name: "X-Name", value: "v" }] } },
};

const config = (): CronJobV1Config => ({
  metadata: {
    name: "job",
    labels: { "app.kubernetes.io/partOf": "camelCase" },
    annotations: { someKey: "value" },
  },
  spec: {
    schedule: "0 0 * * *",
    suspend: false,
    successfulJobsHistoryLimit: 0,
    jobTemplate: {
      metadata: { labels: { camelCase: "kept" } },
      spec: {
        backoffLimit: 3,
        ttlSecondsAfterFinished: "60",
        selector: {
          matchLabels: { camelCase: "kept" },
          matchExpressions: [{ key: "aB", operator: "Exists" }],
        },
        template: {
          metadata: {},
          spec: {
            container: [container],
            initContainer: [{ name: "first" }],
            nodeSelector: { "node-role.kubernetes.io/controlPlane": "" },
            toleration: [{ key: "someKey", operator: "Exists" }],
            dnsConfig: { option: [{ name: "ndots", value: "2" }], searches: ["example.org"] },
            volume: [
              { name: "data", emptyDir: { sizeLimit: "1Gi" } },
              { name: "talos", secret: { secretName: "talos", items: [{ key: "a", path: "b" }] } },
              { name: "nfs", flexVolume: { driver: "d", options: { someOption: "kept" } } },
              { name: "csi", csi: { driver: "d", volumeAttributes: { someAttribute: "kept" } } },
            ],
          },
        },
      },
    },
  },
  timeouts: { delete: "5m" },
  lifecycle: { preventDestroy: true },
});

test("gives what the prebuilt binding gives", () => {
  expect(synthesized(CronJob, config())).toEqual(synthesized(CronJobV1, config()));
});

test("without options", () => {
  const least = (): CronJobV1Config => ({
    metadata: {},
    spec: {
      schedule: "@daily",
      jobTemplate: {
        metadata: {},
        spec: { template: { metadata: {}, spec: { container: [{ name: "main" }] } } },
      },
    },
  });
  expect(synthesized(CronJob, least())).toEqual(synthesized(CronJobV1, least()));
});
