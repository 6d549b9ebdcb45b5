/** The filesystem mirror of real providers, outside the repository, read by Terraform and by OpenTofu. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { compare, major, valid } from "semver";
import { cacheDirectory } from "../programs/install-tool.ts";
import { ProviderAddress } from "./provider-address.ts";

/** Names the directory of another mirror, for instance one that several projects share. */
const VARIABLE = "TERRAFORM_PROVIDER_MIRROR";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** The platform of this machine, as providers name it, e.g. `linux_amd64`. */
export const PROVIDER_PLATFORM = `${process.platform}_${ARCHITECTURES[process.arch] ?? process.arch}`;

/** A version of a provider that a mirror can give. */
export interface MirroredVersion {
  readonly version: string;
  /** False when the mirror lacks the version that was asked for, and this is the one nearest to it. */
  readonly exact: boolean;
}

/**
 * A filesystem mirror of providers, in either layout that Terraform reads: unpacked
 * (`HOST/NAMESPACE/TYPE/VERSION/PLATFORM/`) or packed (`HOST/NAMESPACE/TYPE/terraform-provider-TYPE_VERSION_PLATFORM.zip`).
 *
 *     const mirror = ProviderMirror.ofMachine();
 *     if (mirror.offers("alekc/kubectl", "2.4.1")) writeFileSync("terraformrc", mirror.cliConfiguration());
 *
 * `npm run homelab -- providers` fills it.
 */
export class ProviderMirror {
  constructor(readonly directory: string) {}

  /** The mirror that `TERRAFORM_PROVIDER_MIRROR` names, otherwise the one beside the tools that checks build. */
  static ofMachine(variables?: NodeJS.ProcessEnv, home?: string): ProviderMirror {
    const { [VARIABLE]: named } = variables ?? process.env;
    return new ProviderMirror(named || join(cacheDirectory(variables, home), "provider-mirror"));
  }

  /** Versions of a provider for this machine, oldest first. */
  versions(source: string): string[] {
    const { host, namespace, type } = ProviderAddress.parse(source);
    const directory = join(this.directory, host, namespace, type);
    const packed = new RegExp(`^terraform-provider-${type}_(.+)_${PROVIDER_PLATFORM}\\.zip$`);
    return namesIn(directory)
      .flatMap((name) => {
        const zipped = packed.exec(name)?.[1];
        if (zipped) return [zipped];
        return namesIn(join(directory, name, PROVIDER_PLATFORM)).some((file) =>
          file.startsWith("terraform-provider-"),
        )
          ? [name]
          : [];
      })
      .filter((version) => valid(version))
      .sort(compare);
  }

  /** True when the mirror has exactly this version of a provider. */
  offers(source: string, version: string): boolean {
    return this.versions(source).includes(version);
  }

  /**
   * The version asked for; otherwise the newest with the same major version, otherwise the newest. Undefined when
   * the mirror does not have the provider at all.
   */
  nearest(source: string, version: string): MirroredVersion | undefined {
    const versions = this.versions(source);
    if (versions.includes(version)) return { version, exact: true };
    const related = versions.filter((each) => major(each) === major(version));
    const newest = (related.length > 0 ? related : versions).at(-1);
    return newest === undefined ? undefined : { version: newest, exact: false };
  }

  /** Path of a provider's program in the unpacked layout. */
  programOf(source: string, version: string): string {
    const { host, namespace, type } = ProviderAddress.parse(source);
    return join(
      this.directory,
      host,
      namespace,
      type,
      version,
      PROVIDER_PLATFORM,
      `terraform-provider-${type}_v${version}`,
    );
  }

  /** A configuration of the command line (`TF_CLI_CONFIG_FILE`) that takes providers from here and nowhere else. */
  cliConfiguration(): string {
    return `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(this.directory)}\n  }\n}\n`;
  }
}

const namesIn = (directory: string): string[] => {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
};

/** Path of the OpenTofu that `npm run homelab -- providers` installs: beside the mirror. */
export const openTofuProgram = ({ directory }: ProviderMirror): string =>
  join(dirname(directory), "bin", "tofu");
