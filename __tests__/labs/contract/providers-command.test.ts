import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ProviderMirror } from "../../../labs/contract/provider-mirror.ts";
import { nearbyVersion } from "../../../labs/contract/provider-recipes.ts";
import { providersCommand } from "../../../labs/contract/providers-command.ts";
import type { RunCommand } from "../../../lib/core/process/command.ts";
import { addPacked, addUnpacked, emptyMirror } from "./mirror.ts";

const HELM = { source: "hashicorp/helm", version: "3.1.1" };
const TALOS = { source: "siderolabs/talos", version: "0.11.0" };

const NO_HOST = `
\u001b[31m╷\u001b[0m
\u001b[31m│\u001b[0m \u001b[1mError: \u001b[0mProvider not available
\u001b[31m│\u001b[0m Failed to download it from its origin registry: could not
\u001b[31m│\u001b[0m connect: Get "https://registry.example/x.json": no such host.
\u001b[31m╵\u001b[0m
Error: another one`;

const refusing: RunCommand = async (command, args) => {
  if (command === "go") return { code: -1, stdout: "", stderr: "spawn go ENOENT", timedOut: false };
  return { code: args[0] === "version" ? 0 : 1, stdout: "", stderr: NO_HOST, timedOut: false };
};

const run = async (
  mirror: ProviderMirror,
  opentofu = false,
  runs: RunCommand = refusing,
  wanted = [HELM, TALOS],
) => {
  const lines: string[] = [];
  const code = await providersCommand(opentofu, runs, mirror, () => wanted, {
    out: (line) => lines.push(line),
    err: () => {},
  });
  return { code, lines };
};

test("all of them there: nothing is asked", async () => {
  const mirror = emptyMirror();
  addUnpacked(mirror, HELM.source, HELM.version);
  addPacked(mirror, TALOS.source, TALOS.version);
  const { code, lines } = await run(mirror, false, async () => {
    throw new Error("asked");
  });
  expect(code).toBe(0);
  expect(lines).toEqual(
    expect.arrayContaining(["hashicorp/helm 3.1.1: was there", "siderolabs/talos 0.11.0: was there"]),
  );
});

test("what the registry gives is there", async () => {
  const mirror = emptyMirror();
  const { code, lines } = await run(
    mirror,
    false,
    async (command, args, options) => {
      if (command === "terraform") addPacked(mirror, HELM.source, HELM.version);
      return refusing(command, args, options);
    },
    [HELM],
  );
  expect(code).toBe(0);
  expect(lines).toContain("hashicorp/helm 3.1.1: from its registry");
});

test("a registry that says yes and gives nothing does not count", async () => {
  const { code, lines } = await run(
    emptyMirror(),
    false,
    async (command, args, options) =>
      command === "terraform"
        ? { code: 0, stdout: "", stderr: "", timedOut: false }
        : refusing(command, args, options),
    [HELM],
  );
  expect(code).toBe(77);
  expect(lines).toContain(
    `left out: provider hashicorp/helm 3.1.1: terraform: says nothing; Go is not installed; ${nearbyVersion(HELM.source)}: Go is not installed`,
  );
});

describe("what cannot be had", () => {
  test("is named, each with its reasons, and the rest is obtained", async () => {
    const mirror = emptyMirror();
    addUnpacked(mirror, HELM.source, HELM.version);
    const { code, lines } = await run(mirror);
    expect(code).toBe(77);
    expect(lines).toContain("hashicorp/helm 3.1.1: was there");
    expect(lines.slice(-2)).toEqual([
      "left out: provider siderolabs/talos 0.11.0: terraform: could not connect: Get no such host.; Go is not installed",
      "1 of 2 cannot be had here as pinned",
    ]);
  });

  /** A Go that has no release, but the commit that is built in its place. */
  const goWithout = (mirror: ProviderMirror, nearby: string) => {
    const asked: string[] = [];
    const run: RunCommand = async (command, args, options) => {
      if (command !== "go") return refusing(command, args, options);
      const answer = { code: 0, stdout: "{}", stderr: "", timedOut: false };
      if (args[1] === "download") {
        const [, , , wanted = ""] = args;
        asked.push(wanted);
        const own = join(options.directory ?? "", "own.mod");
        writeFileSync(own, "module m\n\ngo 1.26.0\n");
        const told = wanted.includes("-0.2026") ? { GoMod: own } : { Error: "m@v1: x: 403 Forbidden" };
        return { ...answer, stdout: JSON.stringify(told) };
      }
      if (args[0] === "build") writeFileSync(args[args.indexOf("-o") + 1] ?? "", "program");
      return answer;
    };
    return { run, asked, program: mirror.programOf(HELM.source, nearby) };
  };

  test("gives way to a version nearby, which is built once and never taken for it", async () => {
    const mirror = emptyMirror();
    const nearby = nearbyVersion(HELM.source) ?? "";
    const go = goWithout(mirror, nearby);
    const { code, lines } = await run(mirror, false, go.run, [HELM]);
    expect(code).toBe(77);
    expect(lines).toContainEqual(
      expect.stringMatching(
        new RegExp(`^left out: provider hashicorp/helm 3\\.1\\.1: .*403.*; ${nearby} is there instead$`),
      ),
    );
    expect(existsSync(go.program)).toBe(true);
    expect(mirror.offers(HELM.source, HELM.version)).toBe(false);
    await run(mirror, false, go.run, [HELM]);
    expect(go.asked.filter((each) => each.includes("-0.2026"))).toHaveLength(1);
  });

  test("OpenTofu, when asked for", async () => {
    const without: RunCommand = async (command, args, options) =>
      command === "tofu"
        ? { code: -1, stdout: "", stderr: "spawn tofu ENOENT", timedOut: false }
        : refusing(command, args, options);
    const { code, lines } = await run(emptyMirror(), true, without, []);
    expect(code).toBe(77);
    expect(lines.at(-2)).toBe("left out: OpenTofu v1.12.6: Go is not installed");
    expect((await run(emptyMirror(), true, refusing, [])).code).toBe(0);
  });
});
