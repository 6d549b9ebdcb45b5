import { TerraformStack, Testing } from "cdktf";
import { expect, test } from "vitest";
import { StorageProvider } from "../../../lib/backup/storage-provider.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";

const synthesized = (endpoint: HttpUrl | null) => {
  const stack = new TerraformStack(Testing.app(), "test");
  new StorageProvider(stack, "aws", { region: "eu-west-3", endpoint });
  const { provider, terraform } = JSON.parse(Testing.synth(stack, true));
  return { provider: provider.aws[0], version: terraform.required_providers.aws.version };
};

test("AWS: nothing but the region, at the version of the bindings", () => {
  expect(synthesized(null)).toEqual({ provider: { region: "eu-west-3" }, version: "6.25.0" });
});

test("MinIO: path style, no call that only AWS answers, and a version from before S3 Control", () => {
  const { provider, version } = synthesized(HttpUrl.parse("http://minio:9000"));
  expect(provider).toEqual({
    region: "eu-west-3",
    endpoints: [{ s3: "http://minio:9000" }],
    s3_use_path_style: true,
    skip_credentials_validation: true,
    skip_metadata_api_check: "true",
    skip_region_validation: true,
    skip_requesting_account_id: true,
  });
  expect(version).toBe("6.22.1");
});

test("one provider's version does not change another's", () => {
  synthesized(HttpUrl.parse("http://minio:9000"));
  expect(synthesized(null).version).toBe("6.25.0");
});
