import { expect, test } from "vitest";
import { backupOf } from "../../../../environments/absent.ts";
import { Schedule } from "../../../../lib/core/values/schedule.ts";
import { groupProblems } from "../../../../lib/observability/alert-rules.ts";
import { etcdBackupAlerts } from "../../../../lib/observability/alerts/etcd-backup.ts";
import { parsed } from "../../../stacks/homelab.ts";

const prod = parsed("prod");

const HOUR = 3600;
const group = etcdBackupAlerts(backupOf(prod).tiers);
const alert = (name: string, alerts = group.alerts) => {
  const found = alerts.find((each) => each.name === name);
  if (!found) throw new Error(`no alert ${name}`);
  return found;
};

test("every alert can be evaluated, on metrics that something has", () => {
  expect(groupProblems([group])).toEqual([]);
});

test("age and absence are watched for every tier, each with a limit of its own", () => {
  for (const { name } of backupOf(prod).tiers) {
    const cronJob = `namespace="etcd-backup",cronjob="talos-backup-${name}"`;
    expect(alert("EtcdBackupTooOld").expression).toContain(cronJob);
    expect(alert("EtcdBackupNeverSucceeded").expression).toContain(cronJob);
  }
});

test.each([
  ["17 */6 * * *", 9 * HOUR],
  ["47 2 * * *", 36 * HOUR],
  ["17 3 * * 0", 8 * 24 * HOUR],
])("a tier at %s is late by half its period, at most by a day", (schedule, limit) => {
  const { alerts } = etcdBackupAlerts([{ name: "one", schedule: Schedule.parse(schedule) }]);
  expect(alert("EtcdBackupTooOld", alerts).expression).toMatch(new RegExp(`> ${limit}$`));
});

test("the heartbeat is of the most frequent tier, wherever it stands, and reaches nobody", () => {
  const { alerts } = etcdBackupAlerts([...backupOf(prod).tiers].reverse());
  expect(alert("EtcdBackupHeartbeat", alerts)).toMatchObject({
    severity: "none",
    labels: { heartbeat: "talos-backup" },
  });
  expect(alert("EtcdBackupHeartbeat", alerts).expression).toContain('cronjob="talos-backup-frequent"');
});

test("refuses to watch nothing", () => {
  expect(() => etcdBackupAlerts([])).toThrow("must have a tier: got []");
});
