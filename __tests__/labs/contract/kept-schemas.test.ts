import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  importedTypes,
  keptPart,
  keptProblems,
  readSchemas,
  writeSchema,
} from "../../../labs/contract/kept-schemas.ts";
import type { KnownSchema, ProviderSchema } from "../../../labs/contract/provider-schema.ts";

const TEXTS = [
  'import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";\nimport { P } from "@cdktf/provider-aws/lib/provider";',
  'import { DataHttp } from "@cdktf/provider-http/lib/data-http";',
  'import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";',
];

const described = (description: string) => ({
  block: {
    attributes: { name: { type: "string", required: true, description, description_kind: "plain" } },
    block_types: {
      spec: { nesting_mode: "list", max_items: 1, block: { attributes: {}, description, deprecated: true } },
    },
  },
});

const PRINTED = {
  source: "hashicorp/aws",
  version: "1.0.0",
  complete: true,
  schema: {
    provider: described("provider"),
    resource_schemas: { aws_s3_bucket: described("bucket"), aws_vpc: described("vpc") },
    data_source_schemas: {},
  } as ProviderSchema,
} satisfies KnownSchema;

const directory = (): string => mkdtempSync(join(tmpdir(), "schemas-"));

test("of a provider with bindings of its own, the types that sources import", () => {
  expect(importedTypes(TEXTS, "aws")).toEqual({ resource: ["aws_s3_bucket"], data: ["aws_aws_region"] });
  expect(importedTypes(TEXTS, "http")).toEqual({ resource: [], data: ["http"] });
  expect(importedTypes(TEXTS, "helm")).toEqual({ resource: [], data: [] });
});

test("what is kept is what checks read, and a type a line", () => {
  const part = keptPart(PRINTED, TEXTS);
  expect(JSON.stringify(part)).not.toContain("description");
  expect(Object.keys(part.schema.resource_schemas ?? {})).toEqual(["aws_s3_bucket"]);
  const into = directory();
  writeSchema(into, part);
  expect(readSchemas(into)).toEqual([part]);
  expect(readFileSync(join(into, "hashicorp-aws.json"), "utf8")).toMatch(/^"aws_s3_bucket": /m);
});

test("of a provider bound by hand, all", () => {
  const part = keptPart({ ...PRINTED, source: "siderolabs/talos" }, []);
  expect(Object.keys(part.schema.resource_schemas ?? {})).toEqual(["aws_s3_bucket", "aws_vpc"]);
});

describe("kept otherwise than printed", () => {
  const part = keptPart(PRINTED, TEXTS);
  const changed = (schema: Partial<ProviderSchema>): KnownSchema => ({
    ...part,
    schema: { ...part.schema, ...schema },
  });

  test.each<[string, KnownSchema | undefined, string]>([
    ["nothing", undefined, "hashicorp/aws: no schema is kept"],
    ["another version", { ...part, version: "0.9.0" }, "kept of 0.9.0, the provider is 1.0.0"],
    ["a type is missing", changed({ resource_schemas: {} }), "aws_s3_bucket is kept otherwise"],
    [
      "a type is not imported any more",
      changed({ data_source_schemas: { aws_region: { block: {} } } }),
      "aws_region is kept otherwise",
    ],
    [
      "an argument differs",
      changed({ resource_schemas: { aws_s3_bucket: { block: { attributes: {} } } } }),
      "aws_s3_bucket is kept otherwise",
    ],
    ["the provider differs", changed({ provider: { block: {} } }), "the provider block is kept otherwise"],
  ])("%s", (_, kept, problem) => {
    const problems = keptProblems(kept, part);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
    expect(problems[0]).toContain("npm run homelab -- contract --update-schemas");
  });

  test("nothing differs", () => {
    expect(keptProblems(JSON.parse(JSON.stringify(part)), part)).toEqual([]);
  });
});
