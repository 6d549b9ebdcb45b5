import { expect, it } from "vitest";
import { isSnapshotName, parseObjectName } from "../../../operations/verify-backup/object-name.ts";

it.each([
  ["etcd/vixens-prod-2026-03-01T02:00:00Z.snap.zst.age", "vixens-prod", "2026-03-01T02:00:00.000Z"],
  ["prod-2026-03-01T02:00:00+02:00.snap.age", "prod", "2026-03-01T00:00:00.000Z"],
  ["/tmp/x/prod-2026-03-01T02:00:00Z.snap", "prod", "2026-03-01T02:00:00.000Z"],
])("reads %s", (name, cluster, time) => {
  expect(parseObjectName(name)).toEqual({ cluster, time: new Date(time) });
});

it.each([
  "db.snapshot",
  "prod.snap.age",
  "prod-2026-02-30T02:00:00Z.snap.age",
  "prod-2026-03-01T25:00:00Z.snap.age",
  "prod-2026-03-01T02:00:00.snap.age",
  "prod-2026-03-01T02:00:00Z.snap.gz.age",
])("finds no time in %s", (name) => {
  expect(parseObjectName(name)).toBeUndefined();
});

it.each([
  ["a.snap", true],
  ["a.snap.zst.age", true],
  ["a.snap.part", false],
  ["a.age", false],
])("%s is a snapshot by its name: %s", (name, expected) => {
  expect(isSnapshotName(name)).toBe(expected);
});
