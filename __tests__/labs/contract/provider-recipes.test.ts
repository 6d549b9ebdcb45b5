import { expect, test } from "vitest";
import { nearbyVersion, providerTool } from "../../../labs/contract/provider-recipes.ts";

const SOURCES = ["hashicorp/kubernetes", "hashicorp/helm", "hashicorp/http", "alekc/kubectl"];

test.each(SOURCES)("%s: a version nearby is called after the commit that is built", (source) => {
  const version = nearbyVersion(source) ?? "";
  const [, time = "no time"] = /^\d+\.\d+\.\d+-0\.(\d{14})$/.exec(version) ?? [];
  expect(providerTool(source, version)).toMatchObject({
    version: expect.stringMatching(new RegExp(`[.-]${time}-[0-9a-f]{12}$`)),
  });
});

test("a version that nobody wrote down is no tool", () => {
  expect(providerTool("hashicorp/helm", "0.0.1")).toMatch(/^no recipe for this version/);
  expect(providerTool("hashicorp/unknown", "1.0.0")).toBe("no recipe to build it from Go modules");
  expect(nearbyVersion("siderolabs/talos")).toBeUndefined();
});
