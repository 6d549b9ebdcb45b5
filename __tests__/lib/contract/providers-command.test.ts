import { describe, expect, test } from "vitest";
import type { ProviderMirror } from "../../../lib/contract/provider-mirror.ts";
import { providersCommand } from "../../../lib/contract/providers-command.ts";
import type { RunCommand } from "../../../lib/upgrade/command.ts";
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
  args: readonly string[] = [],
  runs: RunCommand = refusing,
  wanted = [HELM, TALOS],
) => {
  const lines: string[] = [];
  const code = await providersCommand(
    args,
    runs,
    mirror,
    () => wanted,
    (line) => lines.push(line),
  );
  return { code, lines };
};

test("all of them there: nothing is asked", async () => {
  const mirror = emptyMirror();
  addUnpacked(mirror, HELM.source, HELM.version);
  addPacked(mirror, TALOS.source, TALOS.version);
  const { code, lines } = await run(mirror, [], async () => {
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
    [],
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
    [],
    async (command, args, options) =>
      command === "terraform"
        ? { code: 0, stdout: "", stderr: "", timedOut: false }
        : refusing(command, args, options),
    [HELM],
  );
  expect(code).toBe(77);
  expect(lines).toContain(
    "left out: provider hashicorp/helm 3.1.1: terraform: says nothing; Go is not installed",
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
      "1 of 2 cannot be had here",
    ]);
  });

  test("OpenTofu, when asked for", async () => {
    const without: RunCommand = async (command, args, options) =>
      command === "tofu"
        ? { code: -1, stdout: "", stderr: "spawn tofu ENOENT", timedOut: false }
        : refusing(command, args, options);
    const { code, lines } = await run(emptyMirror(), ["--opentofu"], without, []);
    expect(code).toBe(77);
    expect(lines.at(-2)).toBe("left out: OpenTofu v1.12.6: Go is not installed");
    expect((await run(emptyMirror(), ["--opentofu"], refusing, [])).code).toBe(0);
  });
});

test("wrong use", async () => {
  const { code, lines } = await run(emptyMirror(), ["--all"]);
  expect(code).toBe(2);
  expect(lines[0]).toContain("usage: npm run providers");
});
