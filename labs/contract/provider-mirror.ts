/** The filesystem mirror of real providers, outside the repository, read by Terraform and by OpenTofu. */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { compare, major, valid } from "semver";
import type { RunCommand } from "../../lib/core/process/command.ts";
import { cacheDirectory } from "../programs/install-tool.ts";
import { ProviderAddress } from "./provider-address.ts";

/** Names the directory of another mirror, for instance one that several projects share. */
const VARIABLE = "TERRAFORM_PROVIDER_MIRROR";

/** Words of a provider that somebody starts by hand. Source: hashicorp/go-plugin, `server.go`. */
const HANDSHAKE = /This binary is a plugin/;
const START = 20_000;

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
  /** @param broken programs that are left out, by their paths: see `withoutBroken` */
  constructor(
    readonly directory: string,
    private readonly broken: ReadonlySet<string> = new Set(),
  ) {}

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
        if (zipped) return isWhole(join(directory, name)) ? [zipped] : [];
        const unpacked = join(directory, name, PROVIDER_PLATFORM);
        return namesIn(unpacked).some(
          (file) => file.startsWith("terraform-provider-") && statSync(join(unpacked, file)).size > 0,
        )
          ? [name]
          : [];
      })
      .filter((version) => valid(version) && !this.broken.has(this.programOf(source, version)))
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

  /**
   * The mirror without programs that do not start, e.g. because a download was broken off: Terraform would say of each
   * stack that uses one that it cannot be validated. Names what it leaves out.
   */
  async withoutBroken(
    run: RunCommand,
    sources: readonly string[],
  ): Promise<{ readonly mirror: ProviderMirror; readonly broken: readonly string[] }> {
    const programs = [...new Set(sources)]
      .flatMap((source) => this.versions(source).map((version) => `${source} ${version}`))
      .map((name) => ({ name, program: this.programOf(...(name.split(" ") as [string, string])) }))
      .filter(({ program }) => existsSync(program));
    const broken: typeof programs = [];
    for (const each of programs) {
      const { stdout, stderr } = await run(each.program, [], { timeout: START });
      if (!HANDSHAKE.test(`${stdout}${stderr}`)) broken.push(each);
    }
    return {
      mirror: new ProviderMirror(this.directory, new Set(broken.map(({ program }) => program))),
      broken: broken.map(({ name }) => name),
    };
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

/** The end of a zip file's directory begins so; a comment may follow, of up to this many bytes. */
const END_OF_ZIP = Buffer.from("PK\x05\x06", "latin1");
const LONGEST_COMMENT = 65_557;

/** True when the directory of a zip file is there, which stands at its end. */
const isWhole = (path: string): boolean => {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const end = Buffer.alloc(Math.min(size, LONGEST_COMMENT));
    readSync(file, end, 0, end.length, size - end.length);
    return end.includes(END_OF_ZIP);
  } finally {
    closeSync(file);
  }
};

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
