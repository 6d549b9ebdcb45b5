/** Encryption of the volumes on the machines' system disks. */
import * as z from "zod";

/**
 * Keys: `tpm` is sealed by the machine's own TPM, `static` is a passphrase from the sensitive variable
 * `disk_encryption_passphrase`, and `tpm-and-static` has the passphrase as a second key, which opens the volume when
 * the TPM or its mainboard is gone.
 *
 * Source: https://docs.siderolabs.com/talos/v1.14/configure-your-talos-cluster/storage-and-disk-management/disk-encryption
 */
export const diskEncryption = z.strictObject({
  /** STATE holds the configuration and its secrets: a passphrase for it would lie beside it, in clear, so it is refused. */
  state: z.enum(["tpm", "static", "tpm-and-static"]),
  /** EPHEMERAL holds etcd, images and the volumes of `local-path`. @default - not encrypted */
  ephemeral: z.enum(["tpm", "static", "tpm-and-static"]).optional(),
});

export type DiskEncryption = z.output<typeof diskEncryption>;
