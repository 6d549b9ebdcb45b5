import { createHash } from "node:crypto";
import { stringify } from "yaml";

const FACTORY = "factory.talos.dev";

/**
 * A Talos image made to order by the Image Factory: which system extensions it holds. Immutable.
 *
 * Its id is the SHA-256 of its canonical YAML, so it is known before the factory is asked; the order and
 * repetition of extensions do not matter.
 *
 * Refused: an extension that is not an official one, `siderolabs/<name>`.
 *
 * Source: https://github.com/siderolabs/image-factory#post-schematics
 */
export class Schematic {
  /** Official extensions, sorted, each once. */
  readonly extensions: readonly string[];
  /** The schematic as the factory writes it. */
  readonly yaml: string;
  readonly id: string;

  private constructor(extensions: readonly string[]) {
    const systemExtensions = { officialExtensions: extensions };
    this.extensions = extensions;
    this.yaml = stringify(
      { customization: extensions.length > 0 ? { systemExtensions } : {} },
      { indent: 4, lineWidth: 0 },
    );
    this.id = createHash("sha256").update(this.yaml).digest("hex");
  }

  /** @param extensions names as the factory lists them, e.g. `siderolabs/iscsi-tools` */
  static withExtensions(extensions: readonly string[]): Schematic {
    for (const extension of extensions) {
      if (!/^siderolabs\/[a-z0-9-]+$/.test(extension)) {
        throw new RangeError(
          `must be an official extension, siderolabs/<name>: got ${JSON.stringify(extension)}`,
        );
      }
    }
    return new Schematic([...new Set(extensions)].sort());
  }

  /**
   * The installer image for machines that boot by themselves, without a cloud.
   *
   * @param talosVersion e.g. `v1.12.4`
   * @param secureBoot for a machine that boots with secure boot @default false
   */
  installerImage(talosVersion: string, secureBoot = false): string {
    return `${FACTORY}/metal-installer${secureBoot ? "-secureboot" : ""}/${this.id}:${talosVersion}`;
  }
}
