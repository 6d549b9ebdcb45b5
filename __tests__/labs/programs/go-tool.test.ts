import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { providerTool } from "../../../labs/contract/provider-recipes.ts";
import { buildGoTool, type GoTool } from "../../../labs/programs/go-tool.ts";
import { openTofu } from "../../../labs/programs/pinned-tools.ts";
import type { CommandResult, RunCommand } from "../../../lib/core/process/command.ts";

const TOOL: GoTool = {
  module: "example.com/tool",
  version: "v1.2.3",
  package: "cmd/tool",
  variables: { "main.version": "1.2.3" },
};

const answer = (change: Partial<CommandResult> = {}): CommandResult => ({
  code: 0,
  stdout: "",
  stderr: "",
  timedOut: false,
  ...change,
});

interface Go {
  readonly download?: Partial<CommandResult>;
  readonly replace?: object[];
  readonly build?: Partial<CommandResult>;
  readonly writes?: boolean;
}

/** A Go toolchain that knows one module, and what it was asked to build. */
const goWith = ({ download, replace, build, writes = true }: Go) => {
  const asked: { args: readonly string[]; module: string }[] = [];
  const own = join(mkdtempSync(join(tmpdir(), "go-")), "tool.mod");
  writeFileSync(own, "module example.com/tool\n\ngo 1.26.0\n");
  const run: RunCommand = async (_, args, { directory = "" }) => {
    if (args[1] === "download") return answer(download ?? { stdout: JSON.stringify({ GoMod: own }) });
    if (args[1] === "edit") return answer({ stdout: JSON.stringify({ Replace: replace ?? null }) });
    asked.push({ args, module: readFileSync(join(directory, "go.mod"), "utf8") });
    if (writes && !build) writeFileSync(args[args.indexOf("-o") + 1] ?? "", "program");
    return answer(build);
  };
  return { run, asked };
};

const output = (): string => join(mkdtempSync(join(tmpdir(), "bin-")), "deep", "tool");

test("the module is only required, with its own language version, replacements and variables", async () => {
  const { run, asked } = goWith({
    replace: [{ Old: { Path: "a.b/c", Version: "v1.0.0" }, New: { Path: "d.e/f", Version: "v2.0.0" } }],
  });
  const path = output();
  expect(await buildGoTool(run, TOOL, path)).toBeUndefined();
  expect(readFileSync(path, "utf8")).toBe("program");
  expect(asked[0]?.module.split(/\n+/).filter(Boolean)).toEqual([
    "module scratch",
    "go 1.26.0",
    "require example.com/tool v1.2.3",
    "replace a.b/c v1.0.0 => d.e/f v2.0.0",
  ]);
  expect(asked[0]?.args).toEqual(expect.arrayContaining(["-ldflags=-s -w -X main.version=1.2.3"]));
  expect(asked[0]?.args.at(-1)).toBe("example.com/tool/cmd/tool");
});

test("a directory gives way to what is published, where the tool says at which version", async () => {
  const { run, asked } = goWith({
    replace: [
      { Old: { Path: "k8s.io/api" }, New: { Path: "./staging/src/k8s.io/api" } },
      { Old: { Path: "a.b/c" }, New: { Path: "../c" } },
    ],
  });
  const published = (module: string) => (module.startsWith("k8s.io/") ? "v0.2.3" : undefined);
  expect(await buildGoTool(run, { ...TOOL, published }, output())).toBeUndefined();
  expect(asked[0]?.module).toContain("replace k8s.io/api => k8s.io/api v0.2.3\n");
  expect(asked[0]?.module).not.toContain("a.b/c");
});

test("a module is taken from its own place where the tool says at which version", async () => {
  const { run, asked } = goWith({
    replace: [
      { Old: { Path: "a.b/c" }, New: { Path: "fork.of/c", Version: "v9.0.0" } },
      { Old: { Path: "example.com/tool/part" }, New: { Path: "./part" } },
    ],
  });
  const instead = { "a.b/c": "v1.1.0", "example.com/tool/part": "v1.2.3", "g.h/i": "v0.1.0" };
  expect(await buildGoTool(run, { ...TOOL, instead }, output())).toBeUndefined();
  expect(asked[0]?.module.match(/^replace .*/gm)).toEqual([
    "replace a.b/c => a.b/c v1.1.0",
    "replace example.com/tool/part => example.com/tool/part v1.2.3",
    "replace g.h/i => g.h/i v0.1.0",
  ]);
});

const REFUSED =
  "example.com/tool@v1.2.3: reading https://proxy.example/example.com/tool/@v/v1.2.3.info: 403 Forbidden\n\tserver response: no";

describe("says why there is no program, and leaves none", () => {
  test.each<[string, Go, string]>([
    [
      "refused by the proxy",
      { download: { code: 1, stdout: JSON.stringify({ Error: REFUSED }) } },
      "the Go module proxy answers 403 Forbidden: example.com/tool@v1.2.3",
    ],
    ["no Go", { download: { code: -1, stderr: "spawn go ENOENT" } }, "Go is not installed"],
    [
      "a directory in its place",
      { replace: [{ Old: { Path: "a.b/c" }, New: { Path: "../c" } }] },
      "replaces a.b/c by a directory, ../c",
    ],
    [
      "a part that is refused",
      { build: { code: 1, stderr: `x.go:1:2: a.b/c@v1.0.0: reading https://p/x.zip: 403 Forbidden\n\tno` } },
      "the Go module proxy answers 403 Forbidden: a.b/c@v1.0.0",
    ],
    [
      "an error",
      { build: { code: 1, stderr: "x.go:1:2: undefined: y\n" } },
      "Go says: x.go:1:2: undefined: y",
    ],
    ["too slow", { build: { code: -1, timedOut: true } }, "Go took too long"],
    ["a library", { writes: false }, "was built, and is no program"],
  ])("%s", async (_, go, reason) => {
    const path = output();
    expect(await buildGoTool(goWith(go).run, TOOL, path)).toBe(reason);
    expect(existsSync(path)).toBe(false);
  });
});

describe("recipes", () => {
  test("a release whose module path lacks its major version is had by commit", () => {
    expect(providerTool("hashicorp/kubernetes", "2.38.0")).toEqual({
      module: "github.com/hashicorp/terraform-provider-kubernetes",
      version: expect.stringMatching(/^v0\.0\.0-\d{14}-[0-9a-f]{12}$/),
      variables: { "main.Version": "2.38.0" },
    });
  });

  test("unknown versions and providers are named", () => {
    expect(providerTool("hashicorp/helm", "9.9.9")).toContain("only for 3.1.1");
    expect(providerTool("hashicorp/aws", "6.22.1")).toBe("no recipe to build it from Go modules");
  });

  test("OpenTofu does not say that it is a development version", () => {
    expect(openTofu.variables).toEqual({ "github.com/opentofu/opentofu/version.dev": "no" });
  });
});
