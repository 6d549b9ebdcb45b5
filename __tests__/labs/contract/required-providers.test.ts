import { expect, test } from "vitest";
import { pinnedProviders, requiredProviders } from "../../../labs/contract/required-providers.ts";

const stack = (required_providers: object) => ({ terraform: { required_providers } });

test("short sources and missing ones are Terraform's own", () => {
  expect(
    requiredProviders(stack({ helm: { source: "helm", version: "3.1.1" }, http: { version: "1.0.0" } })),
  ).toEqual([
    { localName: "helm", source: "hashicorp/helm", version: "3.1.1" },
    { localName: "http", source: "hashicorp/http", version: "1.0.0" },
  ]);
  expect(requiredProviders({})).toEqual([]);
});

test("each version once, by address", () => {
  const stacks = [
    stack({ k: { source: "alekc/kubectl", version: "2.4.1" } }),
    stack({ kubectl: { source: "registry.terraform.io/alekc/kubectl", version: "2.4.1" } }),
    stack({ aws: { source: "aws", version: "6.22.1" } }),
    stack({ aws: { source: "aws", version: "6.25.0" } }),
  ];
  expect(pinnedProviders(stacks)).toEqual([
    { source: "alekc/kubectl", version: "2.4.1" },
    { source: "hashicorp/aws", version: "6.22.1" },
    { source: "hashicorp/aws", version: "6.25.0" },
  ]);
});
