/** The whole run with programs that are doubles: what is left out is named, and whatever breaks fails it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { Checks } from "../../../labs/checks.ts";
import { type ContractProps, runContract } from "../../../labs/contract/contract.ts";
import { pinnedProviders } from "../../../labs/contract/required-providers.ts";
import type { CommandResult, RunCommand } from "../../../lib/core/process/command.ts";
import type { TerraformJson } from "../../../lib/core/synthesis/terraform-json.ts";
import { schemas } from "../../schemas.ts";
import { environments, homelab } from "../../stacks/homelab.ts";
import { addUnpacked, emptyMirror } from "./mirror.ts";

const ENVIRONMENTS = environments();
const { stacks } = homelab();

const answer = (change: Partial<CommandResult> = {}): CommandResult => ({
  code: 0,
  stdout: "",
  stderr: "",
  timedOut: false,
  ...change,
});
const absent = answer({ code: -1, stderr: "ENOENT" });

const NOTHING: RunCommand = async () => absent;

const fullMirror = () => {
  const mirror = emptyMirror();
  for (const { source, version } of pinnedProviders(stacks.values())) addUnpacked(mirror, source, version);
  return mirror;
};

/** The message of a provider that is started by hand. */
const PLUGIN = "This binary is a plugin. These are not meant to be executed directly.";

/** A Terraform that says this to a command, and is content otherwise. */
const terraform =
  (says: Readonly<Record<string, Partial<CommandResult>>> = {}): RunCommand =>
  async (command, args, { directory = "" }) => {
    if (command === "openssl") {
      for (const file of ["-keyout", "-out"]) writeFileSync(args[args.indexOf(file) + 1] ?? "", "PEM");
      return answer();
    }
    if (basename(command).startsWith("terraform-provider-"))
      return says[basename(command)] ? answer({ code: -1 }) : answer({ code: 1, stderr: PLUGIN });
    if (command !== "terraform") return absent;
    const [what = ""] = args;
    const said = says[what];
    if (said) return answer(said);
    if (what === "version") return answer({ stdout: '{"terraform_version":"1.11.4"}' });
    if (what === "validate") return answer({ stdout: '{"diagnostics":[]}' });
    if (what === "providers") return answer({ stdout: JSON.stringify(printed) });
    mkdirSync(directory, { recursive: true });
    return answer({ stdout: "{}" });
  };

const printed = {
  provider_schemas: Object.fromEntries(
    schemas.map(({ source, schema }) => [`registry.terraform.io/${source}`, schema]),
  ),
};

const run = async (change: Partial<ContractProps> = {}) => {
  const lines: string[] = [];
  const checks = new Checks("contract", () => undefined);
  await runContract({
    run: NOTHING,
    mirror: emptyMirror(),
    stacks,
    environments: ENVIRONMENTS,
    kept: schemas,
    keptIn: mkdtempSync(join(tmpdir(), "kept-")),
    sources: [],
    updateSchemas: false,
    checks,
    ...change,
  });
  const ok = checks.report((line) => lines.push(line)) === 0;
  return { ok, lines, text: lines.join("\n") };
};

const changed = (name: string, change: (stack: TerraformJson) => TerraformJson) => {
  const copy = new Map(stacks);
  copy.set(name, change(structuredClone(stacks.get(name) ?? {})));
  return copy;
};

describe("on a machine with nothing", () => {
  test("stacks are judged by the kept schemas, and the rest is named with its reason", async () => {
    const { ok, lines } = await run();
    expect(ok).toBe(true);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^passed +0\.0 s {2}dev-platform: \d+ blocks by the kept schemas$/),
        "left out: contract: terraform: not installed",
        "left out: contract: tofu: not installed: npm run homelab -- providers --opentofu",
        "left out: contract: dev-cluster: validate and plan: the mirror lacks siderolabs/talos 0.11.0: npm run homelab -- providers",
        "left out: contract: machine configurations before Talos' validation: Go is not installed",
      ]),
    );
  });

  test("a broken argument fails", async () => {
    const broken = changed("dev-cluster", (stack) => {
      for (const block of Object.values(stack.resource?.talos_machine_configuration_apply ?? {}))
        Object.assign(block, { apply_mod: "auto" });
      return stack;
    });
    const { ok, text } = await run({ stacks: broken });
    expect(ok).toBe(false);
    expect(text).toContain("apply_mod: no such argument");
  });

  test("a provider of which no schema is kept fails", async () => {
    const kept = schemas.filter(({ source }) => source !== "siderolabs/talos");
    const { ok, text } = await run({ kept });
    expect(ok).toBe(false);
    expect(text).toContain("siderolabs/talos 0.11.0: no schema at hand");
  });

  test("a broken reference between stacks fails", async () => {
    const broken = changed("prod-cluster", ({ output: _, ...stack }) => stack);
    const { ok, text } = await run({ stacks: broken });
    expect(ok).toBe(false);
    expect(text).toContain("reads an output that prod-cluster does not have");
  });
});

