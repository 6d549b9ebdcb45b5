import { describe, expect, test } from "vitest";
import { HttpUrl } from "../../../../lib/core/values/http-url.ts";
import {
  bucketArn,
  bucketProblems,
  endpointProblems,
  prefixProblems,
} from "../../../../lib/core/values/s3-location.ts";

describe("bucket", () => {
  test.each(["abc", "vixens-prod-backup", "0a0", "a".repeat(63)])("takes %j", (bucket) => {
    expect(bucketProblems(bucket)).toEqual([]);
  });

  test.each([
    "",
    "ab",
    "a".repeat(64),
    "Upper",
    "under_score",
    "-dash",
    "dash-",
    "with.dot",
    "192.168.0.1",
    "xn--punycode",
    "sthree-x",
    "mine-s3alias",
    "mine--ol-s3",
  ])("refuses %j", (bucket) => {
    expect(bucketProblems(bucket)).toEqual([expect.stringMatching(/^bucket: must .*: got /)]);
  });
});

describe("prefix", () => {
  test.each(["etcd", "vixens/etcd", "a.b/c_d-1"])("takes %j", (prefix) => {
    expect(prefixProblems(prefix)).toEqual([]);
  });

  test.each(["", "/etcd", "etcd/", "a//b", "..", "a/../b", "etcd/*", "a b", "$x", "a".repeat(201)])(
    "refuses %j",
    (prefix) => {
      expect(prefixProblems(prefix)).toEqual([expect.stringMatching(/^prefix: must be names joined/)]);
    },
  );
});

describe("endpoint", () => {
  test.each([
    "http://synelia.internal.truxonline.com:9000",
    "https://s3.example.org",
    "http://192.0.2.1:9000",
  ])("takes %j", (endpoint) => {
    expect(endpointProblems(HttpUrl.parse(endpoint))).toEqual([]);
  });

  test.each(["https://s3.example.org/", "https://s3.example.org/bucket"])("refuses %j", (endpoint) => {
    expect(endpointProblems(HttpUrl.parse(endpoint))).toEqual([
      expect.stringMatching(/^endpoint: must be http/),
    ]);
  });

  test("needs none on AWS", () => {
    expect(endpointProblems(null)).toEqual([]);
  });
});

test.each([
  ["us-east-1", null, "arn:aws:s3:::b"],
  ["cn-north-1", null, "arn:aws-cn:s3:::b"],
  ["us-gov-west-1", null, "arn:aws-us-gov:s3:::b"],
  ["cn-north-1", "http://minio:9000", "arn:aws:s3:::b"],
])("a bucket in %s at %j is %s", (region, endpoint, arn) => {
  expect(bucketArn("b", region, endpoint === null ? null : HttpUrl.parse(endpoint))).toBe(arn);
});
