import { expect, test } from "vitest";
import { backupOf } from "../../../environments/absent.ts";
import { lab, problems, type Refusal } from "../lab.ts";

const inline = { accessKey: "key-of-the-lab", secretKey: "secret-of-the-lab" };
const recipient = backupOf(lab()).ageRecipients?.[0];

test.each<Refusal>([
  [
    "backups in the bucket of the state",
    { "backup.bucket": "lab-state", "backup.endpoint": "https://minio.example.org:9000/" },
    [
      'backup.bucket: must be another bucket than state.bucket: each has its own lifecycle, lock and credentials: got "lab-state"',
    ],
  ],
  [
    "backups in the bucket of the state on AWS, however it is named",
    {
      "backup.bucket": "lab-state",
      "backup.endpoint": null,
      "state.endpoint": "https://s3.eu-central-1.amazonaws.com",
    },
    [
      'backup.bucket: must be another bucket than state.bucket: each has its own lifecycle, lock and credentials: got "lab-state"',
    ],
  ],
  [
    "inline credentials",
    { "state.credentials": inline },
    [
      'state.credentials: must be "environment": inline, they end in the repository and in cdktf.out: got (redacted) (the accepted risk backend-credentials would silence this)',
    ],
  ],
  [
    "snapshots that expire before the next one comes",
    { "backup.tiers.1.schedule": "0 3 1 * *", "backup.tiers.1.keepDays": 31 },
    [
      "backup.tiers.weekly.keepDays: must be longer than the longest time between two backups, 31 days by 0 3 1 * *: got 31",
    ],
  ],
  [
    "two tiers of one name",
    { "backup.tiers.1.name": "daily" },
    ['backup.tiers.daily.name: must be the only tier of that name: got "daily"'],
  ],
  [
    "a lock that ends before the next snapshot is there",
    { "backup.tiers.0.schedule": "0 3 1 * *", "backup.tiers.0.keepDays": 40, "backup.lock.days": 7 },
    [
      "backup.lock.days: must be longer than the time between two backups, 7 days, or at times none is locked: got 7",
    ],
  ],
  [
    "a lock that holds what has expired",
    { "backup.noncurrentDays": 1, "backup.lock.days": 32 },
    [
      "backup.lock.days: must be at most the 30 and 1 days for which the tier daily and its old versions are kept, as nothing could delete what has expired: got 32",
    ],
  ],
  [
    "a second copy at the same place",
    {
      "backup.copy": { bucket: "lab-copy", region: "x", endpoint: "http://minio.example.org:9000" },
    },
    ['backup.copy.endpoint: must be another place than backup.endpoint: got "http://minio.example.org:9000"'],
  ],
  [
    "volumes in the bucket of the snapshots",
    { "backup.volumes.bucket": "lab-backup" },
    [
      'backup.volumes.bucket: must be another bucket than backup.bucket: each has its own lifecycle, lock and credentials: got "lab-backup"',
    ],
  ],
  [
    "no second copy, and nobody who says why",
    { "backup.copy": null },
    ["backup.copy: must be known, or be covered by an assumption: got null"],
  ],
  [
    "a recipient twice",
    { "backup.ageRecipients": [recipient, recipient] },
    [`backup.ageRecipients: must name each recipient once: got "${recipient}"`],
  ],
])("refuses %s", (_, changes, lines) => {
  expect(problems(changes)).toEqual(lines);
});

test("a schedule that leaves a snapshot at all times is accepted", () => {
  expect(problems({ "backup.tiers.1.schedule": "0 3 1 * *", "backup.tiers.1.keepDays": 32 })).toEqual([]);
});

test("inline credentials are accepted with their risk", () => {
  const risk = {
    reason: "The state server is on the desk.",
    acceptedBy: "owner",
    on: "2026-01-01",
    reviewBy: "2027-01-01",
  };
  expect(
    problems({ "state.credentials": inline, acceptedRisks: [{ id: "backend-credentials", ...risk }] }),
  ).toEqual([]);
});