describe("with Terraform and every provider", () => {
  test("what validate says fails", async () => {
    const diagnostics = [
      { severity: "error", summary: "Unsupported argument", detail: "No.", address: "a.b" },
    ];
    const validate = { code: 1, stdout: JSON.stringify({ diagnostics }) };
    const { ok, text } = await run({ run: terraform({ validate }), mirror: fullMirror() });
    expect(ok).toBe(false);
    expect(text).toMatch(
      /^failed +0\.0 s {2}terraform 1\.11\.4: dev-apps: init and validate: a\.b: Unsupported argument: No\.$/m,
    );
  });

  test("a validate that fails without a word fails", async () => {
    const { text } = await run({
      run: terraform({ validate: { code: 1, stdout: "{}" } }),
      mirror: fullMirror(),
    });
    expect(text).toMatch(/^failed +0\.0 s {2}terraform 1\.11\.4: dev-apps: init and validate: ended with 1/m);
  });

  test("a provider that cannot be installed fails", async () => {
    const init = { code: 1, stderr: "╷\n│ Error: Failed to query\n│ not found\n╵" };
    const { text } = await run({ run: terraform({ init }), mirror: fullMirror() });
    expect(text).toMatch(
      /^failed +0\.0 s {2}terraform 1\.11\.4: dev-apps: init and validate: Failed to query not found$/m,
    );
    expect(text).toMatch(/^failed +0\.0 s {2}schemas of the real providers: /m);
  });

  test("a plan that lacks a resource, or does something else, fails", async () => {
    const [address] = Object.keys(stacks.get("dev-backup")?.resource?.aws_s3_bucket ?? {});
    const change = { address: `aws_s3_bucket.${address}`, mode: "managed", change: { actions: ["update"] } };
    const show = { stdout: JSON.stringify({ resource_changes: [change] }) };
    const { ok, text } = await run({ run: terraform({ show }), mirror: fullMirror() });
    expect(ok).toBe(false);
    expect(text).toContain(`aws_s3_bucket.${address}: must be planned as create: got update`);
    expect(text).toMatch(/aws_s3_bucket_versioning\.\w+: is not in the plan/);
  });

  test("a provider that prints another schema than the kept one fails", async () => {
    const kept = schemas.map((each) =>
      each.source === "hashicorp/http" ? { ...each, version: "0.0.1" } : each,
    );
    const { text } = await run({ run: terraform(), mirror: fullMirror(), kept });
    expect(text).toContain("hashicorp/http: kept of 0.0.1, the provider is 3.5.0");
  });

  test("another version than the pinned one is said in the line and in the summary", async () => {
    const mirror = emptyMirror();
    addUnpacked(mirror, "hashicorp/aws", "5.100.0");
    const { lines } = await run({ run: terraform(), mirror });
    const what = "hashicorp/aws 5.100.0 in place of 6.22.1";
    expect(lines).toContainEqual(
      expect.stringMatching(
        `^passed +0.0 s {2}terraform 1.11.4: dev-backup with ${what}: init and validate$`,
      ),
    );
    expect(lines).toContain(`note: with ${what}, which the mirror lacks: dev-backup, prod-backup`);
  });

  describe("a mirror that is half filled", () => {
    const talos = { source: "siderolabs/talos", version: "0.11.0" };

    test("leaves out the stacks of a provider that does not start, and fails none", async () => {
      const broken = terraform({ "terraform-provider-talos_v0.11.0": {} });
      const { ok, lines } = await run({ run: broken, mirror: fullMirror() });
      expect(lines).toEqual(
        expect.arrayContaining([
          "left out: contract: siderolabs/talos 0.11.0 of the mirror: its program does not start: remove it, then npm run homelab -- providers",
          "left out: contract: dev-cluster: validate and plan: the mirror lacks siderolabs/talos 0.11.0: npm run homelab -- providers",
        ]),
      );
      expect(lines.filter((line) => /^failed.*cluster/.test(line))).toEqual([]);
      expect(ok).toBe(false); // The double plans nothing for the other stacks.
    });

    test("judges no stack by the schemas of some of its providers", async () => {
      const mirror = emptyMirror();
      addUnpacked(mirror, "hashicorp/http", "3.5.0");
      const { text } = await run({ run: terraform(), mirror });
      expect(text).toContain("hashicorp/http 3.5.0 prints the kept schema");
      expect(text).toMatch(
        /left out: contract: dev-platform: validate and plan: the mirror lacks .*hashicorp\/helm/,
      );
      expect(text).not.toMatch(/needs a provider|blocks by the whole schemas/);
    });

    test("an empty file is no provider", async () => {
      const mirror = fullMirror();
      writeFileSync(mirror.programOf(talos.source, talos.version), "");
      const { lines } = await run({ run: terraform(), mirror });
      expect(lines).toContain(
        "left out: contract: dev-cluster: validate and plan: the mirror lacks siderolabs/talos 0.11.0: npm run homelab -- providers",
      );
    });

    test("a version that nobody pinned refuses for itself", async () => {
      const mirror = fullMirror();
      writeFileSync(mirror.programOf(talos.source, talos.version), "");
      addUnpacked(mirror, talos.source, "0.7.0");
      const validate = {
        code: 1,
        stdout: JSON.stringify({
          diagnostics: [{ severity: "error", summary: "Unsupported", detail: "No." }],
        }),
      };
      const { lines } = await run({ run: terraform({ validate }), mirror });
      expect(lines).toContainEqual(
        expect.stringMatching(
          /^left out: contract: terraform 1.11.4: dev-cluster with siderolabs\/talos 0.7.0 in place of 0.11.0: validate and plan: no pinned version in the mirror: .*Unsupported.*: npm run homelab -- providers$/,
        ),
      );
      expect(lines.filter((line) => /^failed.*cluster.*validate/.test(line))).toEqual([]);
    });
  });

  describe("another version than the pinned one", () => {
    const HTTP = { source: "hashicorp/http", pinned: "3.5.0", other: "9.0.0" };
    const mirror = () => {
      const full = fullMirror();
      rmSync(dirname(dirname(dirname(full.programOf(HTTP.source, HTTP.pinned)))), { recursive: true });
      addUnpacked(full, HTTP.source, HTTP.other);
      return full;
    };

    test("does not judge what is kept of the pinned one", async () => {
      const { lines } = await run({ run: terraform(), mirror: mirror() });
      expect(lines).toContain(
        "left out: contract: the kept schema of hashicorp/http 3.5.0: the mirror has 9.0.0",
      );
      expect(lines).toContainEqual(expect.stringContaining("hashicorp/helm 3.1.1 prints the kept schema"));
      expect(lines).not.toContainEqual(expect.stringMatching(/hashicorp\/http .* prints the kept schema/));
    });

    test("does not replace what is kept of the pinned one", async () => {
      const keptIn = mkdtempSync(join(tmpdir(), "kept-"));
      await run({ run: terraform(), mirror: mirror(), updateSchemas: true, keptIn });
      expect(readdirSync(keptIn)).toContain("hashicorp-helm.json");
      expect(readdirSync(keptIn)).not.toContain("hashicorp-http.json");
    });

    test("is kept where nothing is kept of the pinned one", async () => {
      const keptIn = mkdtempSync(join(tmpdir(), "kept-"));
      const kept = schemas.filter(({ source }) => source !== HTTP.source);
      await run({ run: terraform(), mirror: mirror(), updateSchemas: true, keptIn, kept });
      expect(readFileSync(join(keptIn, "hashicorp-http.json"), "utf8")).toContain('"version": "9.0.0"');
    });
  });
});
