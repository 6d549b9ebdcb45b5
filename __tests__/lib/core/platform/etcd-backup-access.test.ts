import { expect, test } from "vitest";
import { parse } from "yaml";
import { EtcdBackup } from "../../../../lib/backup/etcd-backup.ts";
import { etcdBackupAccess } from "../../../../lib/core/platform/etcd-backup-access.ts";
import { platformPods } from "../../../../lib/network/platform-pods.ts";
import { homelab, stackOf } from "../../../stacks/homelab.ts";

const { namespace, role, podLabels, talosApiPort } = etcdBackupAccess;

test("the construct's declaration is the one that all others read", () => {
  expect(EtcdBackup.access).toBe(etcdBackupAccess);
  expect(platformPods.etcdBackup).toMatchObject({ namespace, labels: podLabels });
});

test("control planes let exactly this namespace and role in, workers nobody", () => {
  const cluster = stackOf(homelab(), "prod-cluster");
  const patches = Object.entries(cluster.data?.talos_machine_configuration ?? {}).map(([node, block]) => ({
    node,
    type: block.machine_type,
    access: /kubernetesTalosAPIAccess:(\n {6}.*)+/.exec((block.config_patches as string[]).join("\n"))?.[0],
  }));
  expect(patches).toHaveLength(5);
  for (const { type, access } of patches) {
    if (type === "worker") expect(access).toBeUndefined();
    else expect(access?.match(/- (\S+)/g)).toEqual([`- ${namespace}`, `- ${role}`]);
  }
});

test("the Talos ServiceAccount, the CronJobs and the network allowance are in that namespace, with those labels", () => {
  const platform = stackOf(homelab(), "prod-platform");
  const manifests = Object.values(platform.resource?.kubectl_manifest ?? {}).map(({ yaml_body }) =>
    parse(String(yaml_body)),
  );
  const account = manifests.find(({ kind }) => kind === "ServiceAccount");
  expect(account).toMatchObject({ metadata: { namespace }, spec: { roles: [role] } });
  const allowance = JSON.stringify(
    manifests.find(({ metadata }) => metadata.name === "platform-etcd-backup"),
  );
  expect(allowance).toContain(`io.kubernetes.pod.namespace":"${namespace}"`);
  expect(allowance).toContain(`"port":"${talosApiPort}"`);
  const jobs = Object.values(platform.resource?.kubernetes_cron_job_v1 ?? {});
  expect(jobs).toHaveLength(4);
  for (const { metadata } of jobs) expect(metadata).toMatchObject({ namespace, labels: podLabels });
});
