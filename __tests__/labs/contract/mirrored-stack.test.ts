import { expect, test } from "vitest";
import { mirroredStack } from "../../../labs/contract/mirrored-stack.ts";
import { nearbyVersion } from "../../../labs/contract/provider-recipes.ts";
import { addUnpacked, emptyMirror } from "./mirror.ts";

const STACK = {
  terraform: {
    backend: { s3: {} },
    required_providers: {
      helm: { source: "helm", version: "3.1.1" },
      kubectl: { source: "alekc/kubectl", version: "2.4.1" },
    },
  },
  resource: { a_b: { c: {} } },
};

test("the versions of the stack where the mirror has them, sources with their host", () => {
  const mirror = emptyMirror();
  addUnpacked(mirror, "hashicorp/helm", "3.1.1");
  addUnpacked(mirror, "alekc/kubectl", "2.4.1");
  const { json, missing, substituted } = mirroredStack(STACK, mirror);
  expect({ missing, substituted }).toEqual({ missing: [], substituted: [] });
  expect(json).toEqual({
    ...STACK,
    terraform: {
      backend: { s3: {} },
      required_providers: {
        helm: { source: "registry.terraform.io/hashicorp/helm", version: "3.1.1" },
        kubectl: { source: "registry.terraform.io/alekc/kubectl", version: "2.4.1" },
      },
    },
  });
});

test("another version is said, and what is not there too", () => {
  const mirror = emptyMirror();
  addUnpacked(mirror, "hashicorp/helm", "3.2.0");
  const { json, missing, substituted } = mirroredStack(STACK, mirror);
  expect(substituted).toEqual(["hashicorp/helm 3.2.0 in place of 3.1.1"]);
  expect(missing).toEqual(["alekc/kubectl 2.4.1"]);
  expect(json.terraform?.required_providers).toEqual({
    helm: { source: "registry.terraform.io/hashicorp/helm", version: "3.2.0" },
  });
});

test("what a version is known to lack goes out of the provider's block, and is said", () => {
  const source = "alekc/kubectl";
  const nearby = nearbyVersion(source) ?? "";
  const mirror = emptyMirror();
  addUnpacked(mirror, "hashicorp/helm", "3.1.1");
  addUnpacked(mirror, source, nearby);
  const block = { host: "h", lazy_load: true };
  const { json, substituted } = mirroredStack({ ...STACK, provider: { kubectl: [block] } }, mirror);
  expect(json.provider).toEqual({ kubectl: [{ host: "h" }] });
  expect(substituted).toEqual([`alekc/kubectl ${nearby} in place of 2.4.1 without lazy_load`]);

  addUnpacked(mirror, source, "2.4.1");
  expect(mirroredStack({ ...STACK, provider: { kubectl: [block] } }, mirror).json.provider).toEqual({
    kubectl: [block],
  });
});
