/** A provider made up for tests, and stacks that use it. */
import type { KnownSchema } from "../../../labs/contract/provider-schema.ts";
import { judgeStack } from "../../../labs/contract/schema-check.ts";
import type { TerraformJson } from "../../../lib/core/synthesis/terraform-json.ts";

const optional = (type: unknown) => ({ type, optional: true }) as const;

export const LAB = {
  source: "example/lab",
  version: "1.2.3",
  complete: true,
  schema: {
    provider: { block: { attributes: { host: { type: "string", required: true } } } },
    resource_schemas: {
      lab_thing: {
        block: {
          attributes: {
            id: { type: "string", computed: true },
            name: { type: "string", required: true },
            size: optional("number"),
            on: optional("bool"),
            tags: optional(["map", "string"]),
            hosts: optional(["list", "string"]),
            ports: optional(["set", "number"]),
            pair: optional(["object", { left: "string", right: "number" }]),
            any: optional("dynamic"),
            keys: { type: ["object", { cert: "string", key: "string" }], computed: true },
            peers: { type: ["list", ["object", { address: "string" }]], computed: true },
            client: {
              optional: true,
              nested_type: {
                nesting_mode: "single",
                attributes: {
                  cert: { type: "string", required: true },
                  key: { type: "string", optional: true },
                },
              },
            },
            rules: {
              optional: true,
              nested_type: { nesting_mode: "list", attributes: { port: { type: "number", required: true } } },
            },
          },
          block_types: {
            spec: {
              nesting_mode: "list",
              min_items: 1,
              max_items: 1,
              block: {
                attributes: {
                  image: { type: "string", required: true },
                  ip: { type: "string", computed: true },
                },
              },
            },
            port: { nesting_mode: "set", block: { attributes: { number: optional("number") } } },
            timeouts: { nesting_mode: "single", block: { attributes: { create: optional("string") } } },
            zone: { nesting_mode: "map", block: { attributes: { cidr: optional("string") } } },
          },
        },
      },
    },
    data_source_schemas: {
      lab_status: {
        block: {
          attributes: { url: { type: "string", required: true }, code: { type: "number", computed: true } },
        },
      },
    },
  },
} as unknown as KnownSchema;

export const GOOD = { name: "a", spec: { image: "b" } };

export const stackWith = (block: object, more: Partial<TerraformJson> = {}): TerraformJson =>
  ({
    terraform: { required_providers: { lab: { source: "example/lab", version: "1.2.3" } } },
    provider: { lab: [{ host: "h" }] },
    resource: { lab_thing: { it: { ...GOOD, ...block }, other: GOOD } },
    data: { lab_status: { now: { url: "u" } } },
    ...more,
  }) as TerraformJson;

export const judge = (block: object, more: Partial<TerraformJson> = {}) =>
  judgeStack(stackWith(block, more), [LAB]);

export const IT = "lab_thing.it";
