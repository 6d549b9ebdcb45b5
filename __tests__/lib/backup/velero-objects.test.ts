import { expect, test } from "vitest";
import { VeleroSchedule, type VeleroScheduleProps } from "../../../lib/backup/velero-objects.ts";

const schedule: VeleroScheduleProps = {
  name: "volumes-daily",
  namespace: "velero",
  schedule: "0 2 * * *",
  keepDays: 30,
  includedNamespaces: ["media"],
  storageLocation: "default",
  resourcePolicy: "volumes-daily",
};

test("a schedule, with fields of the CRD alone", () => {
  const object = new VeleroSchedule(schedule);
  expect(() => object.validate()).not.toThrow();
  expect(JSON.parse(JSON.stringify(object))).toEqual({
    apiVersion: "velero.io/v1",
    kind: "Schedule",
    metadata: { name: "volumes-daily", namespace: "velero" },
    spec: {
      schedule: "0 2 * * *",
      useOwnerReferencesInBackup: false,
      template: {
        ttl: "720h0m0s",
        storageLocation: "default",
        includedNamespaces: ["media"],
        defaultVolumesToFsBackup: false,
        snapshotVolumes: false,
        resourcePolicy: { kind: "configmap", name: "volumes-daily" },
      },
    },
  });
});

test.each<[Partial<VeleroScheduleProps>, string]>([
  [{ name: "Volumes" }, 'metadata.name: must be a DNS label: got "Volumes"'],
  [{ schedule: "@daily" }, 'spec.schedule: must be a cron schedule of five fields: got "@daily"'],
  [{ keepDays: 0 }, 'spec.template.ttl: must be whole days from 1 on: got "0h0m0s"'],
  [{ keepDays: 0.3 }, "spec.template.ttl: must be whole days"],
  [{ includedNamespaces: [] }, "spec.template.includedNamespaces: must name at least one namespace: got []"],
  [{ includedNamespaces: ["*"] }, 'spec.template.includedNamespaces: must be DNS labels: got "*"'],
])("refuses a schedule with %j", (wrong, problem) => {
  expect(() => new VeleroSchedule({ ...schedule, ...wrong }).validate()).toThrow(problem);
});
