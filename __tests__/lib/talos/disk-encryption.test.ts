import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { machineConfigurationPatches } from "../../../lib/talos/patches.ts";
import { configurationDrift } from "../../../operations/talos/configuration-drift.ts";
import { problems } from "../../environments/lab.ts";
import { cluster, IMAGE, node, synthCluster } from "./clusters.ts";

const machine = node("daisy", 165, { role: "worker", secureBoot: true });
const BOTH = { state: "tpm", ephemeral: "tpm-and-static" } as const;
const TPM = { slot: 0, tpm: { checkSecurebootStatusOnEnroll: true } };
const STATIC = { slot: 1, static: { passphrase: "${var.disk_encryption_passphrase}" } };

const patches = (talosVersion: string): string[] =>
  machineConfigurationPatches(cluster({ talosVersion, diskEncryption: BOTH }))(machine, IMAGE);

test("Talos 1.12 has a field for it, later versions documents", () => {
  const older = patches("v1.12.4").map((text) => parse(text));
  expect(older.find((each) => each.machine).machine.systemDiskEncryption).toEqual({
    state: { provider: "luks2", keys: [TPM] },
    ephemeral: { provider: "luks2", keys: [TPM, STATIC] },
  });
  for (const version of ["v1.13.9", "v1.14.1"])
    expect(
      patches(version)
        .map((text) => parse(text))
        .filter(({ kind }) => kind === "VolumeConfig"),
    ).toEqual([
      expect.objectContaining({ name: "STATE", encryption: { provider: "luks2", keys: [TPM] } }),
      expect.objectContaining({ name: "EPHEMERAL", encryption: { provider: "luks2", keys: [TPM, STATIC] } }),
    ]);
});

test("the passphrase is a sensitive variable, and only where a volume has one", () => {
  const { variable } = synthCluster(cluster({ diskEncryption: BOTH })) as { variable?: object };
  expect(variable).toMatchObject({ disk_encryption_passphrase: { sensitive: true, nullable: false } });
  expect(synthCluster(cluster({ diskEncryption: { state: "tpm" } }))).not.toHaveProperty("variable");
  expect(JSON.stringify(synthCluster(cluster()))).not.toContain("ncryption_passphrase");
});

test("drift never shows the passphrase that runs", () => {
  const written = patches("v1.13.9").filter((text) => !text.startsWith("cluster:"));
  const running = written.join("---\n").replace("${var.disk_encryption_passphrase}", "hidden-passphrase");
  expect(configurationDrift(running, written)).toEqual([]);
});

describe("an environment", () => {
  const risk = /must be true with diskEncryption/;

  test.each(["static", "tpm-and-static"])("a %s key of STATE is refused", (state) => {
    expect(problems({ diskEncryption: { state } }).filter((line) => !risk.test(line))).toEqual([
      `diskEncryption.state: must be tpm: Talos writes the passphrase of STATE in clear beside it, into META, and STATE holds that of EPHEMERAL: got "${state}"`,
    ]);
  });

  test("a passphrase of EPHEMERAL with STATE in clear is refused", () => {
    expect(problems({ diskEncryption: { ephemeral: "static" } }).join("\n")).toContain(
      "diskEncryption.state",
    );
  });

  test("a node without secure boot needs an accepted risk", () => {
    const said = problems({ diskEncryption: BOTH });
    expect(said).toHaveLength(4);
    expect(said[0]).toContain("disk-encryption-without-secure-boot-ada");
    const secure = Object.fromEntries([0, 1, 2, 3].map((at) => [`nodes.${at}.secureBoot`, true]));
    expect(problems({ diskEncryption: BOTH, ...secure })).toEqual([]);
  });
});
