import { expect, test } from "vitest";
import { lab, problems, type Refusal } from "../lab.ts";

const inline = { accessKey: "key-of-the-lab", secretKey: "secret-of-the-lab" };
const recipient = lab().backup.ageRecipients?.[0];

test.each<Refusal>([
  [
    "backups in the bucket of the state",
    { "backup.bucket": "lab-state", "backup.endpoint": "https://minio.example.org:9000/" },
    [
      'backup.bucket: must be another bucket than state.bucket: its snapshots expire, the state must not: got "lab-state"',
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
      'backup.bucket: must be another bucket than state.bucket: its snapshots expire, the state must not: got "lab-state"',
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
    { "backup.schedule": "0 3 1 * *", "backup.retention.days": 31 },
    [
      "backup.retention.days: must be longer than the longest time between two backups, 31 days by 0 3 1 * *: got 31",
    ],
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
  expect(problems({ "backup.schedule": "0 3 1 * *", "backup.retention.days": 32 })).toEqual([]);
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
