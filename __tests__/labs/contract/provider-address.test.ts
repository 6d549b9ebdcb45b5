import { expect, test } from "vitest";
import { ProviderAddress } from "../../../labs/contract/provider-address.ts";

test.each([
  ["helm", "registry.terraform.io", "hashicorp", "helm", "hashicorp/helm"],
  ["alekc/kubectl", "registry.terraform.io", "alekc", "kubectl", "alekc/kubectl"],
  ["registry.terraform.io/hashicorp/helm", "registry.terraform.io", "hashicorp", "helm", "hashicorp/helm"],
  ["example.com/lab/thing", "example.com", "lab", "thing", "example.com/lab/thing"],
])("%s", (source, host, namespace, type, short) => {
  const address = ProviderAddress.parse(source);
  expect(address).toMatchObject({ host, namespace, type });
  expect(String(address)).toBe(short);
});

test.each(["", "a/b/c/d", "alekc/", "../kubectl", "Alekc/kubectl", "a b"])("refuses %j", (source) => {
  expect(() => ProviderAddress.parse(source)).toThrow(
    `provider source: must be [[host/]namespace/]type: got ${JSON.stringify(source)}`,
  );
});
