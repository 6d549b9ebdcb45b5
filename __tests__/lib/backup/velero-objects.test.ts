import { expect, test } from "vitest";
import {
  BackupStorageLocation,
  type BackupStorageLocationProps,
  VeleroSchedule,
  type VeleroScheduleProps,
} from "../../../lib/backup/velero-objects.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";

const schedule: VeleroScheduleProps = {
  name: "volumes-daily",
  namespace: "velero",
  schedule: "0 2 * * *",
  keepDays: 30,
  includedNamespaces: ["media"],
  storageLocation: "default",
  resourcePolicy: "volumes-daily",
};
const location: BackupStorageLocationProps = {
  name: "default",
  namespace: "velero",
  bucket: "vixens-prod-velero",
  region: "us-east-1",
  endpoint: HttpUrl.parse("http://192.168.111.69:9000"),
  credential: { name: "velero-s3", key: "cloud" },
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

test("a location on MinIO is reached by path; on AWS as it comes", () => {
  const config = (endpoint: HttpUrl | null) =>
    new BackupStorageLocation({ ...location, endpoint }).spec.config;
  expect(config(location.endpoint)).toEqual({
    region: "us-east-1",
    s3Url: "http://192.168.111.69:9000",
    s3ForcePathStyle: "true",
    checksumAlgorithm: "",
  });
  expect(config(null)).toEqual({ region: "us-east-1" });
  expect(JSON.parse(JSON.stringify(new BackupStorageLocation(location)))).toMatchObject({
    kind: "BackupStorageLocation",
    spec: {
      provider: "aws",
      objectStorage: { bucket: "vixens-prod-velero" },
      credential: location.credential,
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

test.each<[Partial<BackupStorageLocationProps>, string]>([
  [{ bucket: "B" }, "spec.objectStorage.bucket: must be 3 to 63"],
  [{ endpoint: HttpUrl.parse("http://minio:9000/x") }, "spec.config.s3Url: endpoint: must be http"],
  [{ region: "" }, 'spec.config.region: must not be empty: got ""'],
  [{ bucket: "B", region: "" }, "; spec.config.region"],
])("refuses a location with %j", (wrong, problem) => {
  expect(() => new BackupStorageLocation({ ...location, ...wrong }).validate()).toThrow(problem);
});
