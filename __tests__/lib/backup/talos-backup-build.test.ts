import { describe, expect, test } from "vitest";
import { TALOS_BACKUP_BUILDS, talosBackupImage } from "../../../lib/backup/talos-backup-build.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";

const DIGEST = `@sha256:${"0".repeat(64)}`;
const REPOSITORY = "ghcr.io/siderolabs/talos-backup";
const settings = {
  bucket: "b",
  region: "us-east-1",
  endpoint: HttpUrl.parse("http://minio:9000"),
  prefix: "etcd",
  clusterName: "vixens",
  recipients: ["age1x"],
  compression: false,
};
const beta3 = TALOS_BACKUP_BUILDS["v0.1.0-beta.3"];
const later = TALOS_BACKUP_BUILDS["v0.1.0-beta.3-2-g0b3984d"];

describe("v0.1.0-beta.3", () => {
  test("turns path style on for an endpoint by its inverted variable", () => {
    expect(beta3.environment(settings)).toEqual({
      BUCKET: "b",
      AWS_REGION: "us-east-1",
      S3_PREFIX: "etcd",
      CLUSTER_NAME: "vixens",
      CUSTOM_S3_ENDPOINT: "http://minio:9000",
      AGE_X25519_PUBLIC_KEY: "age1x",
      USE_PATH_STYLE: "false",
      AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
    });
  });

  test("on AWS sets nothing about the endpoint", () => {
    expect(Object.keys(beta3.environment({ ...settings, endpoint: null })).sort()).toEqual([
      "AGE_X25519_PUBLIC_KEY",
      "AWS_REGION",
      "BUCKET",
      "CLUSTER_NAME",
      "S3_PREFIX",
    ]);
  });

  test("has no compression and one recipient", () => {
    expect(beta3).toMatchObject({ compression: false, maxRecipients: 1 });
    expect(beta3.environment(settings)).not.toHaveProperty("ENABLE_COMPRESSION");
    expect(beta3.suffix()).toBe(".snap.age");
  });
});

test("the build after it compresses and knows no path style", () => {
  const environment = later.environment({ ...settings, compression: true });
  expect(environment).toMatchObject({ ENABLE_COMPRESSION: "true", CUSTOM_S3_ENDPOINT: "http://minio:9000" });
  expect(environment).not.toHaveProperty("USE_PATH_STYLE");
  expect(later.suffix({ compression: true })).toBe(".snap.zst.age");
  expect(later.suffix({ compression: false })).toBe(".snap.age");
});

test("no build can be told to leave out the encryption", () => {
  for (const build of Object.values(TALOS_BACKUP_BUILDS)) {
    for (const compression of [false, true]) {
      for (const endpoint of [null, settings.endpoint]) {
        expect(build.environment({ ...settings, compression, endpoint })).not.toHaveProperty(
          "DISABLE_ENCRYPTION",
        );
      }
    }
  }
});

describe("an image", () => {
  test("is known by its tag", () => {
    expect(talosBackupImage(`${REPOSITORY}:v0.1.0-beta.3${DIGEST}`)).toEqual({ build: beta3, problems: [] });
    expect(talosBackupImage(`registry:5000/talos-backup:v0.1.0-beta.3${DIGEST}`)).toMatchObject({
      problems: [],
    });
  });

  test("without a tag is known by its named build, which wins over a tag", () => {
    expect(talosBackupImage(`${REPOSITORY}${DIGEST}`, "v0.1.0-beta.3")).toEqual({
      build: beta3,
      problems: [],
    });
    expect(talosBackupImage(`${REPOSITORY}:main${DIGEST}`, "v0.1.0-beta.3-2-g0b3984d").build).toBe(later);
  });

  test.each([
    [`${REPOSITORY}:v0.1.0-beta.3`, "must be pinned by digest"],
    [`${REPOSITORY}:latest`, "must be pinned by digest"],
    [`${REPOSITORY}@sha256:${"0".repeat(63)}`, "must be pinned by digest"],
    [`${REPOSITORY}@sha256:${"G".repeat(64)}`, "must be pinned by digest"],
    ["", "must be pinned by digest"],
    [`${REPOSITORY}:latest${DIGEST}`, "must be a build whose variables are known (v0.1.0-beta.3,"],
    [`${REPOSITORY}${DIGEST}`, "got no tag"],
    [`${REPOSITORY}:toString${DIGEST}`, "got toString"],
  ])("refuses %j", (image, rule) => {
    expect(talosBackupImage(image).problems).toEqual([expect.stringContaining(`image: `)]);
    expect(talosBackupImage(image).problems[0]).toContain(rule);
  });
});
