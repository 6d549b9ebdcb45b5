import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  VELERO_CREDENTIALS,
  VELERO_LOCATION,
  VELERO_NAMESPACE,
  VOLUME_SCHEDULES,
  type VolumeClaim,
  volumeBackup,
  volumeBackupLabels,
} from "../../../lib/backup/volume-backup.ts";

const claim = (name: string, backup: VolumeClaim["backup"], different: Partial<VolumeClaim> = {}) => ({
  namespace: "tools",
  name,
  backup,
  ...different,
});
const off = { off: "caches, made again by the app" };

test("one schedule for each way that occurs, of the namespaces that ask for it", () => {
  const { schedules, problems } = volumeBackup(
    [
      claim("wiki-data", "daily"),
      claim("photos", "daily", { namespace: "media" }),
      claim("notes-data", "daily"),
      claim("archive", "weekly", { namespace: "media" }),
      claim("cache", off, { namespace: "downloads" }),
    ],
    "lab",
  );
  expect(problems).toEqual([]);
  expect(schedules.map(({ metadata, spec }) => [metadata, spec.schedule, spec.template.ttl])).toEqual([
    [{ name: "volumes-daily", namespace: VELERO_NAMESPACE }, "0 2 * * *", "720h0m0s"],
    [{ name: "volumes-weekly", namespace: VELERO_NAMESPACE }, "0 4 * * 0", "2160h0m0s"],
  ]);
  expect(schedules.map(({ spec }) => spec.template.includedNamespaces)).toEqual([
    ["media", "tools"],
    ["media"],
  ]);
  for (const schedule of schedules) expect(() => schedule.validate()).not.toThrow();
});

test("what is read are the labelled claims alone, by the policy that the schedule names", () => {
  const { schedules, policies } = volumeBackup([claim("wiki-data", "daily"), claim("cache", off)], "lab");
  expect(policies.map(({ name }) => name)).toEqual(
    schedules.map(({ spec }) => spec.template.resourcePolicy.name),
  );
  expect(parse(policies[0]?.data["policy.yaml"] ?? "")).toEqual({
    version: "v1",
    volumePolicies: [
      { conditions: { pvcLabels: volumeBackupLabels("daily", "lab") }, action: { type: "fs-backup" } },
    ],
  });
  expect(schedules[0]?.spec.template).toMatchObject({
    defaultVolumesToFsBackup: false,
    snapshotVolumes: false,
    storageLocation: VELERO_LOCATION,
  });
});

test("each way has a label of its own, and what is off has none of theirs", () => {
  const labels = (Object.keys(VOLUME_SCHEDULES) as (keyof typeof VOLUME_SCHEDULES)[]).map((name) =>
    JSON.stringify(volumeBackupLabels(name, "lab")),
  );
  expect(new Set(labels).size).toBe(labels.length);
  expect(labels).not.toContain(JSON.stringify(volumeBackupLabels(off, "lab")));
});

test("without claims there is nothing, and opt-outs are listed with their reason", () => {
  expect(volumeBackup([], "lab")).toEqual({ schedules: [], policies: [], optedOut: [], problems: [] });
  expect(volumeBackup([claim("cache", off)], "lab")).toMatchObject({
    schedules: [],
    policies: [],
    optedOut: [{ claim: "tools/cache", reason: "caches, made again by the app" }],
  });
});

test("the credentials are where the chart looks", () => {
  expect(VELERO_CREDENTIALS).toEqual({ name: "velero-s3", key: "cloud" });
});

describe("refuses", () => {
  test.each<[string, VolumeClaim[], string]>([
    [
      "a claim twice",
      [claim("a", "daily"), claim("a", "weekly")],
      "claims.tools/a: must be named once: got it twice",
    ],
    [
      "a schedule that there is not",
      [claim("a", "hourly" as "daily")],
      'claims.tools/a.backup: must be one of daily, weekly, or { off: reason }: got "hourly"',
    ],
    [
      "an opt-out without a reason",
      [claim("a", { off: "no" })],
      'claims.tools/a.backup: must say why nobody would miss it, or what saves it instead: got {"off":"no"}',
    ],
  ])("%s", (_, claims, problem) => {
    expect(volumeBackup(claims, "lab")).toEqual({
      schedules: [],
      policies: [],
      optedOut: [],
      problems: [problem],
    });
  });

  test("all at once", () => {
    const { problems } = volumeBackup(
      [claim("a", { off: "" }), claim("b", "hourly" as "daily"), claim("b", off)],
      "lab",
    );
    expect(problems).toHaveLength(3);
  });
});
