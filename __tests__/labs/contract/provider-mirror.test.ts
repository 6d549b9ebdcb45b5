import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import {
  openTofuProgram,
  PROVIDER_PLATFORM,
  ProviderMirror,
} from "../../../labs/contract/provider-mirror.ts";
import { addPacked, addUnpacked, emptyMirror } from "./mirror.ts";

describe("where it is", () => {
  test.each([
    [{ TERRAFORM_PROVIDER_MIRROR: "/srv/mirror", XDG_CACHE_HOME: "/c" }, "/srv/mirror"],
    [{ XDG_CACHE_HOME: "/c" }, "/c/terravixens/provider-mirror"],
    [{ TERRAVIXENS_CACHE: "/t", XDG_CACHE_HOME: "/c" }, "/t/provider-mirror"],
    [{}, "/home/me/.cache/terravixens/provider-mirror"],
    [{ TERRAFORM_PROVIDER_MIRROR: "", XDG_CACHE_HOME: "" }, "/home/me/.cache/terravixens/provider-mirror"],
  ])("%j", (variables, directory) => {
    expect(ProviderMirror.ofMachine(variables, "/home/me").directory).toBe(directory);
  });

  test("OpenTofu lies beside it", () => {
    expect(openTofuProgram(new ProviderMirror("/c/terravixens/provider-mirror"))).toBe(
      "/c/terravixens/bin/tofu",
    );
  });

  test("the command line is told to look nowhere else", () => {
    expect(new ProviderMirror('/a "b"').cliConfiguration()).toBe(
      'provider_installation {\n  filesystem_mirror {\n    path = "/a \\"b\\""\n  }\n}\n',
    );
  });
});

describe("what it has", () => {
  test("both layouts, oldest version first", () => {
    const mirror = emptyMirror();
    addUnpacked(mirror, "hashicorp/helm", "3.10.0");
    addPacked(mirror, "hashicorp/helm", "3.9.0");
    expect(mirror.versions("helm")).toEqual(["3.9.0", "3.10.0"]);
    expect(mirror.offers("hashicorp/helm", "3.9.0")).toBe(true);
    expect(mirror.offers("hashicorp/helm", "3.9")).toBe(false);
  });

  test("not what is for another machine, unfinished, or not there", () => {
    const mirror = emptyMirror();
    addPacked(mirror, "hashicorp/helm", "3.9.0", "plan9_mips");
    mkdirSync(dirname(mirror.programOf("hashicorp/helm", "3.10.0")), { recursive: true });
    addPacked(mirror, "hashicorp/aws", "6.0.0");
    const { directory } = mirror;
    const zip = `${directory}/registry.terraform.io/hashicorp/aws/terraform-provider-aws_6.0.0_${PROVIDER_PLATFORM}.zip`;
    expect(mirror.versions("hashicorp/aws")).toEqual(["6.0.0"]);
    writeFileSync(zip, "PK\x03\x04 and then the line was cut");
    expect(mirror.versions("hashicorp/aws")).toEqual([]);
    expect(mirror.versions("hashicorp/helm")).toEqual([]);
    expect(mirror.versions("hashicorp/http")).toEqual([]);
    expect(new ProviderMirror("/nowhere").versions("helm")).toEqual([]);
  });
});

describe("nearest", () => {
  test.each([
    [["3.1.1", "3.2.0"], "3.1.1", { version: "3.1.1", exact: true }],
    [["3.0.0", "3.2.0", "4.0.0"], "3.1.1", { version: "3.2.0", exact: false }],
    [["1.0.0", "2.0.0"], "3.1.1", { version: "2.0.0", exact: false }],
    [[], "3.1.1", undefined],
  ])("%j for %s", (versions, version, nearest) => {
    const mirror = emptyMirror();
    for (const each of versions) addUnpacked(mirror, "hashicorp/helm", each);
    expect(mirror.nearest("hashicorp/helm", version)).toEqual(nearest);
  });
});
