/** The encryption of volumes, as a machine's configuration says it. */
import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import type { DiskEncryption } from "../../environments/disk-encryption.ts";

const PASSPHRASE = "disk_encryption_passphrase";

type Keys = DiskEncryption["state"];

interface Encryption {
  readonly provider: "luks2";
  readonly keys: readonly {
    readonly slot: number;
    readonly tpm?: { readonly checkSecurebootStatusOnEnroll: boolean };
    readonly static?: { readonly passphrase: string };
  }[];
}

/** `machine.systemDiskEncryption`, in place of which later versions have VolumeConfig documents. */
export interface SystemDiskEncryption {
  readonly state: Encryption;
  readonly ephemeral?: Encryption;
}

const volume = (keys: Keys, secureBoot: boolean): Encryption => ({
  provider: "luks2",
  keys: [
    ...(keys === "static" ? [] : [{ slot: 0, tpm: { checkSecurebootStatusOnEnroll: secureBoot } }]),
    ...(keys === "tpm" ? [] : [{ slot: 1, static: { passphrase: `\${var.${PASSPHRASE}}` } }]),
  ],
});

/** @param secureBoot true for a machine that boots with secure boot: then no key is made while it does not */
export const systemDiskEncryption = (
  { state, ephemeral }: DiskEncryption,
  secureBoot: boolean,
): SystemDiskEncryption => ({
  state: volume(state, secureBoot),
  ...(ephemeral && { ephemeral: volume(ephemeral, secureBoot) }),
});

/** Asks for the passphrase where a volume has one: `TF_VAR_disk_encryption_passphrase`. */
export const passphraseVariable = (scope: Construct, { state, ephemeral }: DiskEncryption): void => {
  if ([state, ephemeral].every((keys) => keys === undefined || keys === "tpm")) return;
  new TerraformVariable(scope, "disk-encryption-passphrase", {
    type: "string",
    sensitive: true,
    nullable: false,
    description: "Passphrase of the machines' encrypted volumes: openssl rand -base64 32",
    validation: [
      {
        condition: `\${can(regex("^[A-Za-z0-9+/=_-]{32,}$", var.${PASSPHRASE}))}`,
        errorMessage: `${PASSPHRASE}: must have at least 32 characters of base64, as openssl rand -base64 32 gives.`,
      },
    ],
  }).overrideLogicalId(PASSPHRASE);
};
