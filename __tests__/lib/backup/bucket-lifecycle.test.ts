import { expect, test } from "vitest";
import { awsRule, expiryProblems, minioRule, rulesOf } from "../../../lib/backup/bucket-lifecycle.ts";

const snapshots = { putUnder: "etcd" };

test("snapshots expire by a rule for each tier", () => {
  const rules = rulesOf({
    access: snapshots,
    expiry: [
      { prefix: "etcd/daily", days: 30 },
      { prefix: "etcd/weekly", days: 90 },
    ],
    noncurrentDays: 7,
  });
  expect(rules).toEqual([
    { id: "expire-etcd-daily", prefix: "etcd/daily/", days: 30, noncurrentDays: 7 },
    { id: "expire-etcd-weekly", prefix: "etcd/weekly/", days: 90, noncurrentDays: 7 },
  ]);
});

test("volume backups never expire by age: only what Velero has deleted goes, later", () => {
  const [rule, ...others] = rulesOf({ access: "volume-backups", expiry: [], noncurrentDays: 30 });
  if (!rule) throw new Error("no rule");
  expect(others).toEqual([]);
  expect(awsRule(rule)).toMatchObject({
    filter: [{ prefix: "" }],
    expiration: [{ expiredObjectDeleteMarker: true }],
    noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
  });
  expect(minioRule(rule)).toMatchObject({
    prefix: "",
    expiration: { expiredObjectDeleteMarker: true },
    noncurrentVersionExpiration: { days: 30 },
  });
});

test.each([
  [snapshots, [{ prefix: "other", days: 1 }], "expiry.0.prefix: must be etcd or below it"],
  [snapshots, [{ prefix: "etcd-old", days: 1 }], "expiry.0.prefix: must be etcd or below it"],
  [snapshots, [{ prefix: "etcd/a", days: -1 }], "expiry.0.days: must be a whole number from 1 on: got -1"],
  ["volume-backups", [{ prefix: "kopia", days: 1 }], "must be left out: Velero deletes its backups itself"],
] as const)("refuses %j with %j", (access, expiry, problem) => {
  expect(expiryProblems({ access, expiry })).toEqual([expect.stringContaining(problem)]);
});

test.each([
  ["etcd/a", "etcd/a"],
  ["etcd", "etcd/a"],
  ["etcd/a/b", "etcd/a"],
])("of %s and %s, one would end the other's life early", (first, second) => {
  const expiry = [first, second].map((prefix) => ({ prefix, days: 1 }));
  expect(expiryProblems({ access: snapshots, expiry })).toEqual([
    `expiry.1.prefix: must not overlap with "${first}": got "${second}"`,
  ]);
});
